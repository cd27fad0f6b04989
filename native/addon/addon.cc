// The engine as Node sees it. Its surface is typed in src/engine/native/addon.ts; only this folder knows N-API.
//
// Nothing here takes long on JavaScript's thread but `createEngine`, which packs the weights. Texts run on the engine's
// own threads, and their answers come back through a thread-safe function, one for each engine.
#include <new>

#include "adapters.h"
#include "answers.h"
#include "options.h"
#include "products.h"

namespace tiergate {
namespace {

// Most tokens of one call, and the longest deadline: about eleven days.
constexpr size_t kRowsMax = 65536;
constexpr double kDeadlineMsMax = 1e9;

// Tells our engines from other objects that somebody calls our functions on.
constexpr napi_type_tag kEngineTag = {0x7469657267617465, 0x656e67696e652d31};

// One engine in JavaScript. It is held by its object, by the thread-safe function and by every job that is under way,
// and freed when all have let go; that happens on JavaScript's thread, so nothing here is atomic.
struct Handle {
  Engine engine;
  napi_env env = nullptr;
  napi_threadsafe_function tell = nullptr;
  napi_ref object = nullptr;
  int under_way = 0;
  int holders = 0;
};

// What a job knows of its caller.
struct Caller {
  Handle* handle;
  napi_ref callback;
};

void let_go(Handle* handle) {
  if (--handle->holders > 0) return;
  handle->~Handle();
  free(handle);
}

// Joins the engine's threads. Answers that are on their way still arrive.
void close_engine(Handle* handle) {
  if (handle->engine.closed) return;
  handle->engine.close();
  napi_release_threadsafe_function(handle->tell, napi_tsfn_release);
}

// The end of the environment, such as that of a worker thread: afterwards its memory and this code may be gone.
void on_environment_end(void* handle) { close_engine(static_cast<Handle*>(handle)); }

void on_collected(napi_env env, void* data, void*) {
  Handle* handle = static_cast<Handle*>(data);
  close_engine(handle);
  napi_remove_env_cleanup_hook(env, on_environment_end, handle);
  napi_delete_reference(env, handle->object);
  let_go(handle);
}

void on_told_all(napi_env, void*, void* handle) { let_go(static_cast<Handle*>(handle)); }

// On one of the engine's threads.
void on_done(EncodeJob* job) {
  const Handle* handle = static_cast<Caller*>(job->user)->handle;
  napi_call_threadsafe_function(handle->tell, job, napi_tsfn_nonblocking);
}

// On JavaScript's thread. `env` is null when JavaScript has ended: then there is nobody to answer.
void on_answer(napi_env env, napi_value, void*, void* data) {
  EncodeJob* job = static_cast<EncodeJob*>(data);
  Caller* caller = static_cast<Caller*>(job->user);
  Handle* handle = caller->handle;
  if (env != nullptr) {
    if (--handle->under_way == 0) {
      napi_unref_threadsafe_function(env, handle->tell);
      napi_reference_unref(env, handle->object, nullptr);
    }
    answer(env, *job, caller->callback);
    napi_delete_reference(env, caller->callback);
  }
  handle->engine.free_job(job);
  free(caller);
  let_go(handle);
}

struct Call {
  Reader read;
  size_t count = 6;
  napi_value arguments[6], self;
  Handle* handle = nullptr;

  Call(napi_env env, napi_callback_info info) : read(env) {
    napi_get_cb_info(env, info, &count, arguments, &self, nullptr);
  }
  bool on_engine(napi_env env) {
    bool ours = false;
    void* data = nullptr;
    if (napi_check_object_type_tag(env, self, &kEngineTag, &ours) != napi_ok || !ours ||
        napi_unwrap(env, self, &data) != napi_ok)
      return read.refuse("this", "must be an engine");
    handle = static_cast<Handle*>(data);
    return true;
  }
};

// What is asked of the engine.
struct Question {
  Batch batch;
  int threads;
  double deadline_ms = 0;
  int layer = kNoLayer;
  Adapter* adapter = nullptr;
  napi_value callback;
};

// The job's number; null with an exception pending.
napi_value submit(napi_env env, Call& call, const Question& asked) {
  Handle* handle = call.handle;
  napi_value id;
  Caller* caller = static_cast<Caller*>(calloc(1, sizeof(Caller)));
  EncodeJob* job = caller == nullptr ? nullptr
                                     : handle->engine.new_job(asked.batch, asked.threads, asked.deadline_ms, asked.layer,
                                                              asked.adapter);
  if (job == nullptr || napi_create_reference(env, asked.callback, 1, &caller->callback) != napi_ok ||
      napi_create_int64(env, job->id, &id) != napi_ok) {
    if (job != nullptr) handle->engine.free_job(job);
    free(caller);
    return call.read.refuse("the texts", "need more memory than there is"), nullptr;
  }
  caller->handle = handle;
  job->user = caller;
  handle->holders += 1;
  // Neither the engine nor the process goes away while somebody waits for an answer.
  if (handle->under_way++ == 0) {
    napi_reference_ref(env, handle->object, nullptr);
    napi_ref_threadsafe_function(env, handle->tell);
  }
  handle->engine.submit(job);
  return id;
}

// The arguments that come first, and the callback. No JavaScript runs. False with an exception pending.
bool read_texts(napi_env env, Call& call, napi_value callback, Question* out) {
  Reader& read = call.read;
  void *ids, *lengths;
  size_t rows, texts;
  napi_valuetype type;
  if (!call.on_engine(env)) return false;
  if (call.handle->engine.closed) return read.refuse("the engine", "is closed");
  if (!read.whole(call.arguments[2], "threads", 1, kThreadsMax, &out->threads) ||
      !read.values(call.arguments[0], "ids", napi_int32_array, &ids, &rows) ||
      !read.values(call.arguments[1], "lengths", napi_int32_array, &lengths, &texts))
    return false;
  if (napi_typeof(env, callback, &type) != napi_ok || type != napi_function)
    return read.refuse("callback", "must be a function");
  out->callback = callback;
  // A text has a token at least, so the bound holds for both, and `int` is wide enough.
  if (rows > kRowsMax || texts > kRowsMax) return read.refuse("ids", "has too many elements");
  out->batch = {static_cast<int32_t*>(ids), static_cast<int32_t*>(lengths), static_cast<int>(texts),
                static_cast<int>(rows)};
  const char* problem = check_batch(*call.handle->engine.model, out->batch);
  if (problem != nullptr) napi_throw_range_error(env, nullptr, problem);
  return problem == nullptr;
}

// encode(ids, lengths, threads, deadlineMs, adapter, callback): number
napi_value encode_texts(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Question asked;
  if (!read_texts(env, call, call.arguments[5], &asked) ||
      !call.read.number(call.arguments[3], "deadlineMs", 0, kDeadlineMsMax, &asked.deadline_ms) ||
      !unwrap_adapter(call.read, env, call.arguments[4], call.handle->engine, &asked.adapter))
    return nullptr;
  return submit(env, call, asked);
}

// readStates(ids, lengths, threads, layer, callback): number
napi_value read_states_before(napi_env env, napi_callback_info info) {
  Call call(env, info);
  Question asked;
  if (!read_texts(env, call, call.arguments[4], &asked) ||
      !call.read.whole(call.arguments[3], "layer", 0, call.handle->engine.model->config.layers, &asked.layer))
    return nullptr;
  return submit(env, call, asked);
}

// loadAdapter(options): NativeAdapter
napi_value load_adapter_of(napi_env env, napi_callback_info info) {
  Call call(env, info);
  if (!call.on_engine(env)) return nullptr;
  Adapter* adapter = read_adapter(call.read, env, call.arguments[0], call.handle->engine);
  return adapter == nullptr ? nullptr : wrap_adapter(call.read, env, adapter);
}

// cancel(job): void
napi_value cancel_job(napi_env env, napi_callback_info info) {
  Call call(env, info);
  double id;
  if (call.on_engine(env) && call.read.number(call.arguments[0], "job", 0, 9e15, &id))
    call.handle->engine.cancel(static_cast<int64_t>(id));
  return nullptr;
}

// close(): void
napi_value close(napi_env env, napi_callback_info info) {
  Call call(env, info);
  if (call.on_engine(env)) close_engine(call.handle);
  return nullptr;
}

// The object around an opened engine. Null, with an exception pending or JavaScript ending, when it cannot be made.
napi_value wrap(napi_env env, Handle* handle) {
  const napi_property_descriptor methods[] = {
      {"encode", nullptr, encode_texts, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"readStates", nullptr, read_states_before, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"loadAdapter", nullptr, load_adapter_of, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"cancel", nullptr, cancel_job, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"close", nullptr, close, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_value object, name;
  if (napi_create_object(env, &object) != napi_ok || napi_define_properties(env, object, 5, methods) != napi_ok ||
      napi_type_tag_object(env, object, &kEngineTag) != napi_ok ||
      napi_create_string_utf8(env, "tiergate.engine", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, on_told_all, handle, on_answer,
                                      &handle->tell) != napi_ok)
    return nullptr;
  handle->holders += 1;
  napi_unref_threadsafe_function(env, handle->tell);
  if (napi_wrap(env, object, handle, on_collected, nullptr, &handle->object) != napi_ok) {
    close_engine(handle);
    return nullptr;
  }
  handle->holders += 1;
  // Hooks run in the reverse order of their adding: ours before that of the thread-safe function.
  napi_add_env_cleanup_hook(env, on_environment_end, handle);
  return object;
}

// createEngine(options): NativeEngine
napi_value create_engine(napi_env env, napi_callback_info info) {
  Call call(env, info);
  int threads;
  Model* model = read_model(call.read, env, call.arguments[0], &threads);
  if (model == nullptr) return nullptr;
  void* memory = malloc(sizeof(Handle));
  if (memory == nullptr) {
    free_model(model);
    return call.read.refuse("the engine", "needs more memory than there is"), nullptr;
  }
  Handle* handle = new (memory) Handle;
  handle->env = env;
  handle->holders = 1;
  handle->engine.done = on_done;
  napi_value object = nullptr;
  if (!handle->engine.open(model, threads)) call.read.refuse("threads", "cannot be started");
  else object = wrap(env, handle);
  let_go(handle);
  return object;
}

// kernels(): { name, supported }[]
napi_value list_kernels(napi_env env, napi_callback_info) {
  napi_value list;
  if (napi_create_array(env, &list) != napi_ok) return nullptr;
  const Kernel* const* kernels = all_kernels();
  for (uint32_t i = 0; kernels[i] != nullptr; ++i) {
    napi_value kernel, name, supported;
    if (napi_create_object(env, &kernel) != napi_ok ||
        napi_create_string_utf8(env, kernels[i]->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_get_boolean(env, kernels[i]->supported(), &supported) != napi_ok ||
        napi_set_named_property(env, kernel, "name", name) != napi_ok ||
        napi_set_named_property(env, kernel, "supported", supported) != napi_ok ||
        napi_set_element(env, list, i, kernel) != napi_ok)
      return nullptr;
  }
  return list;
}

}  // namespace
}  // namespace tiergate

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"kernels", nullptr, tiergate::list_kernels, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"createEngine", nullptr, tiergate::create_engine, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"timesTransposedOn", nullptr, tiergate::times_transposed_on, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 3, functions);
  return exports;
}
