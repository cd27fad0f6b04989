// Whole passes: every kernel against the reference; batches, threads and stops; and what must not leave a trace.
#include <math.h>

#include "../engine/pool.h"
#include "../engine/workspace.h"
#include "check.h"
#include "plain_model.h"
#include "random_model.h"

namespace tiergate {
namespace {

// Cosine of the pooled vectors, and the largest difference of a logit relative to the largest logit. Kernels differ by
// rounding alone, but a quotient beside .5 becomes another byte, and random weights pass that on for all layers.
constexpr double kCosineMin = 0.9998, kLogitAwayMax = 0.03;
// Of vectors and of logits, to the same model without quantized activations; and of single tokens.
constexpr double kPlainCosineMin = 0.999, kStateCosineMin = 0.995;

struct Architecture {
  const char* name;
  Config config;
  Kind kind;
  int features = 1;  // more: a table of them
};

std::vector<Architecture> architectures() {
  Config first_token = bert(3, 128, 2, 256, 60, 200);
  first_token.pooling = Pooling::cls;
  return {
      {"post norm, gelu, learned, int4, heads of 32", bert(2, 96, 3, 160, 60, 400), Kind::int4},
      {"first token, int8, heads of 64", first_token, Kind::int8},
      {"ternary, heads of 16", bert(2, 64, 4, 96, 60, 200), Kind::ternary},
      {"int4, heads of 80", bert(2, 160, 2, 224, 60, 200), Kind::int4},
      {"pre norm, geglu, rotary, windows of 5, int4", modern_bert(5, 128, 2, 192, 60, 400, 5), Kind::int4},
      {"post norm, with features, int4", bert(2, 64, 2, 96, 60, 200), Kind::int4, 48},
      {"pre norm, geglu, rotary, windows of 64, int8", modern_bert(4, 64, 2, 96, 60, 400, 64), Kind::int8},
  };
}

// The model of an architecture, with a head of each kind, for one kernel.
struct Loaded {
  RandomModel random;
  Model* model;
  Loaded(const Architecture& of, const Kernel* kernel) : random(of.config, of.kind, 7) {
    random.head("intent", HeadKind::sentence, 5);
    random.head("urgency", HeadKind::sentence, 3);
    random.head("personal", HeadKind::token, 4);
    if (of.features > 1) random.features(of.features);
    model = random.load(kernel);
    if (!model) abort();
  }
  Loaded(const Loaded&) = delete;
  ~Loaded() { free_model(model); }
};

constexpr int kSentenceLabels = 8, kTokenLabels = 4;

struct Texts {
  std::vector<int32_t> ids, lengths;
  Texts(const Config& config, const std::vector<int>& of_length, uint64_t seed, int features = 1) {
    Random random(seed);
    for (const int length : of_length) {
      lengths.push_back(length);
      for (int i = 0; i < length; i++) ids.push_back(random.whole(0, config.vocabulary * features - 1));
    }
  }
  Batch batch() const { return {ids.data(), lengths.data(), int(lengths.size()), int(ids.size())}; }
};

// Room for what comes out, each as long as it must be.
struct Outputs {
  Array<float> vectors, sentence, token;
  Outputs(const Config& config, const Batch& batch)
      : vectors(size_t(batch.texts) * config.hidden),
        sentence(size_t(batch.texts) * kSentenceLabels),
        token(size_t(batch.rows) * kTokenLabels) {}
  Output view() { return {vectors.data(), sentence.data(), token.data()}; }
  bool operator==(const Outputs& other) const {
    return vectors == other.vectors && sentence == other.sentence && token == other.token;
  }
};

Status encode_alone(const Model& model, const Batch& batch, Outputs& out) {
  const Parallel parallel = alone();
  return encode(model, nullptr, batch, parallel, {nullptr, 0}, out.view());
}

double away(const Array<float>& a, const Array<float>& b) {
  double most = 0, largest = 0;
  for (size_t i = 0; i < a.size(); i++) {
    most = fmax(most, fabs(double(a[i]) - b[i]));
    largest = fmax(largest, fabs(b[i]));
  }
  return most / largest;
}

void test_against_reference(const Architecture& of, const Kernel* kernel) {
  const Loaded here(of, kernel), meant(of, &reference_kernel());
  const Texts texts(of.config, {1, 19, 2, 70}, 31, of.features);
  Outputs out(of.config, texts.batch()), out_meant(of.config, texts.batch());
  CHECK(encode_alone(*here.model, texts.batch(), out) == Status::done, "%s", of.name);
  CHECK(encode_alone(*meant.model, texts.batch(), out_meant) == Status::done, "%s", of.name);
  const int hidden = of.config.hidden;
  for (int t = 0; t < texts.batch().texts; t++) {
    double cosine = 0, squares = 0;
    for (int k = 0; k < hidden; k++) {
      cosine += double(out.vectors[size_t(t) * hidden + k]) * out_meant.vectors[size_t(t) * hidden + k];
      squares += double(out.vectors[size_t(t) * hidden + k]) * out.vectors[size_t(t) * hidden + k];
    }
    CHECK(cosine >= kCosineMin, "%s, %s, text %d: cosine %.6f", kernel->name, of.name, t, cosine);
    CHECK(fabs(squares - 1) < 1e-4, "%s, %s: vectors have length 1", kernel->name, of.name);
  }
  CHECK(away(out.sentence, out_meant.sentence) <= kLogitAwayMax, "%s, %s: logits of sentences differ by %.4f",
        kernel->name, of.name, away(out.sentence, out_meant.sentence));
  CHECK(away(out.token, out_meant.token) <= kLogitAwayMax, "%s, %s: logits of tokens differ by %.4f", kernel->name,
        of.name, away(out.token, out_meant.token));
}

// The reference kernel in the engine, whose activations are bytes, against the same model in double precision.
void test_against_plain(const Architecture& of) {
  const Loaded here(of, &reference_kernel());
  const PlainModel plain(here.random);
  const Texts texts(of.config, {1, 23, 6}, 37, of.features);
  Outputs out(of.config, texts.batch());
  CHECK(encode_alone(*here.model, texts.batch(), out) == Status::done, "%s", of.name);
  int first = 0;
  for (int t = 0; t < texts.batch().texts; t++) {
    const auto states = plain.states(texts.ids.data() + first, texts.lengths[t]);
    const auto pooled = plain.pooled(states);
    double cosine = 0, least = 1;
    for (int k = 0; k < of.config.hidden; k++) cosine += pooled[k] * out.vectors[size_t(t) * of.config.hidden + k];
    const auto near = [&](const float* logits, std::vector<double> meant) {
      double product = 0, squares = 0, squares_meant = 0;
      for (size_t i = 0; i < meant.size(); i++) {
        product += logits[i] * meant[i], squares += logits[i] * logits[i], squares_meant += meant[i] * meant[i];
      }
      least = fmin(least, product / sqrt(squares * squares_meant));
    };
    near(out.sentence.data() + t * kSentenceLabels, plain.head(pooled, "intent"));
    near(out.sentence.data() + t * kSentenceLabels + 5, plain.head(pooled, "urgency"));
    for (int i = 0; i < texts.lengths[t]; i++) {
      near(out.token.data() + size_t(first + i) * kTokenLabels, plain.head(states[i], "personal"));
    }
    CHECK(cosine >= kPlainCosineMin && least >= kPlainCosineMin, "%s, text %d: cosine %.6f, of logits %.6f", of.name, t,
          cosine, least);
    first += texts.lengths[t];
  }
}

// Parts from the last to the first, each on the next thread: on one, so that nothing but the order differs.
Parallel backwards(int threads) {
  static int of;
  of = threads;
  return {threads,
          [](void*, int parts, void (*part)(void*, int, int), void* context) {
            for (int i = parts - 1; i >= 0; i--) part(context, i, i % of);
          },
          nullptr};
}

// What each layer reads is near what the same model reads in double precision.
void test_states(const Architecture& of, const Kernel* kernel) {
  const Loaded here(of, kernel);
  const PlainModel plain(here.random);
  const Texts texts(of.config, {2, 11}, 38, of.features);
  const size_t count = size_t(texts.batch().rows) * of.config.hidden;
  const auto read = [&](int layer, const Parallel& parallel) {
    Array<float> states(count);
    CHECK(read_states(*here.model, texts.batch(), layer, parallel, {nullptr, 0}, states.data()) == Status::done, "%s",
          of.name);
    return states;
  };
  for (int layer = 0; layer <= of.config.layers; layer++) {
    const Array<float> states = read(layer, alone());
    int row = 0;
    for (int t = 0; t < texts.batch().texts; row += texts.lengths[t++]) {
      const auto meant = plain.states(texts.ids.data() + row, texts.lengths[t], layer);
      for (int i = 0; i < texts.lengths[t]; i++) {
        double product = 0, squares = 0, squares_meant = 0;
        for (int k = 0; k < of.config.hidden; k++) {
          const double value = states[size_t(row + i) * of.config.hidden + k];
          product += value * meant[i][k], squares += value * value, squares_meant += meant[i][k] * meant[i][k];
        }
        CHECK(product / sqrt(squares * squares_meant) >= (layer == 0 ? 1 - 1e-6 : kStateCosineMin) &&
                  fabs(sqrt(squares / squares_meant) - 1) < 0.1,
              "%s, %s: row %d before layer %d: cosine %.6f, length %.4f", kernel->name, of.name, i, layer,
              product / sqrt(squares * squares_meant), sqrt(squares / squares_meant));
      }
    }
    CHECK(read(layer, backwards(3)) == states, "%s, %s: states in another order, to the bit", kernel->name, of.name);
  }
  std::atomic<bool> cancelled{true};
  Array<float> none(count);
  CHECK(read_states(*here.model, texts.batch(), 1, alone(), {&cancelled, 0}, none.data()) == Status::cancelled, "%s", of.name);
}

// Lengths whose units begin and end at all places of a text, and are moved back to a multiple of four of its rows.
constexpr int kUnit = kUnitRowsMax;
const std::vector<std::vector<int>> kRagged = {
    {5, 1, kUnit - 1, 2 * kUnit + 1, 33, kUnit, 2, 3, 31}, {kUnit - 1, kUnit + 1}, {kUnit - 3, kUnit + 3}};

void test_batch_as_single(const Architecture& of, const Kernel* kernel, const std::vector<int>& lengths) {
  const Loaded here(of, kernel);
  const Texts texts(of.config, lengths, 32);
  Outputs out(of.config, texts.batch());
  CHECK(encode_alone(*here.model, texts.batch(), out) == Status::done, "%s", of.name);
  const int hidden = of.config.hidden;
  int first = 0;
  for (size_t t = 0; t < texts.lengths.size(); t++) {
    const int32_t length = texts.lengths[t];
    const Batch batch = {texts.ids.data() + first, &length, 1, length};
    Outputs single(of.config, batch);
    CHECK(encode_alone(*here.model, batch, single) == Status::done, "%s", of.name);
    const auto same = [](const Array<float>& one, const float* among) {
      return memcmp(one.data(), among, one.size() * sizeof(float)) == 0;
    };
    CHECK(same(single.vectors, out.vectors.data() + t * hidden) &&
              same(single.sentence, out.sentence.data() + t * kSentenceLabels) &&
              same(single.token, out.token.data() + size_t(first) * kTokenLabels),
          "%s, %s: text %d of %d tokens in a batch is as alone, to the bit", kernel->name, of.name, int(t), length);
    first += length;
  }
}

struct PassJob : Job {
  const Model* model;
  const Adapter* adapter = nullptr;
  Batch batch;
  Output output;
  Stop stop{nullptr, 0};
  Status status;
};
void run_pass(Job* base, const Parallel& parallel) {
  PassJob& job = *static_cast<PassJob*>(base);
  job.status = encode(*job.model, job.adapter, job.batch, parallel, job.stop, job.output);
}

// Several passes of one model at the same time, on a pool.
void test_threads(const Architecture& of, const Kernel* kernel) {
  const Loaded here(of, kernel);
  for (const std::vector<int>& lengths : {std::vector<int>{1}, std::vector<int>{2 * kUnit + 5, 7, kUnit - 1}}) {
    const Texts texts(of.config, lengths, 33);
    Outputs out(of.config, texts.batch());
    CHECK(encode_alone(*here.model, texts.batch(), out) == Status::done, "%s", of.name);
    for (const int threads : {1, 2, 3}) {
      Outputs again(of.config, texts.batch());
      const Parallel parallel = backwards(threads);
      CHECK(encode(*here.model, nullptr, texts.batch(), parallel, {nullptr, 0}, again.view()) == Status::done, "%s", of.name);
      CHECK(again == out, "%s, %s: parts in another order, for %d threads", kernel->name, of.name, threads);

      constexpr int jobs_count = 3;
      Pool pool;
      CHECK(pool.start(threads), "threads start");
      PassJob jobs[jobs_count];
      std::vector<Outputs> outputs(jobs_count, Outputs(of.config, texts.batch()));
      for (int at = 0; at < jobs_count; at++) {
        jobs[at].run = run_pass;
        jobs[at].threads = threads;
        jobs[at].model = here.model;
        jobs[at].batch = texts.batch();
        jobs[at].output = outputs[at].view();
        pool.submit(&jobs[at]);
      }
      pool.close();
      for (int at = 0; at < jobs_count; at++) {
        CHECK(jobs[at].status == Status::done && outputs[at] == out, "%s, %s: on a pool of %d, to the bit", kernel->name,
              of.name, threads);
      }
    }
  }
}

// Cancels, or waits until it is too late, once the pass has met `calls` times.
struct Stopper {
  int calls;
  std::atomic<bool>* cancelled;
  int met = 0;
  Parallel parallel() {
    return {1,
            [](void* self, int parts, void (*part)(void*, int, int), void* context) {
              Stopper& stopper = *static_cast<Stopper*>(self);
              for (int i = 0; i < parts; i++) part(context, i, 0);
              if (++stopper.met == stopper.calls) stopper.cancelled->store(true);
            },
            this};
  }
};

void test_stops(const Architecture& of, const Kernel* kernel) {
  const Loaded here(of, kernel);
  const Texts texts(of.config, {40, 3}, 34);
  Outputs out(of.config, texts.batch()), again(of.config, texts.batch());
  CHECK(encode_alone(*here.model, texts.batch(), out) == Status::done, "%s", of.name);
  // One meeting for the embeddings, one for each layer.
  for (int calls = 1; calls <= of.config.layers; calls++) {
    std::atomic<bool> cancelled{false};
    Stopper stopper = {calls, &cancelled};
    const Parallel parallel = stopper.parallel();
    const Status status = encode(*here.model, nullptr, texts.batch(), parallel, {&cancelled, 0}, again.view());
    CHECK(status == Status::cancelled && stopper.met == calls, "%s: cancelled after %d meetings, ran %d", of.name, calls,
          stopper.met);
  }
  std::atomic<bool> at_once{true}, never{false};
  CHECK(encode(*here.model, nullptr, texts.batch(), alone(), {&at_once, 0}, again.view()) == Status::cancelled, "%s", of.name);
  CHECK(encode(*here.model, nullptr, texts.batch(), alone(), {&never, 1}, again.view()) == Status::late, "%s", of.name);
  CHECK(encode(*here.model, nullptr, texts.batch(), alone(), {&never, INT64_MAX}, again.view()) == Status::done && again == out,
        "%s, %s: passes that were stopped leave no trace", kernel->name, of.name);
}

// One word of the vocabulary is no number as soon as it is scaled. Its texts fail, and no other.
void test_not_finite(const Kernel* kernel, Positions positions) {
  const Config config = positions == Positions::learned ? bert(2, 96, 3, 160, 60, 100) : modern_bert(3, 96, 3, 160, 60, 100, 5);
  Architecture of = {"a word that is not finite", config, Kind::int4};
  RandomModel random(of.config, of.kind, 7);
  random.head("intent", HeadKind::sentence, 8);
  random.head("personal", HeadKind::token, 4);
  for (size_t i = 0; i < random.names.size(); i++) {
    const float huge = 3e38f;
    if (random.names[i] == "embeddings.word.scale") memcpy(random.data[i].data(), &huge, sizeof huge);
  }
  Model* model = random.load(kernel);
  if (!model) abort();
  Texts good(of.config, {5, 17}, 35), bad(of.config, {31, 20, 60}, 36);
  for (int32_t& id : good.ids) id = id == 0 ? 1 : id;
  bad.ids[3] = bad.ids[40] = bad.ids[80] = 0;
  Outputs before(of.config, good.batch()), after(of.config, good.batch()), none(of.config, bad.batch());
  CHECK(encode_alone(*model, good.batch(), before) == Status::done, "%s: %s", kernel->name, of.name);
  CHECK(encode_alone(*model, bad.batch(), none) == Status::not_finite, "%s: %s", kernel->name, of.name);
  CHECK(encode_alone(*model, good.batch(), after) == Status::done && after == before,
        "%s: a pass after one that was not finite is as the one before it", kernel->name);
  free_model(model);
}

void test_check_batch() {
  const Loaded here({"", bert(1, 32, 2, 32, 10, 8), Kind::int4}, &reference_kernel());
  const int32_t ids[] = {0, 9, 3, -1, 10}, lengths[] = {2, 1, 0, -1, 9};
  const auto refuses = [&](const Batch& batch, const char* word) {
    const char* message = check_batch(*here.model, batch);
    CHECK(message && strstr(message, word), "refused for its %s, not: %s", word, message ? message : "(taken)");
  };
  CHECK(check_batch(*here.model, {ids, lengths, 2, 3}) == nullptr, "a good batch");
  refuses({ids, lengths, 0, 0}, "one text");
  refuses({ids, lengths, -1, 3}, "one text");
  refuses({ids, lengths, 2, 2}, "add up");
  refuses({ids, lengths, 2, 4}, "add up");
  refuses({ids, lengths + 2, 1, 0}, "one token");
  refuses({ids, lengths + 3, 1, -1}, "one token");
  refuses({ids, lengths + 4, 1, 9}, "at once");
  refuses({ids + 2, lengths, 1, 2}, "vocabulary");
  refuses({ids + 4, lengths + 1, 1, 1}, "vocabulary");
  const Loaded featured({"", bert(1, 32, 2, 32, 10, 8), Kind::int4, 3}, &reference_kernel());
  const int32_t of_features[] = {29, 30, 30};
  CHECK(check_batch(*featured.model, {of_features, lengths + 1, 1, 1}) == nullptr, "the last word's last feature");
  const char* beyond = check_batch(*featured.model, {of_features, lengths, 1, 2});
  CHECK(beyond && strstr(beyond, "vocabulary"), "a feature that the model has not");
  const std::vector<int32_t> many(kBatchRowsMax, 8);
  refuses({ids, many.data(), int(many.size()), 3}, "too many tokens");
}

}  // namespace
}  // namespace tiergate

// `--threads`: what runs on several threads, for ThreadSanitizer, under which all is slow.
int main(int argc, char** argv) {
  using namespace tiergate;
  const bool small = small_sizes(argc, argv);
  if (argc > 1 && strcmp(argv[1], "--threads") == 0) {
    test_threads(architectures()[0], find_kernel(nullptr));
    test_threads(architectures()[4], find_kernel("portable"));
    return exit_code();
  }
  for (const Architecture& of : architectures()) test_against_plain(of);
  for (const Kernel* kernel : kernels_here()) {
    // It is the measure, and slow.
    if (kernel == &reference_kernel()) continue;
    for (const Architecture& of : architectures()) {
      test_against_reference(of, kernel);
      test_states(of, kernel);
      if (of.kind != Kind::int4) continue;
      for (const std::vector<int>& lengths : kRagged) test_batch_as_single(of, kernel, lengths);
      if (!small || of.config.norm == Norm::pre) test_threads(of, kernel);
      test_stops(of, kernel);
    }
    test_not_finite(kernel, Positions::learned);
    test_not_finite(kernel, Positions::rotary);
    printf("%s: whole passes tested\n", kernel->name);
  }
  test_check_batch();
  return exit_code();
}
