// Attention of one text: split_heads and attend together, from floats to floats.
#include "../kernels/exact.h"
#include "kernels.h"

namespace tiergate {
namespace {

// The queries, keys and values of one text, quantized by one kernel. The text's rows begin at `row` of its batch.
struct TextHeads {
  const Kernel& kernel;
  int keys, row;
  HeadsLayout layout;
  size_t keys_padded, value_columns;
  Array<uint8_t> query;
  Array<float> query_scale;
  Array<int8_t> key;
  Array<float> key_scale;
  Array<int32_t> key_offset;
  Array<int8_t> value;
  Array<float> value_scale;

  TextHeads(const Kernel& of, int heads, int dimensions, int keys_count, int first_row)
      : kernel(of),
        keys(keys_count),
        row(first_row),
        layout{heads, dimensions, round_up(keys, of.panel < 4 ? 4 : of.panel), size_t(heads) * dimensions},
        keys_padded(size_t(layout.keys_max) * heads),
        value_columns(round_up(dimensions, of.panel)),
        query(size_t(row + keys) * layout.query_stride),
        query_scale(size_t(row + keys) * heads),
        // What lies behind the keys of a text is what another text left there: anything, but scales of 0.
        key(keys_padded * dimensions, 99),
        key_scale(keys_padded, 1e30f),
        key_offset(keys_padded, -12345678),
        value(keys_padded * value_columns, -99),
        value_scale(keys_padded) {}

  static int round_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }
  Heads view() {
    return {query.data(),      query_scale.data(), key.data(),        key_scale.data(),
            key_offset.data(), value.data(),       value_scale.data()};
  }
  // `qkv` is [keys][3 * heads * dimensions].
  void split(const float* qkv) {
    const size_t width = 3 * layout.query_stride;
    for (int at = 0; at < keys; at++) kernel.split_heads(qkv + at * width, layout, row + at, at, view());
  }
  // Rows first to first + rows - 1.
  void attend(int first, int rows, int window, float* context) {
    Array<uint8_t> scratch(kernel.attend_scratch(keys), 0xff);
    kernel.attend(view(), layout, row + first, first, rows, {keys, window}, scratch.data(), context);
  }
};

struct Case {
  int heads, dimensions, keys, window;
};

// What an exact softmax may be missed by, relative to the largest value of a head.
double allowed(const Case& c, double score_max) {
  const int seen = c.window == 0 || 2 * c.window + 1 > c.keys ? c.keys : 2 * c.window + 1;
  return 2 * (budget::kPower + budget::kPowerOfScore * score_max) + 0.5 * (seen + 1) / budget::kProbabilitySteps;
}

void compare(const Kernel& kernel, const Case& c, const Array<float>& qkv, double value_max, double score_max,
             double more, const char* what) {
  const size_t width = size_t(c.heads) * c.dimensions;
  TextHeads meant(reference_kernel(), c.heads, c.dimensions, c.keys, 0), here(kernel, c.heads, c.dimensions, c.keys, 3);
  meant.split(qkv.data());
  here.split(qkv.data());
  Array<float> context_meant(c.keys * width), context(c.keys * width);
  meant.attend(0, c.keys, c.window, context_meant.data());
  here.attend(0, c.keys, c.window, context.data());
  const double most = value_max * (allowed(c, score_max) + more) + 1e-37;
  for (size_t i = 0; i < context.size(); i++) {
    CHECK(magnitude(context[i] - context_meant[i]) <= most,
          "%s %s: %d heads of %d, %d keys, window %d: token %d, value %d: %g, not %g", kernel.name, what, c.heads,
          c.dimensions, c.keys, c.window, int(i / width), int(i % width), context[i], context_meant[i]);
  }
  // In two calls, as two threads would have it: the same to the bit.
  const int cut = c.keys / 3;
  if (cut == 0) return;
  Array<float> parts(c.keys * width);
  here.attend(0, cut, c.window, parts.data());
  here.attend(cut, c.keys - cut, c.window, parts.data() + cut * width);
  CHECK(parts == context, "%s %s: %d heads of %d, %d keys, window %d: in two calls as in one", kernel.name, what, c.heads,
        c.dimensions, c.keys, c.window);
}

// Whole numbers up to 127, so that both kernels quantize alike. `sharp`: how far scores go.
void test_integers(const Kernel& kernel, const Case& c, float sharp, bool saturated, Random& random) {
  const size_t width = size_t(c.heads) * c.dimensions;
  Array<float> qkv(3 * width * c.keys);
  for (size_t i = 0; i < qkv.size(); i++) {
    const int part = int(i % (3 * width) / width), d = int(i % c.dimensions);
    const int integer = d == 0 ? 127 : saturated ? 127 - 254 * random.whole(0, 1) : random.whole(-127, 127);
    // Powers of two stay exact.
    qkv[i] = float(integer) * (part == 2 ? 0.5f : sharp);
  }
  const double score_max = 127.0 * 127 * c.dimensions * sharp * sharp / __builtin_sqrt(double(c.dimensions)) * 1.4427;
  compare(kernel, c, qkv, 63.5, score_max, 0, saturated ? "saturated" : "integers");
}

void test_floats(const Kernel& kernel, const Case& c, Random& random) {
  const size_t width = size_t(c.heads) * c.dimensions;
  Array<float> qkv(3 * width * c.keys);
  double value_max = 0;
  for (size_t i = 0; i < qkv.size(); i++) {
    qkv[i] = random.normal() * 1.5f;
    if (magnitude(qkv[i]) > value_max) value_max = magnitude(qkv[i]);
  }
  // Here and there a byte is another by one.
  compare(kernel, c, qkv, value_max, 40, 0.01, "floats");
}

// Tokens whose values are all zero, or as small as floats get, beside large ones.
void test_uneven_values(const Kernel& kernel, int zeros) {
  const Case c = {2, 32, 21, 0};
  Random random(23);
  Array<float> qkv(size_t(3) * 64 * c.keys);
  for (int key = 0; key < c.keys; key++) {
    float* row = qkv.data() + size_t(key) * 192;
    fill(row, 64, Pattern::normal, random);
    fill(row + 64, 64, key % 4 == 0 ? Pattern::zeros : Pattern::normal, random);
    fill(row + 128, 64,
         zeros == 2 || (zeros == 1 && key % 2) ? Pattern::zeros : key % 5 == 0 ? Pattern::denormal : Pattern::normal, random);
  }
  compare(kernel, c, qkv, 3, 40, 0.01, "uneven values");
}

// A value everywhere the same comes out as it went in, whatever the scores.
void test_constant(const Kernel& kernel) {
  const Case c = {1, 64, 77, 0};
  Random random(24);
  Array<float> qkv(size_t(3) * 64 * c.keys), context(size_t(64) * c.keys);
  for (int key = 0; key < c.keys; key++) {
    float* row = qkv.data() + size_t(key) * 192;
    fill(row, 128, Pattern::normal, random);
    for (int d = 0; d < 64; d++) row[128 + d] = d % 2 ? 127.0f : -127.0f;
  }
  TextHeads text(kernel, 1, 64, c.keys, 0);
  text.split(qkv.data());
  text.attend(0, c.keys, 0, context.data());
  for (size_t i = 0; i < context.size(); i++) {
    const float meant = i % 2 ? 127.0f : -127.0f;
    CHECK(magnitude(context[i] - meant) <= 127 * allowed(c, 40), "%s: a constant comes out as %g", kernel.name, context[i]);
  }
}

}  // namespace

void test_attention(const Kernel& kernel, bool small) {
  Random random(21);
  const int panel = kernel.panel < 4 ? 4 : kernel.panel;
  const int keys[] = {1, 2, 3, 4, 5, panel - 1, panel, panel + 1, 2 * panel + 1, 63, 64, 65, 130};
  for (const int dimensions : {16, 32, 48, 64, 80, 128, 256}) {
    for (const int count : keys) {
      if (small && count > 65) continue;
      const Case c = {1 + count % 3, dimensions, count, 0};
      test_integers(kernel, c, 0.0078125f, false, random);
      test_integers(kernel, c, 0.03125f, true, random);
      test_floats(kernel, c, random);
    }
  }
  for (const int window : {1, 2, panel - 1, panel, panel + 1, 64, 200}) {
    for (const int count : {1, 2, panel, panel + 1, 130}) {
      const Case c = {2, 32, count, window};
      test_integers(kernel, c, 0.0078125f, false, random);
      test_floats(kernel, c, random);
    }
  }
  for (const int zeros : {0, 1, 2}) test_uneven_values(kernel, zeros);
  test_constant(kernel);
}

}  // namespace tiergate
