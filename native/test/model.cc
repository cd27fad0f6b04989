// The loader: what it takes, what it refuses and with which words; and thousands of models with something wrong in them.
#include "mutated_model.h"

namespace tiergate {
namespace {

// A good model of int4 with one thing changed must be refused with all of these words.
template <class Edit>
void refuses(const char* words, Edit edit, int base = 0) {
  MutatedModel model(MutatedModel::base(base));
  edit(model);
  for (const Kernel* const* kernel = all_kernels(); *kernel; kernel++) {
    Problem problem = {};
    Model* loaded = model.load(*kernel, &problem);
    CHECK(!loaded && strstr(problem.text, words), "refused with \"%s\", not: %s", words,
          loaded ? "(taken)" : problem.text);
    free_model(loaded);
  }
}
template <class Edit>
void takes(const char* what, Edit edit, int base = 0) {
  MutatedModel model(MutatedModel::base(base));
  edit(model);
  for (const Kernel* const* kernel = all_kernels(); *kernel; kernel++) {
    Problem problem = {};
    Model* loaded = model.load(*kernel, &problem);
    CHECK(loaded, "%s: taken, not: %s", what, problem.text);
    free_model(loaded);
  }
}

constexpr int kInt4 = 0, kInt8 = 4, kTernary = 2, kRotary = 3;

void test_config() {
  using M = MutatedModel;
  refuses("`layers` is 0", [](M& m) { m.config.layers = 0; });
  refuses("`layers` is 129", [](M& m) { m.config.layers = 129; });
  refuses("`hidden` is -64", [](M& m) { m.config.hidden = -64; });
  refuses("`hidden` is 2147483647", [](M& m) { m.config.hidden = INT32_MAX; });
  refuses("multiples of 32", [](M& m) { m.config.hidden = 72; });
  refuses("multiples of 32", [](M& m) { m.config.intermediate = 100; });
  refuses("multiple of 16", [](M& m) { m.config.heads = 3; });
  refuses("multiple of 16", [](M& m) { m.config.heads = 8; });
  refuses("`heads` is 0", [](M& m) { m.config.heads = 0; });
  refuses("`vocabulary` is 0", [](M& m) { m.config.vocabulary = 0; });
  refuses("`positions_max` is 65537", [](M& m) { m.config.positions_max = 65537; });
  refuses("`local_window` is -1", [](M& m) { m.config.local_window = -1; });
  refuses("`global_every` is 0", [](M& m) { m.config.global_every = 0; }, kRotary);
  refuses("norm_epsilon", [](M& m) { m.config.norm_epsilon = __builtin_nanf(""); });
  refuses("norm_epsilon", [](M& m) { m.config.norm_epsilon = -1e-9f; });
  refuses("rope_theta", [](M& m) { m.config.rope_theta_local = 0; }, kRotary);
  refuses("rope_theta", [](M& m) { m.config.rope_theta_global = __builtin_inff(); }, kRotary);
  refuses("`labels` is 0", [](M& m) { m.heads[0].labels = 0; });
  refuses("`labels` is 4097", [](M& m) { m.heads[1].labels = 4097; });
  refuses("heads.other.weight is missing", [](M& m) { m.heads[0].name = "other"; });
  refuses("`heads` is 65", [](M& m) { m.heads.resize(65, m.heads[0]); });
}

void test_tensors() {
  using M = MutatedModel;
  for (const char* name : {"embeddings.word.weight", "embeddings.word.scale", "embeddings.position", "embeddings.norm.weight",
                           "layers.0.qkv.weight", "layers.0.qkv.scale", "layers.0.qkv.unit", "layers.0.down.weight",
                           "layers.0.attention_norm.weight", "heads.intent.weight", "heads.personal.bias"}) {
    refuses((std::string(name) + " is missing").c_str(), [&](M& m) { m.names[m.at(name)] = "another name"; });
    refuses(name, [&](M& m) { m.tensors[m.at(name)].dtype = m.tensors[m.at(name)].dtype == Dtype::f32 ? Dtype::u8 : Dtype::f32; });
    refuses(name, [&](M& m) { m.tensors[m.at(name)].rank += 1; });
    refuses(name, [&](M& m) { m.tensors[m.at(name)].rank = 0; });
    refuses(name, [&](M& m) { m.shorten(m.at(name), m.data[m.at(name)].size() - 1); });
    refuses(name, [&](M& m) { m.shorten(m.at(name), m.data[m.at(name)].size() + 4); });
    refuses(name, [&](M& m) { m.shorten(m.at(name), 0); });
    for (const int64_t size : {int64_t(0), int64_t(-1), int64_t(INT32_MAX), INT64_MAX, INT64_MIN, int64_t(1) << 32}) {
      refuses(name, [&](M& m) { m.tensors[m.at(name)].shape[0] = size; });
    }
  }
  // The product of these sizes is 0 in 64 bits.
  refuses("layers.0.qkv.weight", [](M& m) {
    Tensor& tensor = m.tensors[m.at("layers.0.qkv.weight")];
    tensor.shape[2] = int64_t(1) << 58;
    m.shorten(m.at("layers.0.qkv.weight"), 0);
  });
  takes("unaligned tensors", [](M& m) { m.skipped.assign(m.skipped.size(), 1); });
  takes("no biases, no smoothing", [](M& m) {
    for (std::string& name : m.names) {
      if (name.find("layers.") == 0 && (name.find(".bias") != name.npos || name.find(".smooth") != name.npos)) name = "";
    }
  });
  refuses("The tensor", [](M& m) { m.names.assign(m.names.size(), std::string(1000, 'x')); });
}

void test_values() {
  using M = MutatedModel;
  for (const char* name : {"embeddings.word.scale", "embeddings.position", "embeddings.norm.bias", "layers.0.up.bias",
                           "layers.0.up.smooth", "layers.0.out.unit", "layers.0.ffn_norm.weight", "heads.intent.bias"}) {
    for (const float value : {__builtin_nanf(""), __builtin_inff(), -__builtin_inff()}) {
      refuses("not finite", [&](M& m) { m.put(m.at(name), 1, value); });
    }
  }
  const char* scale = "layers.0.up.scale";
  const char* unit = "layers.0.up.unit";
  const auto unit_of = [&](M& m) {
    float value;
    memcpy(&value, m.data[m.at(unit)].data(), sizeof value);
    return value;
  };
  for (const float value : {__builtin_nanf(""), __builtin_inff(), 0.0f, -1.0f, 1e30f, 1e-45f}) {
    refuses("no whole multiple", [&](M& m) { m.put(m.at(scale), 0, value); });
  }
  refuses("no whole multiple", [&](M& m) { m.put(m.at(scale), 0, unit_of(m) * 2.5f); });
  refuses("no whole multiple", [&](M& m) { m.put(m.at(scale), 0, -unit_of(m)); });
  refuses("no whole multiple", [&](M& m) { m.put(m.at(scale), 0, unit_of(m) * 1.000001f); });
  refuses("no whole multiple", [&](M& m) { m.put(m.at(unit), 0, 0.0f); });
  refuses("no whole multiple", [&](M& m) { m.put(m.at(unit), 0, 1e-45f); });
  // -8 * 17 is no int8, and the random block of weights holds a -8.
  refuses("too large", [&](M& m) {
    m.put(m.at(scale), 0, unit_of(m) * 17);
    m.put(m.at("layers.0.up.weight"), 3, uint8_t(0x80));
  });
  takes("a row of zeros", [&](M& m) {
    m.put(m.at(unit), 0, 0.0f);
    m.put(m.at(scale), 0, 0.0f);
    m.put(m.at(scale), 1, 0.0f);
  });
  refuses("outside its range", [](M& m) { m.put(m.at("layers.0.up.weight"), 5, uint8_t(0)); }, kInt8);
  refuses("no whole multiple", [&](M& m) { m.put(m.at(scale), 0, unit_of(m) * 2); }, kInt8);
  refuses("outside its range", [](M& m) { m.put(m.at("layers.0.up.weight"), 5, uint8_t(0x54)); }, kTernary);
  refuses("8, 16 or 32 bytes", [](M& m) {
    m.tensors[m.at("layers.0.up.weight")].shape[2] = 1;
    m.shorten(m.at("layers.0.up.weight"), 96 * 2);
  });
}

// The same cases on every machine.
void test_mutations(int rounds) {
  Random random(41);
  int taken = 0;
  for (int round = 0; round < rounds; round++) {
    uint8_t bytes[64];
    for (uint8_t& byte : bytes) byte = uint8_t(random.next());
    taken += try_mutated(bytes, size_t(random.whole(2, round % 3 == 0 ? 64 : 16)));
  }
  CHECK(taken > rounds / 20 && taken < rounds, "%d of %d models with an edit or more are taken, all others refused", taken,
        rounds);
}

}  // namespace
}  // namespace tiergate

int main(int argc, char** argv) {
  using namespace tiergate;
  takes("a good model", [](MutatedModel&) {});
  for (int base = 0; base < 6; base++) takes("a good model", [](MutatedModel&) {}, base);
  test_config();
  test_tensors();
  test_values();
  test_mutations(small_sizes(argc, argv) ? 300 : 4000);
  return exit_code();
}
