// Models with random weights, as tensors: for tests and measurements that need no pack.
#pragma once
#include <stdio.h>

#include <string>
#include <vector>

#include "../engine/encoder.h"

namespace tiergate {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 2654435761u + 1) {}
  uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return uint32_t(state_ >> 32);
  }
  int whole(int low, int high) { return low + int(next() % uint32_t(high - low + 1)); }
  float real(float low, float high) { return low + (high - low) * float(next() >> 8) / 16777216.0f; }
  // About normal, of deviation 1.
  float normal() { return real(-1, 1) + real(-1, 1) + real(-1, 1); }

 private:
  uint64_t state_;
};

enum class Kind { int4, int8, ternary };

struct RandomModel {
  Config config;
  std::vector<HeadSource> heads;
  std::vector<std::string> names;
  std::vector<std::vector<uint8_t>> data;
  std::vector<Tensor> shapes;

  explicit RandomModel(const Config& of, Kind kind = Kind::int4, uint64_t seed = 1) : config(of), random_(seed) {
    const int H = of.hidden, I = of.intermediate;
    words();
    if (of.positions == Positions::learned) floats("embeddings.position", {of.positions_max, H}, 0.3f);
    norm("embeddings.norm");
    for (int i = 0; i < of.layers; i++) {
      const std::string layer = "layers." + std::to_string(i) + ".";
      linear(layer + "qkv", 3 * H, H, kind);
      linear(layer + "out", H, H, kind);
      linear(layer + "up", of.activation == Activation::geglu ? 2 * I : I, H, kind);
      linear(layer + "down", H, I, kind);
      if (i > 0 || of.norm == Norm::post) norm(layer + "attention_norm");
      norm(layer + "ffn_norm");
    }
    if (of.norm == Norm::pre) norm("final_norm");
  }

  void head(const char* name, HeadKind kind, int labels) {
    heads.push_back({name, kind, labels});
    floats(std::string("heads.") + name + ".weight", {labels, config.hidden}, 1);
    floats(std::string("heads.") + name + ".bias", {labels}, 1);
  }

  void features(int count) { floats("embeddings.feature", {count, config.hidden}, 0.3f); }

  // Valid while the model stands.
  std::vector<Tensor> tensors() const {
    std::vector<Tensor> all = shapes;
    for (size_t i = 0; i < all.size(); i++) {
      all[i].name = names[i].c_str();
      all[i].data = data[i].data();
      all[i].bytes = data[i].size();
    }
    return all;
  }

  Model* load(const Kernel* kernel) const {
    Problem problem;
    const std::vector<Tensor> all = tensors();
    Model* model = load_model(config, all.data(), all.size(), heads.data(), heads.size(), kernel, &problem);
    if (!model) fprintf(stderr, "%s\n", problem.text);
    return model;
  }

 private:
  void add(const std::string& name, Dtype dtype, std::vector<int64_t> shape, std::vector<uint8_t> bytes) {
    Tensor tensor = {nullptr, dtype, int(shape.size()), {}, nullptr, 0};
    for (size_t i = 0; i < shape.size(); i++) tensor.shape[i] = shape[i];
    names.push_back(name);
    shapes.push_back(tensor);
    data.push_back(std::move(bytes));
  }
  void add_floats(const std::string& name, std::vector<int64_t> shape, const std::vector<float>& values) {
    std::vector<uint8_t> bytes(values.size() * 4);
    memcpy(bytes.data(), values.data(), bytes.size());
    add(name, Dtype::f32, std::move(shape), std::move(bytes));
  }
  void floats(const std::string& name, std::vector<int64_t> shape, float deviation) {
    size_t count = 1;
    for (int64_t size : shape) count *= size_t(size);
    std::vector<float> values(count);
    for (float& value : values) value = random_.normal() * deviation;
    add_floats(name, std::move(shape), values);
  }
  void words() {
    std::vector<uint8_t> bytes(size_t(config.vocabulary) * config.hidden);
    for (uint8_t& byte : bytes) byte = uint8_t(random_.whole(-127, 127));
    add("embeddings.word.weight", Dtype::i8, {config.vocabulary, config.hidden}, std::move(bytes));
    add_floats("embeddings.word.scale", {config.vocabulary}, std::vector<float>(config.vocabulary, 0.01f));
  }
  void norm(const std::string& name) {
    std::vector<float> weight(config.hidden);
    for (float& value : weight) value = random_.real(0.5f, 1.5f);
    add_floats(name + ".weight", {config.hidden}, weight);
    floats(name + ".bias", {config.hidden}, 0.1f);
  }
  void linear(const std::string& name, int outputs, int inputs, Kind kind) {
    const int blocks = inputs / kBlock, bytes = kind == Kind::int8 ? 32 : kind == Kind::int4 ? 16 : 8;
    std::vector<uint8_t> weight(size_t(outputs) * blocks * bytes);
    for (uint8_t& byte : weight) {
      byte = uint8_t(random_.next());
      if (kind == Kind::int8 && byte == 0) byte = 128;
      if (kind == Kind::ternary) {
        byte = 0;
        for (int i = 0; i < 4; i++) byte |= uint8_t(random_.whole(1, 3) << (2 * i));
      }
    }
    std::vector<float> unit(outputs), scale(size_t(outputs) * blocks);
    for (int n = 0; n < outputs; n++) {
      unit[n] = random_.real(0.5f, 1) / (kind == Kind::int4 ? 60 : 70) / __builtin_sqrtf(float(inputs));
      for (int b = 0; b < blocks; b++) {
        const int s = kind == Kind::int8 ? 1 : kind == Kind::int4 ? random_.whole(1, 16) : random_.whole(1, 127);
        scale[size_t(n) * blocks + b] = unit[n] * float(s);
      }
    }
    add(name + ".weight", Dtype::u8, {outputs, blocks, bytes}, std::move(weight));
    add_floats(name + ".unit", {outputs}, unit);
    add_floats(name + ".scale", {outputs, blocks}, scale);
    floats(name + ".bias", {outputs}, 0.1f);
    std::vector<float> smooth(inputs);
    for (float& value : smooth) value = random_.real(0.7f, 1.4f);
    add_floats(name + ".smooth", {inputs}, smooth);
  }

  Random random_;
};

// An adapter with random values of the matrices named, of the layers from `first` on.
struct RandomAdapter {
  std::vector<std::string> names;
  std::vector<std::vector<float>> values;
  std::vector<Tensor> shapes;

  RandomAdapter(const Config& of, int first, const std::vector<std::string>& parts, int rank, float deviation,
                uint64_t seed) {
    Random random(seed);
    const int H = of.hidden, I = of.intermediate;
    for (int layer = first; layer < of.layers; layer++) {
      for (const std::string& part : parts) {
        const int inputs = part == "down" ? I : H;
        const int outputs = part == "qkv" ? 3 * H : part != "up" ? H : of.activation == Activation::geglu ? 2 * I : I;
        const std::string name = "layers." + std::to_string(layer) + "." + part;
        add(name + ".lora_a", rank, inputs, deviation / __builtin_sqrtf(float(inputs)), random);
        add(name + ".lora_b", outputs, rank, 1 / __builtin_sqrtf(float(rank)), random);
      }
    }
  }

  size_t at(const std::string& name) const {
    size_t at = 0;
    while (names[at] != name) at++;
    return at;
  }
  // Valid while the adapter stands.
  std::vector<Tensor> tensors() const {
    std::vector<Tensor> all = shapes;
    for (size_t i = 0; i < all.size(); i++) {
      all[i].name = names[i].c_str();
      all[i].data = reinterpret_cast<const uint8_t*>(values[i].data());
      all[i].bytes = values[i].size() * sizeof(float);
    }
    return all;
  }
  Adapter* load(const Model& model, Problem* problem) const {
    const std::vector<Tensor> all = tensors();
    return load_adapter(model, all.data(), all.size(), problem);
  }

 private:
  void add(const std::string& name, int rows, int columns, float deviation, Random& random) {
    Tensor tensor = {nullptr, Dtype::f32, 2, {rows, columns, 0}, nullptr, 0};
    names.push_back(name);
    shapes.push_back(tensor);
    values.emplace_back(size_t(rows) * columns);
    for (float& value : values.back()) value = random.normal() * deviation;
  }
};

// The architecture of gte-small, and small ones of every kind.
inline Config bert(int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
  return {layers, hidden, heads, intermediate, vocabulary, positions, Norm::post, Activation::gelu,
          Positions::learned, Pooling::mean, 1e-12f, 0, 0, 0, 0};
}
inline Config modern_bert(int layers, int hidden, int heads, int intermediate, int vocabulary, int positions,
                          int window) {
  return {layers, hidden, heads, intermediate, vocabulary, positions, Norm::pre, Activation::geglu,
          Positions::rotary, Pooling::mean, 1e-5f, 160000, 10000, window, 3};
}

// One thread.
inline Parallel alone() {
  return {1,
          [](void*, int parts, void (*part)(void*, int, int), void* context) {
            for (int i = 0; i < parts; i++) part(context, i, 0);
          },
          nullptr};
}

}  // namespace tiergate
