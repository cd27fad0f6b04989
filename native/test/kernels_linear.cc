// Products of matrices. The whole-number part is exact, whatever stands in the bytes; the float part is within budget.
#include "kernels.h"

namespace tiergate {
namespace {

// A matrix as a loader would make it, and packed for one kernel.
struct Matrix {
  int outputs, inputs, padded;
  Array<int8_t> q, integer;
  Array<uint8_t> sub;
  Array<float> unit, bias, smooth;
  Array<int32_t> offset;
  uint8_t* weights = nullptr;
  Linear view;

  Matrix(const Kernel& kernel, int N, int K)
      : outputs(N),
        inputs(K),
        padded((N + kernel.panel - 1) / kernel.panel * kernel.panel),
        q(size_t(N) * K),
        integer(size_t(N) * K),
        sub(size_t(N) * K / kBlock, 1),
        unit(padded),
        bias(padded),
        smooth(K, 1),
        offset(padded) {
    for (int n = 0; n < N; n++) unit[n] = 1;
  }
  ~Matrix() { free(weights); }
  Matrix(const Matrix&) = delete;

  // From q and sub, or (int8) from `integer` alone.
  void pack(const Kernel& kernel, bool two_factors) {
    if (two_factors) {
      for (size_t i = 0; i < q.size(); i++) {
        const int product = q[i] * sub[i / kBlock];
        CHECK(product >= -128 && product <= 127, "the test's own weights are int8");
        integer[i] = int8_t(product);
      }
    }
    const LinearSource source = {outputs,     inputs, integer.data(), unit.data(), bias.data(),
                                 smooth.data(), two_factors ? q.data() : nullptr, two_factors ? sub.data() : nullptr};
    const size_t bytes = kernel.linear_bytes(source);
    void* memory = nullptr;
    if (posix_memalign(&memory, 64, bytes) != 0) abort();
    memset(memory, 0, bytes);
    weights = static_cast<uint8_t*>(memory);
    kernel.pack_linear(source, weights, offset.data());
    view = {outputs, inputs, two_factors, weights, unit.data(), bias.data(), offset.data(), smooth.data()};
  }
};

// Whole numbers from -127 to 127 as rows of a kernel's own bytes, of scale 1: the first of each row is 127, or all are 0.
struct Rows {
  int count, width;
  Array<int8_t> integer;
  Array<uint8_t> bytes;
  Array<float> scale;

  Rows(int rows, int K) : count(rows), width(K), integer(size_t(rows) * K), bytes(size_t(rows) * K), scale(rows) {}
  void quantize(const Kernel& kernel) {
    Array<float> floats(integer.size());
    for (size_t i = 0; i < floats.size(); i++) floats[i] = integer[i];
    kernel.quantize(floats.data(), count, width, nullptr, {bytes.data(), scale.data()});
  }
  Quantized view() { return {bytes.data(), scale.data()}; }
};

int64_t product(const Matrix& matrix, const Rows& rows, int m, int n) {
  int64_t total = 0;
  for (int k = 0; k < matrix.inputs; k++) {
    total += rows.integer[size_t(m) * matrix.inputs + k] * matrix.integer[size_t(n) * matrix.inputs + k];
  }
  return total;
}

// Units of 1, no bias: the result is the whole number, as a float.
void check_exact(const Kernel& kernel, const Matrix& matrix, Rows& rows, const char* what) {
  rows.quantize(kernel);
  const size_t stride = matrix.outputs + 3;
  Array<float> out((rows.count - 1) * stride + matrix.outputs, -7);
  kernel.linear(rows.view(), rows.count, matrix.view, false, out.data(), stride);
  for (int m = 0; m < rows.count; m++) {
    for (int n = 0; n < matrix.outputs; n++) {
      const float meant = float(int32_t(product(matrix, rows, m, n))) * rows.scale[m];
      CHECK(out[m * stride + n] == meant, "%s %s: row %d of %d, output %d of %d, %d inputs: %.9g, not %.9g", kernel.name,
            what, m, rows.count, n, matrix.outputs, matrix.inputs, out[m * stride + n], meant);
    }
    for (int n = matrix.outputs; n < int(stride) && m + 1 < rows.count; n++) {
      CHECK(out[m * stride + n] == -7, "%s %s: nothing is written between rows", kernel.name, what);
    }
  }
}

enum class Weights { int4, ternary, int8 };

void fill_weights(Matrix& matrix, Weights kind, Random& random) {
  for (size_t b = 0; b < matrix.sub.size(); b++) {
    matrix.sub[b] = uint8_t(kind == Weights::int8 ? 1 : kind == Weights::int4 ? random.whole(1, 16) : random.whole(1, 127));
  }
  for (size_t i = 0; i < matrix.q.size(); i++) {
    if (kind == Weights::int8) matrix.integer[i] = int8_t(random.whole(-127, 127));
    else matrix.q[i] = int8_t(kind == Weights::int4 ? random.whole(-8, 7) : random.whole(-1, 1));
  }
}

void fill_rows(Rows& rows, Random& random, bool saturated) {
  for (size_t i = 0; i < rows.integer.size(); i++) {
    rows.integer[i] = int8_t(saturated ? 127 - 254 * random.whole(0, 1) : random.whole(-127, 127));
    if (i % rows.width == 0) rows.integer[i] = 127;
  }
}

// Around every edge: rows of a tile, outputs of a panel, blocks of inputs.
void test_sizes(const Kernel& kernel, bool small) {
  Random random(11);
  const int panel = kernel.panel;
  const int outputs[] = {1, panel > 1 ? panel - 1 : 2, panel, panel + 1, 3 * panel + panel / 2};
  for (const int rows_count : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 23, 24, 25, 26}) {
    if (small && rows_count > 14) continue;
    for (const int N : outputs) {
      for (const int K : {32, 96, 384}) {
        const Weights kind = Weights((rows_count + N + K / 32) % 3);
        Matrix matrix(kernel, N, K);
        fill_weights(matrix, kind, random);
        matrix.pack(kernel, kind != Weights::int8);
        Rows rows(rows_count, K);
        fill_rows(rows, random, rows_count % 5 == 0);
        check_exact(kernel, matrix, rows, "sizes");
      }
    }
  }
}

// The widest matrix there is, with the largest sums there are.
void test_largest(const Kernel& kernel) {
  const int K = 16384;
  for (const int q : {-8, 7}) {
    for (const int a : {-127, 127}) {
      Matrix matrix(kernel, 2, K);
      for (size_t i = 0; i < matrix.q.size(); i++) matrix.q[i] = int8_t(q);
      for (size_t b = 0; b < matrix.sub.size(); b++) matrix.sub[b] = uint8_t(q < 0 ? 16 : 18);
      matrix.pack(kernel, true);
      Rows rows(2, K);
      for (size_t i = 0; i < rows.integer.size(); i++) rows.integer[i] = int8_t(a);
      check_exact(kernel, matrix, rows, "largest int4");
    }
  }
  Matrix matrix(kernel, 2, K);
  for (size_t i = 0; i < matrix.integer.size(); i++) matrix.integer[i] = int8_t(i < size_t(K) ? -127 : 127);
  matrix.pack(kernel, false);
  Rows rows(2, K);
  for (size_t i = 0; i < rows.integer.size(); i++) rows.integer[i] = int8_t(i < size_t(K) ? 127 : -127);
  check_exact(kernel, matrix, rows, "largest int8");
}

// Every arrangement of the largest activations and of the outermost nibbles over four and over eight neighbouring inputs:
// whatever a kernel sums in 16 bits, and in whatever order, has its worst case here.
void test_arrangements(const Kernel& kernel, bool small) {
  for (const int neighbours : {4, 8}) {
    const int arrangements = 1 << neighbours, step = small && neighbours == 8 ? 7 : 1;
    const int K = 2 * kBlock;
    for (const int sub : {1, 16}) {
      Matrix matrix(kernel, arrangements, K);
      for (int n = 0; n < arrangements; n++) {
        for (int k = 0; k < K; k++) matrix.q[size_t(n) * K + k] = n >> (k % neighbours) & 1 ? 7 : -8;
      }
      for (size_t b = 0; b < matrix.sub.size(); b++) matrix.sub[b] = uint8_t(b % 2 ? 1 : sub);
      matrix.pack(kernel, true);
      Rows rows((arrangements + step - 1) / step, K);
      for (int m = 0; m < rows.count; m++) {
        for (int k = 0; k < K; k++) rows.integer[size_t(m) * K + k] = m * step >> (k % neighbours) & 1 ? 127 : -127;
      }
      check_exact(kernel, matrix, rows, "arrangements");
    }
  }
}

// Random outermost values, zeros among them: prefixes of sums go as far as they can.
void test_outermost(const Kernel& kernel, bool small) {
  Random random(12);
  for (int round = 0; round < (small ? 3 : 20); round++) {
    const int K = kBlock * random.whole(1, 8), N = random.whole(1, 2 * kernel.panel + 1);
    Matrix matrix(kernel, N, K);
    // Runs of one sign, then of the other.
    const int run = random.whole(1, K);
    for (int n = 0; n < N; n++) {
      for (int k = 0; k < K; k++) matrix.q[size_t(n) * K + k] = int8_t((k + n) / run % 2 ? -8 : 7);
    }
    for (size_t b = 0; b < matrix.sub.size(); b++) matrix.sub[b] = uint8_t(random.whole(0, 1) ? 16 : 1);
    matrix.pack(kernel, true);
    Rows rows(random.whole(1, 26), K);
    for (int m = 0; m < rows.count; m++) {
      for (int k = 0; k < K; k++) {
        const int flip = (k + m) / run % 2;
        rows.integer[size_t(m) * K + k] = int8_t(random.whole(0, 9) == 0 ? 0 : flip ? -127 : 127);
      }
      rows.integer[size_t(m) * K] = 127;
    }
    check_exact(kernel, matrix, rows, "outermost");
  }
}

// Units, scales, biases and what is there already; and a row's result does not depend on the rows beside it.
void test_floats(const Kernel& kernel) {
  Random random(13);
  const int K = 160, N = 2 * kernel.panel + 5, rows_count = 26;
  Matrix matrix(kernel, N, K);
  fill_weights(matrix, Weights::int4, random);
  for (int n = 0; n < N; n++) matrix.unit[n] = random.real(-0.01f, 0.01f), matrix.bias[n] = random.normal();
  matrix.unit[1] = 0, matrix.unit[2] = 1e-40f, matrix.unit[3] = 1e20f;
  matrix.pack(kernel, true);
  Rows rows(rows_count, K);
  fill_rows(rows, random, false);
  for (int k = 0; k < K; k++) rows.integer[size_t(4) * K + k] = 0;
  rows.quantize(kernel);
  for (int m = 0; m < rows_count; m++) rows.scale[m] *= random.real(0.001f, 0.1f);
  for (const bool add : {false, true}) {
    Array<float> before(size_t(rows_count) * N);
    for (size_t i = 0; i < before.size(); i++) before[i] = random.normal();
    Array<float> out(before);
    kernel.linear(rows.view(), rows_count, matrix.view, add, out.data(), N);
    for (int m = 0; m < rows_count; m++) {
      for (int n = 0; n < N; n++) {
        const size_t at = size_t(m) * N + n;
        const double own = double(product(matrix, rows, m, n)) * matrix.unit[n] * rows.scale[m];
        const double others = double(matrix.bias[n]) + (add ? before[at] : 0);
        CHECK(magnitude(out[at] - own - others) <=
                  budget::kFloat * (magnitude(own) + magnitude(matrix.bias[n]) + magnitude(before[at])) + 1e-36,
              "%s: row %d, output %d: %g, not %g", kernel.name, m, n, out[at], own + others);
      }
      Array<float> one(N);
      memcpy(one.data(), before.data() + size_t(m) * N, size_t(N) * sizeof(float));
      kernel.linear({rows.bytes.data() + size_t(m) * K, rows.scale.data() + m}, 1, matrix.view, add, one.data(), N);
      CHECK(memcmp(one.data(), out.data() + size_t(m) * N, size_t(N) * sizeof(float)) == 0,
            "%s: row %d alone is as among others, to the bit", kernel.name, m);
    }
  }
}

}  // namespace

void test_linear(const Kernel& kernel, bool small) {
  test_sizes(kernel, small);
  test_largest(kernel);
  test_arrangements(kernel, small);
  test_outermost(kernel, small);
  test_floats(kernel);
}

}  // namespace tiergate
