// Adapters: passes with them, and what the loader takes and refuses.
#include <math.h>

#include "../engine/adapter.h"
#include "check.h"
#include "plain_model.h"
#include "random_model.h"

namespace tiergate {
namespace {

// Of vectors to the same model in double precision, whose activations are not quantized; and how far from the vectors
// without it an adapter must have led for that to mean anything.
constexpr double kPlainCosineMin = 0.999, kMovedCosineMax = 0.98;

const std::vector<std::string> kAll = {"qkv", "out", "up", "down"};

struct Texts {
  std::vector<int32_t> ids, lengths;
  Texts(const Config& config, const std::vector<int>& of_length) : lengths(of_length.begin(), of_length.end()) {
    Random random(51);
    for (const int length : of_length) {
      for (int i = 0; i < length; i++) ids.push_back(random.whole(0, config.vocabulary - 1));
    }
  }
  Batch batch() const { return {ids.data(), lengths.data(), int(lengths.size()), int(ids.size())}; }
};

Array<float> vectors(const Model& model, const Adapter* adapter, const Batch& batch) {
  Array<float> out(size_t(batch.texts) * model.config.hidden);
  const Parallel parallel = alone();
  CHECK(encode(model, adapter, batch, parallel, {nullptr, 0}, {out.data(), nullptr, nullptr}) == Status::done, "encode");
  return out;
}

double cosine(const float* a, const double* b, int width) {
  double product = 0, squares_a = 0, squares_b = 0;
  for (int k = 0; k < width; k++) product += a[k] * b[k], squares_a += a[k] * a[k], squares_b += b[k] * b[k];
  return product / sqrt(squares_a * squares_b);
}

void test_pass(const char* what, const Kernel* kernel, const RandomModel& random, const RandomAdapter& source) {
  Problem problem = {};
  Model* model = random.load(kernel);
  Adapter* adapter = model ? source.load(*model, &problem) : nullptr;
  if (!adapter) abort();
  const int hidden = random.config.hidden;
  const Texts texts(random.config, {1, 14, 60, 5});
  const Array<float> bare = vectors(*model, nullptr, texts.batch()), adapted = vectors(*model, adapter, texts.batch());
  const PlainModel plain(random, &source);
  int first = 0;
  for (int t = 0; t < texts.batch().texts; first += texts.lengths[t++]) {
    const float* vector = adapted.data() + size_t(t) * hidden;
    const std::vector<double> before(bare.data() + size_t(t) * hidden, bare.data() + size_t(t + 1) * hidden);
    const double moved = cosine(vector, before.data(), hidden);
    const int32_t length = texts.lengths[t];
    if (length < 20) {
      const auto meant = plain.pooled(plain.states(texts.ids.data() + first, length));
      const double near = cosine(vector, meant.data(), hidden);
      CHECK(near >= kPlainCosineMin && moved <= kMovedCosineMax, "%s, %s, text %d: cosine %.6f; without adapter %.6f",
            kernel->name, what, t, near, moved);
    }
    const Array<float> single = vectors(*model, adapter, {texts.ids.data() + first, &length, 1, length});
    CHECK(memcmp(single.data(), vector, hidden * sizeof(float)) == 0, "%s, %s: text %d in a batch is as alone, to the bit",
          kernel->name, what, t);
  }
  CHECK(vectors(*model, nullptr, texts.batch()) == bare, "%s, %s: an adapter leaves no trace", kernel->name, what);
  let_go(adapter);
  // Zeros change nothing, wherever they stand.
  RandomAdapter zeros(source);
  for (size_t i = 1; i < zeros.values.size(); i += 2) zeros.values[i].assign(zeros.values[i].size(), 0.0f);
  adapter = zeros.load(*model, &problem);
  CHECK(adapter && vectors(*model, adapter, texts.batch()) == bare, "%s, %s: zeros are no adapter", kernel->name, what);
  let_go(adapter);
  free_model(model);
}

void test_passes(const Kernel* kernel, bool small) {
  const Config post = bert(3, 96, 3, 160, 60, 100), pre = modern_bert(3, 128, 2, 192, 60, 100, 5);
  const RandomModel int4(post, Kind::int4, 7), int8(pre, Kind::int8, 7);
  test_pass("all, rank 8", kernel, int4, RandomAdapter(post, 1, kAll, 8, 1, 61));
  test_pass("pre norm, geglu, all, rank 5", kernel, int8, RandomAdapter(pre, 0, kAll, 5, 1, 62));
  if (small) return;
  for (const std::string& part : kAll) {
    test_pass(part.c_str(), kernel, int4, RandomAdapter(post, 0, {part}, 64, 2, 63));
    test_pass((part + " of pre norm").c_str(), kernel, int8, RandomAdapter(pre, 0, {part}, 1, 2, 64));
  }
}

template <class Edit>
void refuses(const char* words, Edit edit) {
  const Config config = bert(2, 64, 2, 96, 60, 100);
  const RandomModel random(config);
  Model* model = random.load(&reference_kernel());
  RandomAdapter source(config, 1, kAll, 4, 1, 65);
  std::vector<Tensor> tensors = source.tensors();
  edit(source, tensors);
  Problem problem = {};
  Adapter* adapter = load_adapter(*model, tensors.data(), tensors.size(), &problem);
  CHECK(!adapter && strstr(problem.text, words), "refused with \"%s\", not: %s", words, adapter ? "(taken)" : problem.text);
  let_go(adapter);
  free_model(model);
}

void test_loader() {
  using A = RandomAdapter;
  using T = std::vector<Tensor>;
  refuses("layers.1.up.lora_b is missing", [](A& a, T& t) { t.erase(t.begin() + a.at("layers.1.up.lora_b")); });
  refuses("layers.1.qkv.lora_a is missing", [](A&, T& t) { t.erase(t.begin()); });
  for (const char* name : {"layers.2.qkv.lora_a", "layers.-1.qkv.lora_a", "layers.1.qkv.lora_c", "layers.1.norm.lora_a", ""}) {
    refuses("is no part of an adapter", [&](A& a, T& t) {
      t.push_back(t[a.at("layers.1.qkv.lora_a")]);
      t.back().name = name;
    });
  }
  refuses("layers.1.out.lora_a is no part", [](A& a, T& t) { t.push_back(t[a.at("layers.1.out.lora_a")]); });
  for (const char* name : {"layers.1.qkv.lora_a", "layers.1.down.lora_b"}) {
    const auto of = [&](A& a, T& t) -> Tensor& { return t[a.at(name)]; };
    refuses(name, [&](A& a, T& t) { of(a, t).dtype = Dtype::u8; });
    refuses(name, [&](A& a, T& t) { of(a, t).rank = 3; });
    refuses(name, [&](A& a, T& t) { of(a, t).rank = 0; });
    refuses(name, [&](A& a, T& t) { of(a, t).bytes -= 1; });
    refuses(name, [&](A& a, T& t) { of(a, t).bytes = 0; });
    refuses("layers.1.", [&](A& a, T& t) { of(a, t).shape[0] += 1; });
    refuses("layers.1.", [&](A& a, T& t) { of(a, t).shape[1] += 1; });
    for (const int64_t size : {int64_t(0), int64_t(-1), int64_t(65), int64_t(INT32_MAX), INT64_MAX, INT64_MIN}) {
      refuses("layers.1.", [&](A& a, T& t) { of(a, t).shape[0] = size; });
      refuses("layers.1.", [&](A& a, T& t) { of(a, t).shape[1] = size; });
    }
    for (const float value : {__builtin_nanf(""), __builtin_inff(), -__builtin_inff()}) {
      refuses("not finite", [&](A& a, T&) { a.values[a.at(name)][7] = value; });
    }
  }
  // Smoothing of the input of `down` is divided by: from what is just a float, to what is none.
  refuses("layers.1.down.lora_a holds", [](A& a, T&) { a.values[a.at("layers.1.down.lora_a")].assign(4 * 96, 3.4e38f); });
}

// Adapters with something wrong in them: refused with a tensor's name, or taken and run through without harm.
void test_mutations(int rounds) {
  const Config config = bert(2, 64, 2, 96, 60, 100);
  const RandomModel random_model(config);
  Model* model = random_model.load(find_kernel(nullptr));
  const Texts texts(config, {5});
  Random random(66);
  int taken = 0;
  for (int round = 0; round < rounds; round++) {
    RandomAdapter source(config, 0, kAll, random.whole(1, 70), 1, 67);
    for (int edits = random.whole(0, 3); edits > 0; edits--) {
      std::vector<float>& values = source.values[size_t(random.whole(0, int(source.values.size()) - 1))];
      const uint32_t bits = random.next();
      memcpy(&values[size_t(random.whole(0, int(values.size()) - 1))], &bits, sizeof bits);
    }
    std::vector<Tensor> tensors = source.tensors();
    for (int edits = random.whole(0, 1); edits > 0; edits--) {
      Tensor& tensor = tensors[size_t(random.whole(0, int(tensors.size()) - 1))];
      const Tensor& other = tensors[size_t(random.whole(0, int(tensors.size()) - 1))];
      switch (random.whole(0, 5)) {
        case 0: tensor.name = other.name; break;
        case 1: tensor.shape[random.whole(0, 1)] += random.whole(-1, 1); break;
        case 2: tensor.shape[random.whole(0, 1)] = int64_t(random.next()) << random.whole(0, 32); break;
        case 3: tensor.rank = random.whole(0, 3); break;
        case 4: tensor.bytes = random.next() % (tensor.bytes + 1); break;
        default: tensors.resize(size_t(random.whole(0, int(tensors.size())))); break;
      }
    }
    Problem problem = {};
    Adapter* adapter = load_adapter(*model, tensors.data(), tensors.size(), &problem);
    CHECK(adapter || strstr(problem.text, "The tensor "), "round %d: refused with \"%s\"", round, problem.text);
    if (adapter) {
      Array<float> out(config.hidden);
      const Parallel parallel = alone();
      const Status status =
          encode(*model, adapter, texts.batch(), parallel, {nullptr, 0}, {out.data(), nullptr, nullptr});
      CHECK(status == Status::done || status == Status::not_finite, "round %d: %d", round, int(status));
      taken += 1;
    }
    let_go(adapter);
  }
  CHECK(taken > rounds / 20 && taken < rounds * 9 / 10, "%d of %d adapters are taken, all others refused", taken, rounds);
  free_model(model);
}

void test_empty() {
  const Config config = bert(2, 64, 2, 96, 60, 100);
  const RandomModel random(config);
  Model* model = random.load(find_kernel(nullptr));
  Problem problem = {};
  Adapter* adapter = load_adapter(*model, nullptr, 0, &problem);
  const Texts texts(config, {9});
  CHECK(adapter && vectors(*model, adapter, texts.batch()) == vectors(*model, nullptr, texts.batch()),
        "an adapter of nothing changes nothing");
  let_go(adapter);
  let_go(nullptr);
  free_model(model);
}

}  // namespace
}  // namespace tiergate

int main(int argc, char** argv) {
  using namespace tiergate;
  const bool small = small_sizes(argc, argv);
  // The reference kernel is slow, and the same for every matrix.
  for (const Kernel* kernel : kernels_here()) test_passes(kernel, small || kernel == &reference_kernel());
  test_loader();
  test_mutations(small ? 100 : 1000);
  test_empty();
  return exit_code();
}
