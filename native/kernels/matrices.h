// Products with a matrix of weights, and how it is packed for them.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
#pragma once
#include "tile.h"

namespace tiergate {
namespace {

template <class T>
size_t linear_bytes(const LinearSource& from) {
  return size_t(from.inputs) * ((from.outputs + Vectors<T>::panel - 1) / Vectors<T>::panel * Vectors<T>::panel);
}

template <class T>
void pack_linear(const LinearSource& from, uint8_t* weights, int32_t* offset) {
  constexpr int panel = Vectors<T>::panel;
  for (int n = 0; n < from.outputs; n++) {
    const int8_t* row = from.integer + size_t(n) * from.inputs;
    uint8_t* column = weights + size_t(n / panel) * from.inputs * panel + n % panel * 4;
    for (int k = 0; k < from.inputs; k += 4) __builtin_memcpy(column + size_t(k) * panel, row + k, 4);
    int32_t total = 0;
    for (int k = 0; k < from.inputs; k++) total += row[k];
    offset[n] = -T::zero * total;
  }
}

template <class T, int R>
TIERGATE_INLINE void finish_tile(const Tile<T, R>& tile, int n, const float* a_scale, const Linear& matrix, bool add,
                                 float* out, size_t out_stride) {
  using V = Vectors<T>;
  float copy[R * V::panel];
  const int columns = matrix.outputs - n;
  const bool whole = columns >= V::panel;
  float* to = whole ? out + n : copy;
  const size_t stride = whole ? out_stride : V::panel;
  if (!whole && add) {
    for (int i = 0; i < R; i++) __builtin_memcpy(copy + i * V::panel, out + i * out_stride + n, columns * 4);
  }
  TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
    const auto unit = V::load(matrix.unit + n + j * V::W), bias = V::load(matrix.bias + n + j * V::W);
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      auto value = V::to_float(tile.sums[i][j]) * (unit * a_scale[i]) + bias;
      float* at = to + i * stride + j * V::W;
      if (add) value += V::load(at);
      V::store(at, value);
    }
  }
  if (!whole) {
    for (int i = 0; i < R; i++) __builtin_memcpy(out + i * out_stride + n, copy + i * V::panel, columns * 4);
  }
}

// Far enough to come from the last-level cache in time; measured at 16 rows, where a matrix is read twice only.
constexpr int kAhead = 8192;

template <class T>
struct LinearTile {
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* a, const float* a_scale, const Linear* matrix, bool add,
                                            float* out, size_t out_stride) {
    const int inputs = matrix->inputs;
    for (int n = 0; n < matrix->outputs; n += Vectors<T>::panel) {
      Tile<T, R> tile;
      tile.start(matrix->offset + n);
      tile.template add<kAhead>(a, inputs, matrix->weights + size_t(n) * inputs, inputs / 4);
      finish_tile<T, R>(tile, n, a_scale, *matrix, add, out, out_stride);
    }
  }
};

template <class T>
void linear(const Quantized in, int rows, const Linear& matrix, bool add, float* out, size_t out_stride) {
  in_blocks(rows, T::rows, [&](int first, int count) {
    ByRows<T, LinearTile<T>>::run(count, in.bytes + size_t(first) * matrix.inputs, in.scale + first, &matrix, add,
                                  out + first * out_stride, out_stride);
  });
}

}  // namespace
}  // namespace tiergate
