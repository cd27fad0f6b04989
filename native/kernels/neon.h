// Vectors of 64-bit ARM with the dot product of ARMv8.2 (Apple M1, Neoverse N1, Cortex-A76 and later), for the files of
// its kernels: 4 lanes, `sdot` on 16 signed bytes.
#pragma once
#if defined(__GNUC__) && !defined(__clang__)
// g++ moves loads ahead until sums have to leave their registers, unless it is told to leave the order as written.
#pragma GCC optimize("no-schedule-insns")
#endif
#include <arm_neon.h>

#include "vector_kernel.h"

namespace tiergate {
namespace {

struct NeonDot {
  // 24 of 32 registers hold sums, six the rows, the others columns.
  static constexpr int lanes = 4, panel_vectors = 4, rows = 6, zero = 0;
  template <class F>
  static TIERGATE_INLINE F max(F a, F b) {
    return (F)vmaxq_f32((float32x4_t)a, (float32x4_t)b);
  }
};

// `sdot` takes four bytes of a row from any quarter of a register: a row is read 16 inputs at a time, and no instruction
// spreads it over a vector.
template <int R>
struct Tile<NeonDot, R> {
  using V = Vectors<NeonDot>;
  using I = V::I;
  I sums[R][V::NB];

  TIERGATE_INLINE void start(const int32_t*) { start(); }
  TIERGATE_INLINE void start() {
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) sums[i][j] = I{};
    }
  }
  template <int quarter>
  static TIERGATE_INLINE I dot(I sum, int8x16_t column, int8x16_t row) {
    return (I)vdotq_laneq_s32((int32x4_t)sum, column, row, quarter);
  }
  template <int quarter>
  TIERGATE_INLINE void add_group(const int8x16_t (&row)[R], const int8_t* b) {
    TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
      const int8x16_t column = vld1q_s8(b + j * 16);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) sums[i][j] = dot<quarter>(sums[i][j], column, row[i]);
    }
  }
  // `groups` is a multiple of 4: so are a block of inputs, a head's dimensions and a panel of keys.
  template <int ahead = 0>
  TIERGATE_INLINE void add(const uint8_t* a, size_t a_stride, const void* panel, int groups) {
    constexpr int bytes = V::panel * 4;
    const int8_t* b = static_cast<const int8_t*>(panel);
    for (int g = 0; g < groups; g += 4, b += 4 * bytes) {
      int8x16_t row[R];
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        row[i] = vld1q_s8(reinterpret_cast<const int8_t*>(a) + i * a_stride + g * 4);
      }
      if constexpr (ahead > 0) {
        TIERGATE_UNROLL for (int line = 0; line < 4 * bytes; line += 64) __builtin_prefetch(b + ahead + line);
      }
      add_group<0>(row, b);
      add_group<1>(row, b + bytes);
      add_group<2>(row, b + 2 * bytes);
      add_group<3>(row, b + 3 * bytes);
    }
  }
};

}  // namespace
}  // namespace tiergate
