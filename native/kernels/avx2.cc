// AVX2 with FMA (Intel Haswell and later, AMD Zen and later): 8 lanes, no instruction for sums of products of bytes.
//
// `vpmaddubsw` multiplies unsigned by signed bytes and adds neighbours in 16 bits. With nibbles from 0 to 15 a whole
// block of 32 inputs fits in 16 bits, so that an int4 matrix needs two instructions for 32 products, and the block's
// sub-scale is multiplied in by the `vpmaddwd` that widens the sums. A panel of 16 outputs, for each block of inputs:
//
//   4 × 64 bytes: 16 outputs × 4 inputs, low nibbles inputs 8i .. 8i+3, high nibbles inputs 8i+4 .. 8i+7, stored q + 8
//   64 bytes: the sub-scale of each output twice, in 16 bits
//
// What the stored 8 adds is 8 times the sum of the block's activations: each of the two 16-bit sums of an output starts
// from -4 times that sum. Their final values lie within ±30480; on the way they may wrap around, which does no harm.
#include <immintrin.h>
#include <string.h>

#include "vector_kernel.h"
#include "x86.h"

namespace tiergate {
namespace {

struct Avx2 {
  static constexpr int lanes = 8, panel_vectors = 2, rows = 4, zero = 0;
  // Signed bytes by signed bytes: even and odd ones apart, widened to 16 bits.
  template <class I>
  static TIERGATE_INLINE void dot(I& sums, I a, I b) {
    const __m256i a_even = _mm256_srai_epi16(_mm256_slli_epi16((__m256i)a, 8), 8), a_odd = _mm256_srai_epi16((__m256i)a, 8);
    const __m256i b_even = _mm256_srai_epi16(_mm256_slli_epi16((__m256i)b, 8), 8), b_odd = _mm256_srai_epi16((__m256i)b, 8);
    const __m256i products = _mm256_add_epi32(_mm256_madd_epi16(a_even, b_even), _mm256_madd_epi16(a_odd, b_odd));
    sums = (I)_mm256_add_epi32((__m256i)sums, products);
  }
  template <class F>
  static TIERGATE_INLINE F max(F a, F b) {
    return (F)_mm256_max_ps((__m256)a, (__m256)b);
  }
};

constexpr int kPanel = Vectors<Avx2>::panel;
constexpr size_t kNibbleBytes = kBlock * kPanel / 2, kBlockBytes = kNibbleBytes + kPanel * 4;

size_t nibbles_bytes(const LinearSource& from) {
  if (!from.q) return linear_bytes<Avx2>(from);
  return size_t(from.outputs + kPanel - 1) / kPanel * (from.inputs / kBlock) * kBlockBytes;
}

void pack_nibbles(const LinearSource& from, uint8_t* weights, int32_t* offset) {
  if (!from.q) return pack_linear<Avx2>(from, weights, offset);
  const int blocks = from.inputs / kBlock;
  for (int n = 0; n < from.outputs; n++) {
    offset[n] = 0;
    for (int b = 0; b < blocks; b++) {
      uint8_t* block = weights + (size_t(n / kPanel) * blocks + b) * kBlockBytes;
      for (int k = 0; k < kBlock; k++) {
        const uint8_t nibble = uint8_t(from.q[(size_t(n) * blocks + b) * kBlock + k] + 8);
        block[k / 8 * kPanel * 4 + n % kPanel * 4 + k % 4] |= uint8_t(k % 8 < 4 ? nibble : nibble << 4);
      }
      const int16_t sub[2] = {from.sub[size_t(n) * blocks + b], from.sub[size_t(n) * blocks + b]};
      memcpy(block + kNibbleBytes + n % kPanel * 4, sub, sizeof sub);
    }
  }
}

// -4 times the sum of each block of activations, twice in 16 bits.
TIERGATE_INLINE void start_values(const uint8_t* a, int blocks, int32_t* out) {
  for (int b = 0; b < blocks; b++) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + b * kBlock));
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), bytes);
    __m256i sums = _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
    const uint32_t start = uint32_t(-4 * _mm_cvtsi128_si32(sum)) & 0xffff;
    out[b] = int32_t(start << 16 | start);
  }
}

// As assembly, because g++ 12 otherwise multiplies a whole block first and keeps the products in memory.
TIERGATE_INLINE void add_products(__m256i& sums, __m256i nibbles, __m256i row) {
  __m256i products;
  asm("vpmaddubsw %3, %2, %1\n\tvpaddw %1, %0, %0" : "+x"(sums), "=&x"(products) : "x"(nibbles), "x"(row));
}

// R rows by one panel: `sums` are [R][16].
template <int R>
TIERGATE_INLINE void nibbles_tile(const uint8_t* a, int inputs, const uint8_t* panel, const int32_t* starts,
                                  __m256i (&sums)[R][2]) {
  const int blocks = inputs / kBlock;
  const __m256i nibble = _mm256_set1_epi8(15);
  TIERGATE_UNROLL for (int i = 0; i < R; i++) sums[i][0] = sums[i][1] = _mm256_setzero_si256();
  for (int b = 0; b < blocks; b++, panel += kBlockBytes) {
    __m256i halves[R][2];
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      halves[i][0] = halves[i][1] = _mm256_set1_epi32(starts[i * blocks + b]);
    }
    TIERGATE_UNROLL for (int pair = 0; pair < kBlock / 8; pair++) {
      const __m256i* stored = reinterpret_cast<const __m256i*>(panel + pair * kPanel * 4);
      TIERGATE_UNROLL for (int high = 0; high < 2; high++) {
        __m256i columns[2];
        TIERGATE_UNROLL for (int j = 0; j < 2; j++) {
          const __m256i bytes = _mm256_load_si256(stored + j);
          columns[j] = _mm256_and_si256(high ? _mm256_srli_epi16(bytes, 4) : bytes, nibble);
        }
        TIERGATE_UNROLL for (int i = 0; i < R; i++) {
          int32_t four;
          memcpy(&four, a + size_t(i) * inputs + b * kBlock + pair * 8 + high * 4, sizeof four);
          const __m256i row = _mm256_set1_epi32(four);
          TIERGATE_UNROLL for (int j = 0; j < 2; j++) {
            add_products(halves[i][j], columns[j], row);
          }
        }
      }
    }
    TIERGATE_UNROLL for (int j = 0; j < 2; j++) {
      const __m256i sub = _mm256_load_si256(reinterpret_cast<const __m256i*>(panel + kNibbleBytes) + j);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        sums[i][j] = _mm256_add_epi32(sums[i][j], _mm256_madd_epi16(halves[i][j], sub));
      }
    }
  }
}

// Most blocks of a row: the widest model the loader takes.
constexpr int kBlocksMax = 16384 / kBlock;

struct NibblesTile {
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* a, const float* a_scale, const Linear* matrix, bool add,
                                            float* out, size_t out_stride) {
    const int blocks = matrix->inputs / kBlock;
    int32_t starts[R * kBlocksMax];
    for (int i = 0; i < R; i++) start_values(a + size_t(i) * matrix->inputs, blocks, starts + i * blocks);
    for (int n = 0; n < matrix->outputs; n += kPanel) {
      Tile<Avx2, R> tile;
      __m256i sums[R][2];
      nibbles_tile<R>(a, matrix->inputs, matrix->weights + size_t(n / kPanel) * blocks * kBlockBytes, starts, sums);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < 2; j++) tile.sums[i][j] = (Vectors<Avx2>::I)sums[i][j];
      }
      finish_tile<Avx2, R>(tile, n, a_scale, *matrix, add, out, out_stride);
    }
  }
};

void linear_nibbles(const Quantized in, int rows, const Linear& matrix, bool add, float* out, size_t out_stride) {
  if (!matrix.two_factors) return linear<Avx2>(in, rows, matrix, add, out, out_stride);
  in_blocks(rows, Avx2::rows, [&](int first, int count) {
    ByRows<Avx2, NibblesTile>::run(count, in.bytes + size_t(first) * matrix.inputs, in.scale + first, &matrix, add,
                                   out + first * out_stride, out_stride);
  });
}

bool supported() { return X86().avx2_fma; }

constexpr Kernel avx2_kernel() {
  Kernel kernel = vector_kernel<Avx2>("avx2", supported);
  kernel.linear_bytes = nibbles_bytes;
  kernel.pack_linear = pack_nibbles;
  kernel.linear = linear_nibbles;
  return kernel;
}

}  // namespace

extern const Kernel kAvx2 = avx2_kernel();

}  // namespace tiergate
