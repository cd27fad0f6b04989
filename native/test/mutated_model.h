// Models with something wrong in them, made from any bytes at all: for the test of the loader and for its fuzzer, which
// find and keep the same cases.
#pragma once
#include <string>
#include <vector>

#include "check.h"
#include "random_model.h"

namespace tiergate {

// Small numbers from a string of bytes; zeros when it is at its end.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool more() const { return at_ < size_; }
  uint8_t byte() { return at_ < size_ ? data_[at_++] : 0; }
  int below(int count) { return byte() % count; }
  uint32_t word() {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) value = value << 8 | byte();
    return value;
  }
  // Numbers that code trips over, and any other.
  int64_t number() {
    static const int64_t kinds[] = {0,         1,          -1,        2,          31,        32,        33,
                                    64,        96,         255,       256,        4096,      65535,     65536,
                                    16384,     16416,      INT32_MAX, INT32_MIN,  INT64_MAX, INT64_MIN, int64_t(1) << 32,
                                    1ll << 61, 4194304,    4194305,   128,        129};
    constexpr int count = int(sizeof kinds / sizeof *kinds);
    const int kind = below(count + 2);
    return kind < count ? kinds[kind] : kind == count ? byte() : int32_t(word());
  }
  float real() {
    static const float kinds[] = {0.0f, -0.0f, 1.0f, -1.0f, 1e-45f, 1e-38f, 3.4e38f, -3.4e38f, __builtin_inff(),
                                  -__builtin_inff(), __builtin_nanf(""), 1.0000001f, 1e30f, 127.0f, 128.0f, 0.5f};
    constexpr int count = int(sizeof kinds / sizeof *kinds);
    const int kind = below(count + 1);
    if (kind < count) return kinds[kind];
    const uint32_t bits = word();
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }

 private:
  const uint8_t* data_;
  size_t size_, at_ = 0;
};

// A good model that edits were made to.
struct MutatedModel {
  Config config;
  std::vector<HeadSource> heads;
  std::vector<std::string> names;
  std::vector<Tensor> tensors;
  // The bytes of each tensor, in memory that is exactly as long. `skipped`: unaligned, as in a file.
  std::vector<std::vector<uint8_t>> data;
  std::vector<size_t> skipped;

  static RandomModel base(int which) {
    const Config small_bert = bert(1, 64, 2, 96, 11, 9), small_modern = modern_bert(2, 64, 2, 64, 11, 9, 3);
    RandomModel model(which % 2 ? small_modern : small_bert, which % 3 == 0 ? Kind::int4 : which % 3 == 1 ? Kind::int8 : Kind::ternary);
    model.head("intent", HeadKind::sentence, 3);
    model.head("personal", HeadKind::token, 2);
    return model;
  }

  explicit MutatedModel(Choices& choices) : MutatedModel(base(choices.below(6))) {
    while (choices.more()) edit(choices);
  }
  explicit MutatedModel(const RandomModel& of)
      : config(of.config), heads(of.heads), names(of.names), tensors(of.shapes), data(of.data), skipped(of.data.size()) {
    for (size_t i = 0; i < tensors.size(); i++) tensors[i].bytes = data[i].size();
  }

  size_t at(const char* name) const {
    for (size_t i = 0; i < names.size(); i++) {
      if (names[i] == name) return i;
    }
    abort();
  }
  template <class T>
  void put(size_t tensor, size_t value_at, T value) {
    std::vector<uint8_t>& bytes = data[tensor];
    if (bytes.size() >= (value_at + 1) * sizeof(T)) memcpy(bytes.data() + value_at * sizeof(T), &value, sizeof(T));
  }
  void shorten(size_t tensor, size_t bytes) {
    data[tensor].resize(bytes);
    tensors[tensor].bytes = bytes;
  }

  void edit(Choices& choices) {
    const size_t tensor = choices.byte() % tensors.size(), count = data[tensor].size() / 4;
    switch (choices.below(12)) {
      case 0: edit_config(choices); break;
      case 1: names[tensor] = names[choices.byte() % names.size()]; break;
      case 2: names[tensor].assign(choices.byte() * 3, 'n'); break;
      case 3: tensors[tensor].dtype = Dtype(choices.below(3)); break;
      case 4: tensors[tensor].rank = choices.below(6) - 1; break;
      case 5: tensors[tensor].shape[choices.below(3)] = choices.number(); break;
      // Bytes and what says how many there are change together: that much the caller knows for sure.
      case 6: shorten(tensor, count == 0 ? 0 : choices.word() % (data[tensor].size() + 9)); break;
      case 7: put(tensor, count == 0 ? 0 : choices.word() % count, choices.real()); break;
      case 8: put(tensor, count == 0 ? 0 : choices.word() % (count * 4), choices.byte()); break;
      case 9: skipped[tensor] = choices.below(8); break;
      case 10: data[tensor] = data[choices.byte() % data.size()], tensors[tensor].bytes = data[tensor].size(); break;
      case 11:
        heads[choices.below(2)] = {choices.below(4) == 0 ? "no such head" : "intent", HeadKind(choices.below(2)),
                                   int(choices.number())};
        break;
    }
  }

  void edit_config(Choices& choices) {
    int* const whole[] = {&config.layers,        &config.hidden,       &config.heads,        &config.intermediate,
                          &config.vocabulary,    &config.positions_max, &config.local_window, &config.global_every};
    float* const real[] = {&config.norm_epsilon, &config.rope_theta_global, &config.rope_theta_local};
    const int which = choices.below(14);
    if (which < 8) *whole[which] = int(choices.number());
    else if (which < 11) *real[which - 8] = choices.real();
    else if (which == 11) config.norm = Norm(choices.below(2));
    else if (which == 12) config.activation = Activation(choices.below(2));
    else config.positions = Positions(choices.below(2));
  }

  // Null with a problem, or a model.
  Model* load(const Kernel* kernel, Problem* problem) const {
    std::vector<Tensor> all = tensors;
    std::vector<Array<uint8_t>> exact;
    exact.reserve(all.size());
    for (size_t i = 0; i < all.size(); i++) {
      exact.emplace_back(data[i].size() + skipped[i]);
      if (!data[i].empty()) memcpy(exact[i].data() + skipped[i], data[i].data(), data[i].size());
      all[i].name = names[i].c_str();
      all[i].data = exact[i].data() + skipped[i];
    }
    return load_model(config, all.data(), all.size(), heads.data(), heads.size(), kernel, problem);
  }
};

// Loads what the bytes describe, and runs it when it is taken. Nothing may crash, and a refusal has a reason.
inline bool try_mutated(const uint8_t* bytes, size_t size) {
  Choices choices(bytes, size);
  const Kernel* const kernels[] = {find_kernel(nullptr), find_kernel("portable"), find_kernel("reference")};
  const Kernel* kernel = kernels[choices.below(3)];
  const MutatedModel mutated(choices);
  // Tables of this many positions are right, and take longer than a test should.
  if (mutated.config.positions == Positions::rotary && mutated.config.positions_max > 4096) return false;
  Problem problem = {};
  Model* model = mutated.load(kernel, &problem);
  CHECK(model || (problem.text[0] && memchr(problem.text, 0, sizeof problem.text)), "a refusal has a reason");
  if (!model) return false;
  const int32_t ids[] = {0, 1 % mutated.config.vocabulary, mutated.config.vocabulary - 1}, lengths[] = {1, 2};
  const Batch batch = {ids, lengths, mutated.config.positions_max > 1 ? 2 : 1, mutated.config.positions_max > 1 ? 3 : 1};
  const char* refused = check_batch(*model, batch);
  CHECK(!refused, "%s", refused);
  Array<float> vectors(size_t(2) * model->config.hidden), sentence(size_t(2) * model->sentence_labels),
      token(size_t(3) * model->token_labels);
  const Status status = encode(*model, nullptr, batch, alone(), {nullptr, 0}, {vectors.data(), sentence.data(), token.data()});
  CHECK(status == Status::done || status == Status::not_finite, "a model that was taken runs");
  free_model(model);
  return true;
}

}  // namespace tiergate
