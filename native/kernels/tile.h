// Products of bytes: the sums of a few rows and one panel, in registers.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
#pragma once
#include "vectors.h"

namespace tiergate {
namespace {

// The sums of a tile: R rows of activations times one panel, over `groups` of four inputs.
template <class T, int R>
struct Tile {
  using V = Vectors<T>;
  using I = typename V::I;
  I sums[R][V::NB];

  TIERGATE_INLINE void start(const int32_t* offset) {
    TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
      const I from = V::load_i(offset + j * V::W);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) sums[i][j] = from;
    }
  }
  TIERGATE_INLINE void start() {
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) sums[i][j] = I{};
    }
  }
  // `ahead`: bytes that are fetched ahead into the nearest cache, for panels that lie one behind the other.
  template <int ahead = 0>
  TIERGATE_INLINE void add(const uint8_t* a, size_t a_stride, const void* panel, int groups) {
    const uint8_t* b = static_cast<const uint8_t*>(panel);
    for (int g = 0; g < groups; g++, b += V::panel * 4) {
      I columns[V::NB];
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) columns[j] = V::load_i(b + j * (V::W * 4));
      if constexpr (ahead > 0) {
        TIERGATE_UNROLL for (int line = 0; line < V::panel * 4; line += 64) __builtin_prefetch(b + ahead + line);
      }
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        const I row = V::all_bytes(a + i * a_stride + g * 4);
        TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) T::dot(sums[i][j], row, columns[j]);
      }
    }
  }
};

// Calls `F::template run<R>(arguments…)` for R = rows, 1 to T::rows.
template <class T, class F, int R = T::rows>
struct ByRows {
  template <class... Arguments>
  static TIERGATE_INLINE void run(int rows, Arguments... arguments) {
    if (rows == R) {
      F::template run<R>(arguments...);
    } else {
      ByRows<T, F, R - 1>::run(rows, arguments...);
    }
  }
};
template <class T, class F>
struct ByRows<T, F, 0> {
  template <class... Arguments>
  static TIERGATE_INLINE void run(int, Arguments...) {}
};

// Rows in as few blocks of at most `most` as can be, all about as large: `block(first, count)`.
template <class Block>
TIERGATE_INLINE void in_blocks(int rows, int most, Block block) {
  const int blocks = (rows + most - 1) / most;
  for (int i = 0, first = 0; i < blocks; i++) {
    const int count = (rows - first + blocks - i - 1) / (blocks - i);
    block(first, count);
    first += count;
  }
}

}  // namespace
}  // namespace tiergate
