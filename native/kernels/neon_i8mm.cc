// 64-bit ARM with products of small matrices of bytes (Apple M2, Neoverse V1 and N2, Cortex-A510 and later). `smmla`
// multiplies 2 rows × 8 inputs by 8 inputs × 2 outputs: twice the products of `sdot`. Matrices use it; attention, whose
// keys and values are packed anew for every text, stays with `sdot`.
//
// A panel of 16 outputs, for each 8 inputs:
//
//   ┌ output 0: k0 … k7 │ output 1: k0 … k7 ┬ output 2: k0 … k7 │ output 3: … ┬ …
//
// The rows of a tile are laid beside each other in the same way: 8 inputs of a row, 8 of the next.
#include <string.h>

#include "arm64.h"
#include "neon.h"

namespace tiergate {
namespace {

constexpr int kPanel = Vectors<NeonDot>::panel, kInputs = 8;
// Most inputs of a row: the widest model the loader takes.
constexpr int kInputsMax = 16384;

void pack_pairs(const LinearSource& from, uint8_t* weights, int32_t* offset) {
  for (int n = 0; n < from.outputs; n++) {
    offset[n] = 0;
    uint8_t* column = weights + size_t(n / kPanel) * from.inputs * kPanel + n % kPanel * kInputs;
    for (int k = 0; k < from.inputs; k += kInputs) {
      memcpy(column + size_t(k) * kPanel, from.integer + size_t(n) * from.inputs + k, kInputs);
    }
  }
}

// The last of an odd number of rows is its own neighbour.
template <int R>
TIERGATE_INLINE void lay_in_pairs(const uint8_t* a, int inputs, int8_t* pairs) {
  for (int i = 0; i < R; i += 2, pairs += 2 * inputs) {
    const uint8_t* first = a + size_t(i) * inputs;
    const uint8_t* second = i + 1 < R ? first + inputs : first;
    for (int k = 0; k < inputs; k += kInputs) {
      memcpy(pairs + 2 * k, first + k, kInputs);
      memcpy(pairs + 2 * k + kInputs, second + k, kInputs);
    }
  }
}

struct PairsTile {
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* a, const float* a_scale, const Linear* matrix, bool add,
                                            float* out, size_t out_stride) {
    constexpr int row_pairs = (R + 1) / 2, column_pairs = kPanel / 2;
    const int inputs = matrix->inputs;
    alignas(16) int8_t pairs[row_pairs * 2 * kInputsMax];
    lay_in_pairs<R>(a, inputs, pairs);
    for (int n = 0; n < matrix->outputs; n += kPanel) {
      const int8_t* b = reinterpret_cast<const int8_t*>(matrix->weights) + size_t(n) * inputs;
      int32x4_t sums[row_pairs][column_pairs];
      TIERGATE_UNROLL for (int i = 0; i < row_pairs; i++) {
        TIERGATE_UNROLL for (int j = 0; j < column_pairs; j++) sums[i][j] = vdupq_n_s32(0);
      }
      for (int k = 0; k < inputs; k += kInputs, b += kPanel * kInputs) {
        int8x16_t rows[row_pairs];
        TIERGATE_UNROLL for (int i = 0; i < row_pairs; i++) rows[i] = vld1q_s8(pairs + (size_t(i) * inputs + k) * 2);
        __builtin_prefetch(b + kAhead);
        __builtin_prefetch(b + kAhead + 64);
        TIERGATE_UNROLL for (int j = 0; j < column_pairs; j++) {
          const int8x16_t columns = vld1q_s8(b + j * 16);
          TIERGATE_UNROLL for (int i = 0; i < row_pairs; i++) sums[i][j] = vmmlaq_s32(sums[i][j], rows[i], columns);
        }
      }
      // [row 0, column 0], [0, 1], [1, 0], [1, 1] and the two columns after: to four columns of a row.
      Tile<NeonDot, R> tile;
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < Vectors<NeonDot>::NB; j++) {
          const int64x2_t left = vreinterpretq_s64_s32(sums[i / 2][2 * j]);
          const int64x2_t right = vreinterpretq_s64_s32(sums[i / 2][2 * j + 1]);
          tile.sums[i][j] = (Vectors<NeonDot>::I)(i % 2 == 0 ? vzip1q_s64(left, right) : vzip2q_s64(left, right));
        }
      }
      finish_tile<NeonDot, R>(tile, n, a_scale, *matrix, add, out, out_stride);
    }
  }
};

void linear_pairs(const Quantized in, int rows, const Linear& matrix, bool add, float* out, size_t out_stride) {
  in_blocks(rows, NeonDot::rows, [&](int first, int count) {
    ByRows<NeonDot, PairsTile>::run(count, in.bytes + size_t(first) * matrix.inputs, in.scale + first, &matrix, add,
                                    out + first * out_stride, out_stride);
  });
}

bool supported() { return Arm64().i8mm; }

constexpr Kernel neon_i8mm_kernel() {
  Kernel kernel = vector_kernel<NeonDot>("neon-i8mm", supported);
  kernel.pack_linear = pack_pairs;
  kernel.linear = linear_pairs;
  return kernel;
}

}  // namespace

extern const Kernel kNeonI8mm = neon_i8mm_kernel();

}  // namespace tiergate
