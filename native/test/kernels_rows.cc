// Functions of rows of floats: quantize, quantize_gelu, layer_norm, embed, rotate, dense.
#include "../kernels/exact.h"
#include "kernels.h"

namespace tiergate {
namespace {

constexpr int kWidths[] = {32, 64, 96, 160, 384, 1536};

// What a kernel adds to its bytes.
int zero_of(const Kernel& kernel) {
  Array<float> row(32), scale(1);
  Array<uint8_t> bytes(32);
  kernel.quantize(row.data(), 1, 32, nullptr, {bytes.data(), scale.data()});
  return bytes[0];
}

int integer_of(uint8_t byte, int zero) { return zero == 0 ? int8_t(byte) : byte - zero; }

// The bytes and the scale of one row must stand for `value`, each of which is known within `known` of itself.
void check_row(const Kernel& kernel, const double* value, const double* known, int width, const uint8_t* bytes,
               float scale, const char* what) {
  const int zero = zero_of(kernel);
  double most = 0, most_known = 0;
  for (int k = 0; k < width; k++) {
    if (magnitude(value[k]) > most) most = magnitude(value[k]);
    if (known[k] > most_known) most_known = known[k];
  }
  CHECK(magnitude(scale - most / 127) <= (budget::kFloat * most + most_known) / 127 + 1e-44,
        "%s %s: the scale of %d values up to %g is %g", kernel.name, what, width, most, scale);
  for (int k = 0; k < width; k++) {
    const int integer = integer_of(bytes[k], zero);
    const double away = magnitude(integer * double(scale) - value[k]);
    // A row as small as that may as well be zeros.
    if (most < 1e-30 && magnitude(integer) <= 127 && away <= 2e-30) continue;
    CHECK(magnitude(integer) <= 127 && away <= scale * (0.5 + budget::kTie) + known[k] + most_known,
          "%s %s: value %d of %d is %g and becomes %d * %g", kernel.name, what, k, width, value[k], integer, scale);
  }
}

void test_quantize(const Kernel& kernel) {
  Random random(1);
  for (const int width : kWidths) {
    for (const bool smoothed : {false, true}) {
      constexpr int rows = int(sizeof kPatterns / sizeof *kPatterns);
      Array<float> in(size_t(rows) * width), smooth(width), scale(rows);
      Array<uint8_t> bytes(size_t(rows) * width);
      for (int k = 0; k < width; k++) smooth[k] = random.real(0.25f, 4);
      for (int m = 0; m < rows; m++) fill(in.data() + size_t(m) * width, width, kPatterns[m], random);
      kernel.quantize(in.data(), rows, width, smoothed ? smooth.data() : nullptr, {bytes.data(), scale.data()});
      for (int m = 0; m < rows; m++) {
        std::vector<double> value(width), known(width, 0.0);
        for (int k = 0; k < width; k++) {
          value[k] = double(in[size_t(m) * width + k]) * (smoothed ? smooth[k] : 1.0f);
          known[k] = smoothed ? magnitude(value[k]) * budget::kFloat + 1e-44 : 0;
        }
        check_row(kernel, value.data(), known.data(), width, bytes.data() + size_t(m) * width, scale[m], "quantize");
        // Whole numbers and halves, up to 127: exact, ties to the even one.
        if (smoothed || kPatterns[m] != Pattern::ties) continue;
        Array<uint8_t> meant(width);
        float meant_scale;
        reference_kernel().quantize(in.data() + size_t(m) * width, 1, width, nullptr, {meant.data(), &meant_scale});
        for (int k = 0; k < width; k++) {
          CHECK(integer_of(bytes[size_t(m) * width + k], zero_of(kernel)) == int8_t(meant[k]), "%s: %g becomes %d",
                kernel.name, in[size_t(m) * width + k], integer_of(bytes[size_t(m) * width + k], zero_of(kernel)));
        }
      }
    }
  }
}

double gelu(double x) { return 0.5 * x * (1 + exact::erf(x / __builtin_sqrt(2.0))); }

void test_quantize_gelu(const Kernel& kernel) {
  Random random(2);
  for (const int width : kWidths) {
    for (const bool gated : {false, true}) {
      for (const bool smoothed : {false, true}) {
        const int rows = 5, stride = gated ? 2 * width : width;
        Array<float> in(size_t(rows) * stride), smooth(width), scale(rows);
        Array<uint8_t> bytes(size_t(rows) * width);
        for (int k = 0; k < width; k++) smooth[k] = random.real(0.25f, 4);
        for (int m = 0; m < rows; m++) {
          const Pattern pattern[] = {Pattern::normal, Pattern::zeros, Pattern::ties, Pattern::one_huge, Pattern::tiny};
          fill(in.data() + size_t(m) * stride, stride, pattern[m], random);
          // The whole range in which gelu bends.
          if (m == 0) {
            for (int k = 0; k < width; k++) in[k] = -8 + 16 * float(k) / float(width);
          }
        }
        const Array<float> before(in);
        kernel.quantize_gelu(in.data(), rows, width, gated, smoothed ? smooth.data() : nullptr,
                             {bytes.data(), scale.data()});
        for (int m = 0; m < rows; m++) {
          std::vector<double> value(width), known(width);
          for (int k = 0; k < width; k++) {
            const double x = before[size_t(m) * stride + k];
            const double factor = (gated ? double(before[size_t(m) * stride + width + k]) : 1.0) * (smoothed ? smooth[k] : 1.0f);
            value[k] = gelu(x) * factor;
            known[k] = budget::kGelu * (magnitude(x) > 1 ? magnitude(x) : magnitude(x) < 1e-3 ? magnitude(x) : 1) *
                       magnitude(factor) + 1e-44;
          }
          check_row(kernel, value.data(), known.data(), width, bytes.data() + size_t(m) * width, scale[m],
                    "quantize_gelu");
        }
      }
    }
  }
}

void test_layer_norm(const Kernel& kernel) {
  Random random(3);
  for (const int width : kWidths) {
    for (const bool biased : {false, true}) {
      for (const float epsilon : {1e-12f, 1e-5f}) {
        for (const Pattern pattern : kPatterns) {
          // Its squares are no floats any more.
          if (pattern == Pattern::enormous) continue;
          const int rows = 3;
          Array<float> in(size_t(rows) * width), weight(width), bias(width), out(in.size()), meant(in.size());
          for (int m = 0; m < rows; m++) fill(in.data() + size_t(m) * width, width, pattern, random);
          for (int k = 0; k < width; k++) weight[k] = random.normal(), bias[k] = random.normal();
          const float* const bias_or_none = biased ? bias.data() : nullptr;
          reference_kernel().layer_norm(in.data(), rows, width, weight.data(), bias_or_none, epsilon, meant.data());
          kernel.layer_norm(in.data(), rows, width, weight.data(), bias_or_none, epsilon, out.data());
          for (int m = 0; m < rows; m++) {
            double mean = 0, variance = 0, most = 0;
            const float* row = in.data() + size_t(m) * width;
            for (int k = 0; k < width; k++) {
              mean += double(row[k]) / width;
              if (magnitude(row[k]) > most) most = magnitude(row[k]);
            }
            for (int k = 0; k < width; k++) variance += (row[k] - mean) * (row[k] - mean) / width;
            const double scale = 1 / __builtin_sqrt(variance + epsilon);
            for (int k = 0; k < width; k++) {
              const size_t at = size_t(m) * width + k;
              // Where all values are nearly the same, what differs is rounding, and it is scaled up.
              const double allowed = budget::kFloat * (4 + most * scale * (1 + width / 64)) * (1 + magnitude(weight[k])) +
                                     budget::kFloat * magnitude(meant[at]);
              CHECK(magnitude(out[at] - meant[at]) <= allowed, "%s: layer_norm of %d values, pattern %d: %g, not %g",
                    kernel.name, width, int(pattern), out[at], meant[at]);
            }
          }
          kernel.layer_norm(in.data(), rows, width, weight.data(), bias_or_none, epsilon, in.data());
          CHECK(in == out, "%s: layer_norm in place", kernel.name);
        }
      }
    }
  }
}

void test_embed_rotate_dense(const Kernel& kernel) {
  Random random(4);
  for (const int width : kWidths) {
    Array<int8_t> table(width);
    Array<float> position(width), out(width), meant(width);
    for (int k = 0; k < width; k++) table[k] = int8_t(random.whole(-127, 127)), position[k] = random.normal();
    for (const float* added : {static_cast<const float*>(position.data()), static_cast<const float*>(nullptr)}) {
      kernel.embed(table.data(), 0.013f, added, width, out.data());
      reference_kernel().embed(table.data(), 0.013f, added, width, meant.data());
      for (int k = 0; k < width; k++) {
        CHECK(magnitude(out[k] - meant[k]) <= 4 * budget::kFloat, "%s: embed %d", kernel.name, k);
      }
    }
    for (const int outputs : {1, 2, 7, 64}) {
      const int rows = 3;
      Array<float> in(size_t(rows) * width), weight(size_t(outputs) * width), bias(outputs);
      for (size_t i = 0; i < in.size(); i++) in[i] = random.normal();
      for (size_t i = 0; i < weight.size(); i++) weight[i] = random.normal();
      for (int c = 0; c < outputs; c++) bias[c] = random.normal();
      Array<float> logits(size_t(rows) * outputs), logits_meant(logits.size());
      kernel.dense(in.data(), rows, width, weight.data(), bias.data(), outputs, logits.data());
      reference_kernel().dense(in.data(), rows, width, weight.data(), bias.data(), outputs, logits_meant.data());
      for (size_t i = 0; i < logits.size(); i++) {
        CHECK(magnitude(logits[i] - logits_meant[i]) <= budget::kFloat * width, "%s: dense of %d", kernel.name, width);
      }
    }
  }
  for (const int dimensions : {16, 32, 48, 64, 80, 128, 256}) {
    const int heads = 3;
    Array<float> rows(size_t(heads) * dimensions), turn(dimensions);
    for (size_t i = 0; i < rows.size(); i++) rows[i] = random.normal();
    for (int d = 0; d < dimensions / 2; d++) {
      double sine, cosine;
      exact::sine_cosine(random.real(0, 1000), &sine, &cosine);
      turn[d] = float(cosine), turn[dimensions / 2 + d] = float(sine);
    }
    Array<float> meant(rows);
    kernel.rotate(rows.data(), heads, dimensions, turn.data());
    reference_kernel().rotate(meant.data(), heads, dimensions, turn.data());
    for (size_t i = 0; i < rows.size(); i++) {
      CHECK(magnitude(rows[i] - meant[i]) <= 4 * budget::kFloat, "%s: rotate", kernel.name);
    }
  }
}

}  // namespace

void test_rows(const Kernel& kernel, bool) {
  test_quantize(kernel);
  test_quantize_gelu(kernel);
  test_layer_norm(kernel);
  test_embed_rotate_dense(kernel);
}

}  // namespace tiergate
