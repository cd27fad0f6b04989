// Products of float matrices: what learning needs, and adapters. A pass without an adapter has none.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
#pragma once
#include "tile.h"

namespace tiergate {
namespace {

// Sums of a tile lie along the width, so that neither matrix has to be packed: R rows times four columns, whose sums
// one way of adding up brings side by side. With 32 registers six rows fit, with 16 three.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kFloatRows = 6;
#else
constexpr int kFloatRows = 3;
#endif
constexpr int kFloatColumns = 4;
// Of so many values of the width, a tile's rows and columns fit in the nearest cache; of so many rows, all in the next.
constexpr int kFloatWidth = 512, kFloatRowsBlock = 16 * kFloatRows;

// Of a matrix whose rows lie `stride` apart.
struct FloatRows {
  const float* values;
  size_t stride;
};

// The first `count` lanes, zeros behind.
template <class T>
TIERGATE_INLINE typename Vectors<T>::F load_part(const float* from, int count) {
  float values[Vectors<T>::W] = {};
  for (int i = 0; i < count; i++) values[i] = from[i];
  return Vectors<T>::load(values);
}

// Each lane and the one whose number differs in the bit n, added up: of `a` where the bit is 0, else of `b`.
template <class T, int n>
TIERGATE_INLINE typename Vectors<T>::F add_lanes(typename Vectors<T>::F a, typename Vectors<T>::F b) {
  typename Vectors<T>::I lane;
  TIERGATE_UNROLL for (int i = 0; i < Vectors<T>::W; i++) lane[i] = i & n;
  return (lane != 0 ? b : a) + Types<Vectors<T>::W>::template swap<n>(lane != 0 ? a : b);
}

// The sums of four vectors, in the first four lanes.
template <class T>
TIERGATE_INLINE typename Vectors<T>::F sums_of_four(const typename Vectors<T>::F (&of)[4]) {
  constexpr int W = Vectors<T>::W;
  auto sums = add_lanes<T, 2>(add_lanes<T, 1>(of[0], of[1]), add_lanes<T, 1>(of[2], of[3]));
  if constexpr (W == 16) sums += Types<W>::template swap<8>(sums);
  if constexpr (W >= 8) sums += Types<W>::template swap<4>(sums);
  return sums;
}

template <class T>
struct FloatTile {
  // `columns` of four are there; what lies behind the last one is taken to be the last one again.
  template <int R>
  static __attribute__((noinline)) void run(FloatRows a, FloatRows b, int columns, int width, bool add, float* out,
                                            size_t out_stride) {
    using V = Vectors<T>;
    using F = typename V::F;
    const float* column[kFloatColumns];
    for (int j = 0; j < kFloatColumns; j++) column[j] = b.values + (j < columns ? j : columns - 1) * b.stride;
    F sums[R][kFloatColumns];
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      TIERGATE_UNROLL for (int j = 0; j < kFloatColumns; j++) sums[i][j] = F{};
    }
    int k = 0;
    for (; k + V::W <= width; k += V::W) {
      F row[R];
      TIERGATE_UNROLL for (int i = 0; i < R; i++) row[i] = V::load(a.values + i * a.stride + k);
      TIERGATE_UNROLL for (int j = 0; j < kFloatColumns; j++) {
        const F values = V::load(column[j] + k);
        TIERGATE_UNROLL for (int i = 0; i < R; i++) sums[i][j] += row[i] * values;
      }
    }
    if (k < width) {
      F row[R];
      TIERGATE_UNROLL for (int i = 0; i < R; i++) row[i] = load_part<T>(a.values + i * a.stride + k, width - k);
      TIERGATE_UNROLL for (int j = 0; j < kFloatColumns; j++) {
        const F values = load_part<T>(column[j] + k, width - k);
        TIERGATE_UNROLL for (int i = 0; i < R; i++) sums[i][j] += row[i] * values;
      }
    }
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      const F four = sums_of_four<T>(sums[i]);
      for (int j = 0; j < columns; j++) out[i * out_stride + j] = add ? out[i * out_stride + j] + four[j] : four[j];
    }
  }
};

// Of narrow matrices nothing would be left to add up along the width: their columns lie along the vector.
constexpr int kFloatNarrow = 32;

template <class T>
struct NarrowTile {
  // `b` is [width][columns, padded to a multiple of kFloatPanel].
  template <int R>
  static __attribute__((noinline)) void run(FloatRows a, FloatRows b, int columns, int width, bool add, float* out,
                                            size_t out_stride) {
    using V = Vectors<T>;
    using F = typename V::F;
    constexpr int vectors = kFloatColumns, panel = vectors * V::W;
    for (int n = 0; n < columns; n += panel) {
      const int count = columns - n < panel ? columns - n : panel;
      float copy[R * panel];
      float* to = out + n;
      size_t stride = out_stride;
      if (count < panel) {
        for (int i = 0; i < R; i++) {
          for (int j = 0; j < panel; j++) copy[i * panel + j] = add && j < count ? to[i * out_stride + j] : 0;
        }
        to = copy;
        stride = panel;
      }
      F sums[R][vectors];
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = add ? V::load(to + i * stride + j * V::W) : F{};
      }
      for (int k = 0; k < width; k++) {
        F column[vectors];
        TIERGATE_UNROLL for (int j = 0; j < vectors; j++) column[j] = V::load(b.values + k * b.stride + n + j * V::W);
        TIERGATE_UNROLL for (int i = 0; i < R; i++) {
          const F row = V::all(a.values[i * a.stride + k]);
          TIERGATE_UNROLL for (int j = 0; j < vectors; j++) sums[i][j] += row * column[j];
        }
      }
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < vectors; j++) V::store(to + i * stride + j * V::W, sums[i][j]);
      }
      if (count == panel) continue;
      for (int i = 0; i < R; i++) {
        for (int j = 0; j < count; j++) out[i * out_stride + n + j] = copy[i * panel + j];
      }
    }
  }
};

// out[m][n] = sum_k a[m][k] * b[k][n] (+ out[m][n] if `add`)
template <class T>
void times_narrow(FloatRows a, int rows, FloatRows b, int columns, int width, bool add, float* out, size_t out_stride) {
  in_blocks(rows, kFloatRows, [&](int first, int count) {
    ByRows<T, NarrowTile<T>, kFloatRows>::run(count, FloatRows{a.values + first * a.stride, a.stride}, b, columns, width,
                                              add, out + first * out_stride, out_stride);
  });
}

template <class T>
void add_product(const float* a, int rows, int width, const float* b, int columns, float* out, size_t out_stride) {
  const size_t b_stride = size_t(columns + kFloatPanel - 1) / kFloatPanel * kFloatPanel;
  times_narrow<T>({a, size_t(width)}, rows, {b, b_stride}, columns, width, true, out, out_stride);
}

// As `times_transposed`: a panel of columns after another is turned.
template <class T>
void times_transposed_narrow(const float* a, int rows, const float* b, int columns, int width, bool add, float* out) {
  float turned[kFloatNarrow * kFloatPanel] = {};
  for (int n = 0; n < columns; n += kFloatPanel) {
    const int count = columns - n < kFloatPanel ? columns - n : kFloatPanel;
    for (int j = 0; j < count; j++) {
      for (int k = 0; k < width; k++) turned[k * kFloatPanel + j] = b[size_t(n + j) * width + k];
    }
    times_narrow<T>({a, size_t(width)}, rows, {turned, kFloatPanel}, count, width, add, out + n, size_t(columns));
  }
}

// After Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication": what is used again soonest lies
// in the nearest cache.
template <class T>
void times_transposed(const float* a, int rows, const float* b, int columns, int width, bool add, float* out) {
  if (width <= kFloatNarrow) return times_transposed_narrow<T>(a, rows, b, columns, width, add, out);
  for (int first = 0; first < rows; first += kFloatRowsBlock) {
    const int count = rows - first < kFloatRowsBlock ? rows - first : kFloatRowsBlock;
    for (int k = 0; k < width; k += kFloatWidth) {
      const int part = width - k < kFloatWidth ? width - k : kFloatWidth;
      for (int n = 0; n < columns; n += kFloatColumns) {
        const int four = columns - n < kFloatColumns ? columns - n : kFloatColumns;
        in_blocks(count, kFloatRows, [&](int from, int block) {
          const size_t row = size_t(first) + from;
          ByRows<T, FloatTile<T>, kFloatRows>::run(block, FloatRows{a + row * width + k, size_t(width)},
                                                   FloatRows{b + size_t(n) * width + k, size_t(width)}, four, part,
                                                   add || k > 0, out + row * columns + n, size_t(columns));
        });
      }
    }
  }
}

}  // namespace
}  // namespace tiergate
