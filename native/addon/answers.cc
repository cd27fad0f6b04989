// See answers.h.
#include "answers.h"

namespace tiergate {
namespace {

napi_value floats(napi_env env, const Buffer<float>& from) {
  void* data = nullptr;
  napi_value buffer, out = nullptr;
  const size_t bytes = from.size() * sizeof(float);
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok) return nullptr;
  if (bytes > 0) memcpy(data, from.data(), bytes);
  return napi_create_typedarray(env, napi_float32_array, from.size(), buffer, 0, &out) == napi_ok ? out : nullptr;
}

const char* words_of(Status status) {
  switch (status) {
    case Status::done: return nullptr;
    case Status::cancelled: return "cancelled";
    case Status::late: return "late";
    case Status::no_memory: return "no memory";
    case Status::not_finite: return "not finite";
  }
  return "unknown";
}

// Null, with an exception pending, if JavaScript has no memory left or is being ended.
napi_value result_of(napi_env env, const EncodeJob& job) {
  if (job.layer != kNoLayer) return floats(env, job.states);
  napi_value result;
  if (napi_create_object(env, &result) != napi_ok) return nullptr;
  const struct { const char* name; const Buffer<float>& values; } fields[] = {
      {"vectors", job.vectors}, {"sentence", job.sentence}, {"tokens", job.token}};
  for (const auto& [name, values] : fields) {
    napi_value array = floats(env, values);
    if (array == nullptr || napi_set_named_property(env, result, name, array) != napi_ok) return nullptr;
  }
  return result;
}

}  // namespace

void answer(napi_env env, const EncodeJob& job, napi_ref callback) {
  napi_value function, undefined, arguments[2];
  const char* problem = words_of(job.status);
  if (napi_get_reference_value(env, callback, &function) != napi_ok || function == nullptr ||
      napi_get_undefined(env, &undefined) != napi_ok || napi_get_null(env, &arguments[0]) != napi_ok)
    return;
  arguments[1] = arguments[0];
  if (problem != nullptr) {
    if (napi_create_string_utf8(env, problem, NAPI_AUTO_LENGTH, &arguments[0]) != napi_ok) return;
  } else {
    arguments[1] = result_of(env, job);
    if (arguments[1] == nullptr) return;
  }
  // What the callback throws is an uncaught exception, as with any callback. N-API of version 8 would swallow it.
  napi_value thrown;
  if (napi_call_function(env, undefined, function, 2, arguments, nullptr) == napi_pending_exception &&
      napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
    napi_fatal_exception(env, thrown);
}

}  // namespace tiergate
