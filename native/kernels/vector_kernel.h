// The arithmetic of an encoder written once over vectors of any width. A file of an instruction set describes its
// vectors in a `Traits` and gets a whole kernel: `vector_kernel<Traits>(name, supported)`.
//
// Vectors are those of GCC's and Clang's vector extension, so that the float steps need no intrinsics. What differs
// between processors is the product of bytes: `Traits::dot`.
//
//   struct Traits {
//     static constexpr int lanes;         // 32-bit values in a vector
//     static constexpr int panel_vectors; // vectors side by side in a tile: a panel is lanes * panel_vectors columns
//     static constexpr int rows;          // most rows of a tile, so that all accumulators stay in registers
//     static constexpr int zero;          // what activations are stored above: 128 where `dot` takes unsigned bytes
//     static void dot(I& sums, I a, I b); // each lane: four products of bytes of a (activations) and b, added to sums
//     static F max(F, F);
//   };
//
// A matrix is packed so that its columns lie along the vector: 4 inputs of one output in each lane.
//
//   panel 0                                                              panel 1
//   ┌ group 0 (inputs 0..3) ──────────────────┬ group 1 (inputs 4..7) …  ┌ …
//   │ output 0: k0 k1 k2 k3 │ output 1: … │ … │                          │
//
// Everything here has internal linkage: each file compiles its own copy for its own processor.
#pragma once
#include "kernel.h"

#define TIERGATE_INLINE __attribute__((always_inline)) inline
#define TIERGATE_UNROLL _Pragma("GCC unroll 32")

namespace tiergate {
namespace {

// Spelt out for each width, as g++ 12 does not take a template's parameter for a vector's size.
template <int lanes>
struct Types;
#define TIERGATE_TYPES(lanes, ...)                             \
  template <>                                                  \
  struct Types<lanes> {                                        \
    typedef float F __attribute__((vector_size(lanes * 4)));   \
    typedef int32_t I __attribute__((vector_size(lanes * 4))); \
    typedef uint32_t U __attribute__((vector_size(lanes * 4))); \
    typedef int8_t S8 __attribute__((vector_size(lanes)));     \
    typedef uint8_t U8 __attribute__((vector_size(lanes)));    \
    template <int n>                                           \
    static TIERGATE_INLINE F swap(F v) {                       \
      return __builtin_shufflevector(v, v, __VA_ARGS__);       \
    }                                                          \
  };
// `swap<n>`: each lane gets the one whose number differs in the bit n.
TIERGATE_TYPES(4, 0 ^ n, 1 ^ n, 2 ^ n, 3 ^ n)
TIERGATE_TYPES(8, 0 ^ n, 1 ^ n, 2 ^ n, 3 ^ n, 4 ^ n, 5 ^ n, 6 ^ n, 7 ^ n)
TIERGATE_TYPES(16, 0 ^ n, 1 ^ n, 2 ^ n, 3 ^ n, 4 ^ n, 5 ^ n, 6 ^ n, 7 ^ n, 8 ^ n, 9 ^ n, 10 ^ n, 11 ^ n, 12 ^ n, 13 ^ n,
               14 ^ n, 15 ^ n)
#undef TIERGATE_TYPES

template <class T>
struct Vectors {
  static constexpr int W = T::lanes;
  static constexpr int NB = T::panel_vectors;
  static constexpr int panel = W * NB;
  using F = typename Types<W>::F;
  using I = typename Types<W>::I;
  using U = typename Types<W>::U;
  using S8 = typename Types<W>::S8;
  using U8 = typename Types<W>::U8;

  static TIERGATE_INLINE F load(const float* from) {
    F value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
  }
  static TIERGATE_INLINE I load_i(const void* from) {
    I value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
  }
  static TIERGATE_INLINE void store(float* to, F value) { __builtin_memcpy(to, &value, sizeof value); }
  static TIERGATE_INLINE F all(float value) { return F{} + value; }
  static TIERGATE_INLINE I all_i(int32_t value) { return I{} + value; }
  static TIERGATE_INLINE I all_bytes(const uint8_t* four) {
    int32_t value;
    __builtin_memcpy(&value, four, sizeof value);
    return I{} + value;
  }
  static TIERGATE_INLINE F to_float(I value) { return __builtin_convertvector(value, F); }
  static TIERGATE_INLINE F max(F a, F b) { return T::max(a, b); }
  static TIERGATE_INLINE F abs(F value) { return (F)((I)value & 0x7fffffff); }
  static TIERGATE_INLINE F min(F a, F b) { return -T::max(-a, -b); }
  // To the nearest whole number, ties to even; for |value| < 2^22 (the mantissa of 1.5 * 2^23 counts in ones).
  static TIERGATE_INLINE I round(F value) { return (I)(value + 12582912.0f) - 0x4b400000; }

  static TIERGATE_INLINE float sum(F value) {
    if constexpr (W == 16) value += Types<W>::template swap<8>(value);
    if constexpr (W >= 8) value += Types<W>::template swap<4>(value);
    value += Types<W>::template swap<2>(value);
    value += Types<W>::template swap<1>(value);
    return value[0];
  }
  static TIERGATE_INLINE float largest(F value) {
    if constexpr (W == 16) value = max(value, Types<W>::template swap<8>(value));
    if constexpr (W >= 8) value = max(value, Types<W>::template swap<4>(value));
    value = max(value, Types<W>::template swap<2>(value));
    value = max(value, Types<W>::template swap<1>(value));
    return value[0];
  }

  // 2^x for x <= 0; what is below 2^-115 is as good as 0 in a softmax. 2^whole * 2^r, |r| <= 1/2, by a Taylor polynomial
  // (relative error below 3e-6).
  static TIERGATE_INLINE F exp2(F x) {
    x = max(x, all(-115.0f));
    const I whole = round(x);
    const F r = x - to_float(whole);
    F p = all(0.00133335581f);
    p = p * r + 0.00961812911f;
    p = p * r + 0.0555041087f;
    p = p * r + 0.240226507f;
    p = p * r + 0.693147181f;
    p = p * r + 1.0f;
    return (F)((I)p + (whole << 23));
  }

  // x * Phi(x). Phi(x) - 1/2 is x times a polynomial in x^2, fitted (minimax, weighted by x) on |x| <= 4.75; beyond
  // that Phi stays what it is there. Absolute error of the whole below 5e-6 for |x| <= 12.
  static TIERGATE_INLINE F gelu(F x) {
    const F c = max(min(x, all(4.75f)), all(-4.75f));
    const F t = c * c * 0.0886426593f - 1.0f;
    F p = all(0.0012802676f);
    p = p * t - 0.00377104546f;
    p = p * t + 0.00501596695f;
    p = p * t - 0.00716879964f;
    p = p * t + 0.0134056322f;
    p = p * t - 0.0216495693f;
    p = p * t + 0.0304028541f;
    p = p * t - 0.0405682251f;
    p = p * t + 0.0532352589f;
    p = p * t - 0.0736675486f;
    p = p * t + 0.148748294f;
    return x * (c * p + 0.5f);
  }
};

// ---------------------------------------------------------------- products of bytes

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

// ---------------------------------------------------------------- matrices

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

// ---------------------------------------------------------------- rows of floats

template <class T>
void embed(const int8_t* table, float scale, const float* position, int hidden, float* out) {
  using V = Vectors<T>;
  for (int k = 0; k < hidden; k += V::W) {
    typename V::S8 bytes;
    __builtin_memcpy(&bytes, table + k, sizeof bytes);
    auto value = __builtin_convertvector(bytes, typename V::F) * scale;
    if (position) value += V::load(position + k);
    V::store(out + k, value);
  }
}

template <class T>
void layer_norm(const float* in, int rows, int hidden, const float* weight, const float* bias, float epsilon,
                float* out) {
  using V = Vectors<T>;
  const float inverse = 1.0f / float(hidden);
  for (int m = 0; m < rows; m++, in += hidden, out += hidden) {
    typename V::F total{}, squares{};
    for (int k = 0; k < hidden; k += V::W) total += V::load(in + k);
    const float mean = V::sum(total) * inverse;
    for (int k = 0; k < hidden; k += V::W) {
      const auto away = V::load(in + k) - mean;
      squares += away * away;
    }
    const float scale = 1.0f / __builtin_sqrtf(V::sum(squares) * inverse + epsilon);
    for (int k = 0; k < hidden; k += V::W) {
      auto value = (V::load(in + k) - mean) * scale * V::load(weight + k);
      if (bias) value += V::load(bias + k);
      V::store(out + k, value);
    }
  }
}

// Bytes of `value`, which are whole numbers from -127 to 127 above `zero`.
template <class T>
TIERGATE_INLINE void store_bytes(uint8_t* to, typename Vectors<T>::I value) {
  const auto bytes = __builtin_convertvector(value, typename Vectors<T>::U8);
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

template <class T>
TIERGATE_INLINE void quantize_row(const float* in, int width, const float* smooth, float largest, uint8_t* bytes,
                                  float* scale) {
  using V = Vectors<T>;
  *scale = largest * (1.0f / 127.0f);
  const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
  for (int k = 0; k < width; k += V::W) {
    auto value = V::load(in + k);
    if (smooth) value *= V::load(smooth + k);
    store_bytes<T>(bytes + k, V::round(value * inverse) + T::zero);
  }
}

template <class T>
void quantize(const float* in, int rows, int width, const float* smooth, Quantized out) {
  using V = Vectors<T>;
  for (int m = 0; m < rows; m++, in += width) {
    typename V::F most{};
    for (int k = 0; k < width; k += V::W) {
      auto value = V::load(in + k);
      if (smooth) value *= V::load(smooth + k);
      most = V::max(most, V::abs(value));
    }
    quantize_row<T>(in, width, smooth, V::largest(most), out.bytes + size_t(m) * width, out.scale + m);
  }
}

template <class T>
void quantize_gelu(float* in, int rows, int width, bool gated, const float* smooth, Quantized out) {
  using V = Vectors<T>;
  for (int m = 0; m < rows; m++, in += gated ? 2 * width : width) {
    typename V::F most{};
    for (int k = 0; k < width; k += V::W) {
      auto value = V::gelu(V::load(in + k));
      if (gated) value *= V::load(in + width + k);
      if (smooth) value *= V::load(smooth + k);
      V::store(in + k, value);
      most = V::max(most, V::abs(value));
    }
    quantize_row<T>(in, width, nullptr, V::largest(most), out.bytes + size_t(m) * width, out.scale + m);
  }
}

template <class T>
void rotate(float* rows, int heads, int dimensions, const float* turn) {
  const int half = dimensions / 2;
  for (int h = 0; h < heads; h++, rows += dimensions) {
    for (int d = 0; d < half; d++) {
      const float a = rows[d], b = rows[d + half], cosine = turn[d], sine = turn[half + d];
      rows[d] = a * cosine - b * sine;
      rows[d + half] = b * cosine + a * sine;
    }
  }
}

template <class T>
void dense(const float* in, int rows, int width, const float* weight, const float* bias, int outputs, float* out) {
  using V = Vectors<T>;
  for (int m = 0; m < rows; m++, in += width) {
    for (int c = 0; c < outputs; c++) {
      typename V::F total{};
      for (int k = 0; k < width; k += V::W) total += V::load(in + k) * V::load(weight + size_t(c) * width + k);
      *out++ = V::sum(total) + bias[c];
    }
  }
}

// ---------------------------------------------------------------- attention, in bytes too

// Head dimensions are at most this (ModernBERT and BERT have 64 or 32).
constexpr int kHeadDimensionsMax = 256;

// Values of a head, quantized: value = scale * integer, one vector after another. Returns the scale.
template <class T>
TIERGATE_INLINE float quantize_head(const float* in, int dimensions, typename Vectors<T>::I* out) {
  using V = Vectors<T>;
  auto most = V::abs(V::load(in));
  for (int d = V::W; d < dimensions; d += V::W) most = V::max(most, V::abs(V::load(in + d)));
  const float largest = V::largest(most);
  const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
  for (int d = 0; d < dimensions; d += V::W) out[d / V::W] = V::round(V::load(in + d) * inverse);
  return largest * (1.0f / 127.0f);
}

template <class T>
TIERGATE_INLINE void store_query(const typename Vectors<T>::I* integers, int dimensions, uint8_t* out) {
  for (int d = 0; d < dimensions; d += T::lanes) store_bytes<T>(out + d, integers[d / T::lanes] + T::zero);
}

// One column of a panel of keys. Returns what its sums start from.
template <class T>
TIERGATE_INLINE int32_t store_key(const typename Vectors<T>::I* integers, int dimensions, int8_t* out) {
  using V = Vectors<T>;
  alignas(64) int8_t bytes[kHeadDimensionsMax];
  typename V::I total{};
  for (int d = 0; d < dimensions; d += V::W) {
    const auto part = __builtin_convertvector(integers[d / V::W], typename V::S8);
    __builtin_memcpy(bytes + d, &part, sizeof part);
    // Of the byte as it is stored: where the state of a token is not finite, the rest may be anything.
    total += (typename V::I)((typename V::U)integers[d / V::W] << 24) >> 24;
  }
  for (int d = 0; d < dimensions; d += 4) __builtin_memcpy(out + d * V::panel, bytes + d, 4);
  // Below 2^24 a float holds whole numbers exactly.
  return -T::zero * int32_t(V::sum(V::to_float(total)));
}

// One row of a panel of values: one byte of each lane of 32 bits, the others staying as they are.
template <class T>
TIERGATE_INLINE void store_value(const typename Vectors<T>::I* integers, int dimensions, int keys_max, int key,
                                 int8_t* out) {
  using V = Vectors<T>;
  const int shift = key % 4 * 8;
  const int32_t others = int32_t(~(255u << shift));
  for (int d = 0; d < dimensions; d += V::W) {
    int8_t* at = out + size_t(d / V::panel) * keys_max * V::panel + (key / 4 * V::panel + d % V::panel) * 4;
    const auto word = (V::load_i(at) & others) | ((integers[d / V::W] & 255) << shift);
    __builtin_memcpy(at, &word, sizeof word);
  }
}

template <class T>
void split_heads(const float* qkv, const HeadsLayout& layout, int row, int key, Heads out) {
  using V = Vectors<T>;
  const int D = layout.dimensions, width = layout.heads * D;
  const int value_columns = (D + V::panel - 1) / V::panel * V::panel;
  // Scores are wanted as powers of two.
  const float attention_scale = 1.44269504f / __builtin_sqrtf(float(D));
  typename V::I integers[kHeadDimensionsMax / V::W];
  for (int h = 0; h < layout.heads; h++) {
    const size_t at = size_t(h) * layout.keys_max + key;
    const float* in = qkv + h * D;
    out.query_scale[row * layout.heads + h] = quantize_head<T>(in, D, integers) * attention_scale;
    store_query<T>(integers, D, out.query + size_t(row) * layout.query_stride + h * D);
    out.key_scale[at] = quantize_head<T>(in + width, D, integers);
    out.key_offset[at] = store_key<T>(
        integers, D, out.key + (at - key % V::panel) * D + key % V::panel * 4);
    out.value_scale[at] = quantize_head<T>(in + 2 * width, D, integers);
    store_value<T>(integers, D, layout.keys_max, key, out.value + size_t(h) * layout.keys_max * value_columns);
  }
}

// Probabilities are whole numbers of twice this many bits, multiplied as a high and a low byte: what is left of many
// small ones beside a large one still counts.
template <class T>
constexpr int probability_bits = T::zero > 0 ? 8 : 7;

template <class T>
size_t attend_scratch(int keys) {
  const size_t padded = (keys + Vectors<T>::panel - 1) / Vectors<T>::panel * Vectors<T>::panel;
  return T::rows * padded * (sizeof(float) + 2);
}

// Keys that rows `first` to `first + rows - 1` see, in whole panels.
template <class T>
struct Span {
  int from, to;
  static TIERGATE_INLINE Span of(int rows, int first, Reach reach) {
    constexpr int panel = Vectors<T>::panel;
    const int low = reach.window == 0 || first < reach.window ? 0 : first - reach.window;
    const int last = first + rows - 1;
    const int high = reach.window == 0 || last + reach.window >= reach.keys ? reach.keys - 1 : last + reach.window;
    return {low / panel * panel, (high + panel) / panel * panel};
  }
};

// out[R][to - from]: scores of R queries and the keys of the span, scales included.
template <class T>
struct Scores {
  using V = Vectors<T>;
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* query, const float* query_scale, const HeadsLayout* layout,
                                            const int8_t* key, const float* key_scale, const int32_t* key_offset,
                                            Span<T> span, float* out) {
    float scale[R];
    for (int i = 0; i < R; i++) scale[i] = query_scale[i * layout->heads];
    const int width = span.to - span.from;
    for (int at = span.from; at < span.to; at += V::panel, out += V::panel) {
      Tile<T, R> tile;
      tile.start(key_offset + at);
      tile.add(query, layout->query_stride, key + size_t(at) * layout->dimensions, layout->dimensions / 4);
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
        const auto of_key = V::load(key_scale + at + j * V::W);
        TIERGATE_UNROLL for (int i = 0; i < R; i++) {
          V::store(out + size_t(i) * width + j * V::W, V::to_float(tile.sums[i][j]) * (of_key * scale[i]));
        }
      }
    }
  }
};

// Scores of keys that a row does not see become so small that their power of two is 0.
template <class T>
TIERGATE_INLINE void hide_unseen(float* scores, Span<T> span, int row, Reach reach) {
  const int low = reach.window == 0 || row < reach.window ? 0 : row - reach.window;
  const int high = reach.window == 0 || row + reach.window >= reach.keys ? reach.keys - 1 : row + reach.window;
  for (int key = span.from; key < low; key++) scores[key - span.from] = -1e30f;
  for (int key = high + 1; key < span.to; key++) scores[key - span.from] = -1e30f;
}

// Softmax of one row (base 2: the scores are scaled for it), times the scale of each key's values, as two bytes.
// Returns what a sum of products with the values is to be multiplied by.
template <class T>
TIERGATE_INLINE float softmax(const float* scores, int width, const float* value_scale, float value_scale_max,
                              uint8_t* high, uint8_t* low) {
  using V = Vectors<T>;
  constexpr int bits = probability_bits<T>;
  constexpr float whole = float((1 << (2 * bits)) - 1);
  auto most = V::load(scores);
  for (int key = V::W; key < width; key += V::W) most = V::max(most, V::load(scores + key));
  const auto top = V::all(V::largest(most));
  const auto to_whole = V::all(value_scale_max > 0 ? whole / value_scale_max : 0.0f);
  typename V::F total{};
  for (int key = 0; key < width; key += V::W) {
    const auto power = V::exp2(V::load(scores + key) - top);
    total += power;
    const auto probability = V::round(power * (V::load(value_scale + key) * to_whole));
    store_bytes<T>(high + key, probability >> bits);
    store_bytes<T>(low + key, probability & ((1 << bits) - 1));
  }
  return value_scale_max / (whole * V::sum(total));
}

// out[R][columns] += factor[i] * by * sum of a[i] times a panel of values.
template <class T>
struct Weigh {
  using V = Vectors<T>;
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* a, int width, const int8_t* values, const float* factor,
                                            float by, float* out, size_t out_stride) {
    Tile<T, R> tile;
    tile.start();
    tile.add(a, width, values, width / 4);
    TIERGATE_UNROLL for (int i = 0; i < R; i++) {
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
        float* at = out + i * out_stride + j * V::W;
        // Always a sum, never one on a condition: the compiler could fuse that in the code of one R and not of another,
        // and a row's result would depend on how many rows stand beside it.
        V::store(at, V::to_float(tile.sums[i][j]) * (factor[i] * by) + V::load(at));
      }
    }
  }
};

// The values of one head, weighed by the probabilities of `rows` rows, into `context`.
template <class T>
TIERGATE_INLINE void weigh(const uint8_t* high, const uint8_t* low, int rows, int width, const int8_t* values,
                           size_t panel_bytes, int dimensions, const float* factor, float* context, size_t stride) {
  using V = Vectors<T>;
  for (int d = 0; d < dimensions; d += V::panel, values += panel_bytes) {
    const int columns = dimensions - d < V::panel ? dimensions - d : V::panel;
    float copy[T::rows * V::panel];
    float* to = columns == V::panel ? context + d : copy;
    const size_t to_stride = columns == V::panel ? stride : V::panel;
    for (int i = 0; i < rows; i++) __builtin_memset(to + i * to_stride, 0, V::panel * sizeof(float));
    ByRows<T, Weigh<T>>::run(rows, high, width, values, factor, float(1 << probability_bits<T>), to, to_stride);
    ByRows<T, Weigh<T>>::run(rows, low, width, values, factor, 1.0f, to, to_stride);
    if (to != copy) continue;
    for (int i = 0; i < rows; i++) __builtin_memcpy(context + i * stride + d, copy + i * V::panel, columns * 4);
  }
}

template <class T>
void attend(const Heads& heads, const HeadsLayout& layout, int row, int first, int rows, Reach reach, void* scratch,
            float* context) {
  using V = Vectors<T>;
  const int D = layout.dimensions;
  const size_t value_columns = size_t(D + V::panel - 1) / V::panel * V::panel, stride = size_t(layout.heads) * D;
  for (int h = 0; h < layout.heads; h++) {
    const size_t of_head = size_t(h) * layout.keys_max;
    const float* value_scale = heads.value_scale + of_head;
    // The same for every block of rows, so that a row's result does not depend on its neighbours.
    float value_scale_max = 0;
    for (int key = 0; key < reach.keys; key++) {
      if (value_scale[key] > value_scale_max) value_scale_max = value_scale[key];
    }
    in_blocks(rows, T::rows, [&](int from, int count) {
      const auto span = Span<T>::of(count, first + from, reach);
      const int width = span.to - span.from;
      float* scores = static_cast<float*>(scratch);
      uint8_t* high = reinterpret_cast<uint8_t*>(scores + size_t(count) * width);
      uint8_t* low = high + size_t(count) * width;
      ByRows<T, Scores<T>>::run(count, heads.query + size_t(row + from) * layout.query_stride + h * D,
                                heads.query_scale + (row + from) * layout.heads + h, &layout, heads.key + of_head * D,
                                heads.key_scale + of_head, heads.key_offset + of_head, span, scores);
      float factor[T::rows];
      for (int i = 0; i < count; i++) {
        hide_unseen<T>(scores + size_t(i) * width, span, first + from + i, reach);
        factor[i] = softmax<T>(scores + size_t(i) * width, width, value_scale + span.from, value_scale_max,
                               high + size_t(i) * width, low + size_t(i) * width);
      }
      weigh<T>(high, low, count, width, heads.value + of_head * value_columns + size_t(span.from) * V::panel,
               size_t(layout.keys_max) * V::panel, D, factor, context + from * stride + h * D, stride);
    });
  }
}

// ---------------------------------------------------------------- all together

template <class T>
constexpr Kernel vector_kernel(const char* name, bool (*supported)()) {
  return {name,          supported,    Vectors<T>::panel, T::rows,          linear_bytes<T>, pack_linear<T>,
          embed<T>,      layer_norm<T>, quantize<T>,      quantize_gelu<T>, linear<T>,       rotate<T>,
          split_heads<T>, attend<T>,    attend_scratch<T>, dense<T>};
}

}  // namespace
}  // namespace tiergate
