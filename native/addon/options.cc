// From the options of `createEngine` to a model, and from those of `loadAdapter` to an adapter.
#include "options.h"

namespace tiergate {
namespace {

constexpr int kTensorsMax = 4096, kHeadsMax = 64, kLabelsMax = 4096, kRanksMax = 3;

struct TensorSource {
  char name[kNameBytes];
  napi_value data;
};
struct HeadName {
  char text[kNameBytes];
};

bool read_config(Reader& read, napi_value from, Config* out) {
  return read.whole(from, "layers", &out->layers) && read.whole(from, "hidden", &out->hidden) &&
         read.whole(from, "heads", &out->heads) && read.whole(from, "intermediate", &out->intermediate) &&
         read.whole(from, "vocabulary", &out->vocabulary) && read.whole(from, "positions_max", &out->positions_max) &&
         read.choice(from, "norm", "post", "pre", &out->norm) &&
         read.choice(from, "activation", "gelu", "geglu", &out->activation) &&
         read.choice(from, "positions", "learned", "rotary", &out->positions) &&
         read.choice(from, "pooling", "mean", "cls", &out->pooling) &&
         read.real(from, "norm_epsilon", &out->norm_epsilon) &&
         read.real(from, "rope_theta_global", &out->rope_theta_global) &&
         read.real(from, "rope_theta_local", &out->rope_theta_local) &&
         read.whole(from, "local_window", &out->local_window) && read.whole(from, "global_every", &out->global_every);
}

bool read_tensor(Reader& read, napi_value from, TensorSource* source, Tensor* out) {
  napi_value shape, value;
  uint32_t rank;
  char dtype[kNameBytes];
  if (!read.text(from, "name", source->name, kNameBytes) || !read.text(from, "dtype", dtype, sizeof dtype)) return false;
  if (strcmp(dtype, "F32") == 0) out->dtype = Dtype::f32;
  else if (strcmp(dtype, "I8") == 0) out->dtype = Dtype::i8;
  else if (strcmp(dtype, "U8") == 0) out->dtype = Dtype::u8;
  else return read.refuse("dtype", "must be F32, I8 or U8");
  if (!read.list(from, "shape", kRanksMax, &shape, &rank)) return false;
  for (uint32_t i = 0; i < rank; ++i) {
    int size;
    if (!read.at(shape, i, &value) || !read.whole(value, "shape", 0, INT32_MAX, &size)) return false;
    out->shape[i] = size;
  }
  out->name = source->name;
  out->rank = static_cast<int>(rank);
  return read.get(from, "data", &source->data);
}

bool read_tensors(Reader& read, napi_value options, Buffer<TensorSource>& sources, Buffer<Tensor>& out) {
  napi_value list, element;
  uint32_t count;
  if (!read.list(options, "tensors", kTensorsMax, &list, &count)) return false;
  if (!sources.resize(count) || !out.resize(count)) return read.refuse("tensors", "need more memory than there is");
  for (uint32_t i = 0; i < count; ++i)
    if (!read.at(list, i, &element) || !read_tensor(read, element, &sources[i], &out[i])) return false;
  return true;
}

// Last of all, as no JavaScript runs from here on that could move or free the bytes.
bool read_bytes(Reader& read, const Buffer<TensorSource>& sources, Buffer<Tensor>& out) {
  for (size_t i = 0; i < out.size(); ++i) {
    void* data;
    if (!read.values(sources[i].data, "data", napi_uint8_array, &data, &out[i].bytes)) return false;
    out[i].data = static_cast<const uint8_t*>(data);
  }
  return true;
}

bool read_heads(Reader& read, napi_value options, Buffer<HeadName>& names, Buffer<HeadSource>& out) {
  napi_value list, element, labels;
  uint32_t count;
  if (!read.list(options, "heads", kHeadsMax, &list, &count)) return false;
  if (!names.resize(count) || !out.resize(count)) return read.refuse("heads", "need more memory than there is");
  for (uint32_t i = 0; i < count; ++i) {
    out[i].name = names[i].text;
    if (!read.at(list, i, &element) || !read.text(element, "name", names[i].text, kNameBytes) ||
        !read.choice(element, "kind", "sentence", "token", &out[i].kind) || !read.get(element, "labels", &labels) ||
        !read.whole(labels, "labels", 1, kLabelsMax, &out[i].labels))
      return false;
  }
  return true;
}

}  // namespace

bool read_kernel(Reader& read, napi_value options, const Kernel** out) {
  char name[kNameBytes];
  if (!read.text(options, "kernel", name, sizeof name)) return false;
  *out = find_kernel(name);
  if (*out == nullptr) return read.refuse(name, "is no kernel of this binary");
  return (*out)->supported() || read.refuse(name, "cannot run on this processor");
}

Model* read_model(Reader& read, napi_env env, napi_value options, int* threads) {
  napi_value config_value, threads_value;
  Config config = {};
  const Kernel* kernel;
  Buffer<TensorSource> sources;
  Buffer<Tensor> tensors;
  Buffer<HeadName> names;
  Buffer<HeadSource> heads;
  if (!read.get(options, "config", &config_value) || !read_config(read, config_value, &config) ||
      !read.get(options, "threads", &threads_value) || !read.whole(threads_value, "threads", 1, kThreadsMax, threads) ||
      !read_kernel(read, options, &kernel) || !read_heads(read, options, names, heads) ||
      !read_tensors(read, options, sources, tensors) || !read_bytes(read, sources, tensors))
    return nullptr;
  Problem problem = {};
  Model* model = load_model(config, tensors.data(), tensors.size(), heads.data(), heads.size(), kernel, &problem);
  if (model == nullptr) napi_throw_error(env, nullptr, problem.text);
  return model;
}

Adapter* read_adapter(Reader& read, napi_env env, napi_value options, const Engine& engine) {
  Buffer<TensorSource> sources;
  Buffer<Tensor> tensors;
  if (!read_tensors(read, options, sources, tensors) || !read_bytes(read, sources, tensors)) return nullptr;
  // Getters of the tensors may have closed it.
  if (engine.closed) return read.refuse("the engine", "is closed"), nullptr;
  Problem problem = {};
  Adapter* adapter = load_adapter(*engine.model, tensors.data(), tensors.size(), &problem);
  if (adapter == nullptr) napi_throw_error(env, nullptr, problem.text);
  else adapter->engine = engine.serial;
  return adapter;
}

}  // namespace tiergate
