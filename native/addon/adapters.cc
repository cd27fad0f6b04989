#include "adapters.h"

namespace tiergate {
namespace {

// Tells adapters from other objects.
constexpr napi_type_tag kAdapterTag = {0x7469657267617465, 0x6164617074657231};

// The garbage collector sees a small object; this is how it learns of what hangs on it.
void tell_memory(napi_env env, int64_t bytes) {
  int64_t now;
  napi_adjust_external_memory(env, bytes, &now);
}

void on_collected(napi_env env, void* data, void*) {
  Adapter* adapter = static_cast<Adapter*>(data);
  tell_memory(env, -static_cast<int64_t>(adapter->bytes));
  let_go(adapter);
}

}  // namespace

napi_value wrap_adapter(Reader& read, napi_env env, Adapter* adapter) {
  napi_value object;
  if (napi_create_object(env, &object) != napi_ok || napi_type_tag_object(env, object, &kAdapterTag) != napi_ok ||
      napi_wrap(env, object, adapter, on_collected, nullptr, nullptr) != napi_ok) {
    let_go(adapter);
    return read.refuse("the adapter", "needs more memory than there is"), nullptr;
  }
  tell_memory(env, static_cast<int64_t>(adapter->bytes));
  return object;
}

bool unwrap_adapter(Reader& read, napi_env env, napi_value from, const Engine& engine, Adapter** out) {
  napi_valuetype type = napi_undefined;
  bool ours = false;
  void* data = nullptr;
  *out = nullptr;
  if (napi_typeof(env, from, &type) == napi_ok && type == napi_null) return true;
  if (type != napi_object || napi_check_object_type_tag(env, from, &kAdapterTag, &ours) != napi_ok || !ours ||
      napi_unwrap(env, from, &data) != napi_ok || static_cast<Adapter*>(data)->engine != engine.serial)
    return read.refuse("adapter", "must be null, or one that this engine has loaded");
  *out = static_cast<Adapter*>(data);
  return true;
}

}  // namespace tiergate
