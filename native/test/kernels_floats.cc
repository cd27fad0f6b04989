// Products of float matrices: sizes around each edge of a tile and of a block, and nothing written beside the result.
#include "kernels.h"

namespace tiergate {
namespace {

void check_product(const Kernel& kernel, int rows, int columns, int width, bool add, Random& random) {
  Array<float> a(size_t(rows) * width), b(size_t(columns) * width), out(size_t(rows) * columns);
  for (size_t i = 0; i < a.size(); i++) a[i] = random.normal();
  for (size_t i = 0; i < b.size(); i++) b[i] = random.normal();
  for (size_t i = 0; i < out.size(); i++) out[i] = add ? random.normal() : __builtin_nanf("");
  Array<float> meant(out);
  kernel.times_transposed(a.data(), rows, b.data(), columns, width, add, out.data());
  reference_kernel().times_transposed(a.data(), rows, b.data(), columns, width, add, meant.data());
  for (size_t i = 0; i < out.size(); i++) {
    CHECK(magnitude(out[i] - meant[i]) <= budget::kFloat * (4 + width),
          "%s: %d x %d products of %d values: number %d is %g, not %g", kernel.name, rows, columns, width, int(i), out[i],
          meant[i]);
  }
}

void check_adapter_product(const Kernel& kernel, int rows, int rank, int columns, Random& random) {
  const int padded = (columns + kFloatPanel - 1) / kFloatPanel * kFloatPanel, stride = columns + 3;
  Array<float> a(size_t(rows) * rank), b(size_t(rank) * padded), out(size_t(rows) * stride);
  for (size_t i = 0; i < a.size(); i++) a[i] = random.normal();
  for (int k = 0; k < rank; k++) {
    for (int n = 0; n < columns; n++) b[size_t(k) * padded + n] = random.normal();
  }
  for (size_t i = 0; i < out.size(); i++) out[i] = random.normal();
  Array<float> meant(out);
  kernel.add_product(a.data(), rows, rank, b.data(), columns, out.data(), stride);
  reference_kernel().add_product(a.data(), rows, rank, b.data(), columns, meant.data(), stride);
  for (size_t i = 0; i < out.size(); i++) {
    CHECK(magnitude(out[i] - meant[i]) <= budget::kFloat * (4 + rank), "%s: %d rows of rank %d to %d: number %d is %g, not %g",
          kernel.name, rows, rank, columns, int(i), out[i], meant[i]);
  }
}

}  // namespace

void test_floats(const Kernel& kernel, bool small) {
  Random random(5);
  for (const bool add : {false, true}) {
    for (const int width : {1, 3, 4, 8, 15, 16, 17, 33, 64, 511, 512, 513, 1100}) {
      if (small && width > 64) continue;
      for (int rows = 1; rows <= 13; rows++) {
        for (int columns = 1; columns <= 9; columns++) check_product(kernel, rows, columns, width, add, random);
      }
    }
    for (const int columns : {63, 64, 65, 130}) {
      for (const int width : {8, 32, 33}) check_product(kernel, 8, columns, width, add, random);
    }
    for (const int rows : {47, 48, 49, 95, 96, 97, 200}) check_product(kernel, rows, 37, 40, add, random);
  }
  for (const int rank : {1, 3, 8, 64}) {
    for (const int columns : {32, 64, 96, 1152}) {
      for (const int rows : {1, 2, 5, 6, 7, 12, 51}) check_adapter_product(kernel, rows, rank, columns, random);
    }
  }
  // A row's results do not depend on the rows beside it.
  Array<float> a(7 * 100), b(5 * 100), together(7 * 5), alone(7 * 5);
  for (size_t i = 0; i < a.size(); i++) a[i] = random.normal();
  for (size_t i = 0; i < b.size(); i++) b[i] = random.normal();
  kernel.times_transposed(a.data(), 7, b.data(), 5, 100, false, together.data());
  for (int m = 0; m < 7; m++) kernel.times_transposed(&a[m * 100], 1, b.data(), 5, 100, false, &alone[m * 5]);
  CHECK(together == alone, "%s: products of one row are those of seven", kernel.name);
}

}  // namespace tiergate
