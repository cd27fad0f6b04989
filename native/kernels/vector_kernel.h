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
#define TIERGATE_TYPES(lanes)                               \
  template <>                                               \
  struct Types<lanes> {                                     \
    typedef float F __attribute__((vector_size(lanes * 4)));   \
    typedef int32_t I __attribute__((vector_size(lanes * 4))); \
    typedef int8_t S8 __attribute__((vector_size(lanes)));     \
    typedef uint8_t U8 __attribute__((vector_size(lanes)));    \
  };
TIERGATE_TYPES(4)
TIERGATE_TYPES(8)
TIERGATE_TYPES(16)
#undef TIERGATE_TYPES

template <class T>
struct Vectors {
  static constexpr int W = T::lanes;
  static constexpr int NB = T::panel_vectors;
  static constexpr int panel = W * NB;
  using F = typename Types<W>::F;
  using I = typename Types<W>::I;
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
    float lane[W];
    __builtin_memcpy(lane, &value, sizeof lane);
    TIERGATE_UNROLL for (int n = W / 2; n > 0; n /= 2) {
      TIERGATE_UNROLL for (int i = 0; i < n; i++) lane[i] += lane[i + n];
    }
    return lane[0];
  }
  static TIERGATE_INLINE float largest(F value) {
    float lane[W];
    __builtin_memcpy(lane, &value, sizeof lane);
    TIERGATE_UNROLL for (int n = W / 2; n > 0; n /= 2) {
      TIERGATE_UNROLL for (int i = 0; i < n; i++) lane[i] = lane[i] > lane[i + n] ? lane[i] : lane[i + n];
    }
    return lane[0];
  }

  // e^x for x <= 0; what is below e^-80 is as good as 0 in a softmax. 2^n * 2^r, |r| <= 1/2, by a Taylor polynomial
  // (relative error below 3e-6).
  static TIERGATE_INLINE F exp(F x) {
    const F scaled = max(x, all(-80.0f)) * 1.44269504f;
    const I whole = round(scaled);
    const F r = scaled - to_float(whole);
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
  TIERGATE_INLINE void add(const uint8_t* a, size_t a_stride, const void* panel, int groups) {
    const uint8_t* b = static_cast<const uint8_t*>(panel);
    for (int g = 0; g < groups; g++) {
      I columns[V::NB];
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) columns[j] = V::load_i(b + (g * V::NB + j) * (V::W * 4));
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
  const int groups = from.inputs / 4;
  for (int n = 0; n < from.outputs; n++) {
    uint8_t* column = weights + size_t(n / panel) * groups * panel * 4 + n % panel * 4;
    int32_t total = 0;
    for (int k = 0; k < from.inputs; k++) {
      const int8_t value = from.integer[size_t(n) * from.inputs + k];
      column[size_t(k / 4) * panel * 4 + k % 4] = uint8_t(value);
      total += value;
    }
    offset[n] = -T::zero * total;
  }
}

// Sums to floats, for the panel whose first output is n: scaled, with bias, added to what is there or not. The last
// panel may be wider than the matrix: it goes by way of a copy.
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

template <class T>
struct LinearTile {
  template <int R>
  static __attribute__((noinline)) void run(const uint8_t* a, const float* a_scale, const Linear* matrix, bool add,
                                            float* out, size_t out_stride) {
    const int inputs = matrix->inputs;
    for (int n = 0; n < matrix->outputs; n += Vectors<T>::panel) {
      Tile<T, R> tile;
      tile.start(matrix->offset + n);
      tile.add(a, inputs, matrix->weights + size_t(n) * inputs, inputs / 4);
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
  *scale = largest / 127.0f;
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

// Values of a head, quantized: value = scale * bytes.
template <class T>
TIERGATE_INLINE float quantize_head(const float* in, int dimensions, int8_t* bytes, float factor) {
  using V = Vectors<T>;
  typename V::F most{};
  for (int d = 0; d < dimensions; d += V::W) most = V::max(most, V::abs(V::load(in + d)));
  const float largest = V::largest(most);
  const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
  for (int d = 0; d < dimensions; d += V::W) {
    const auto value = __builtin_convertvector(V::round(V::load(in + d) * inverse), typename V::S8);
    __builtin_memcpy(bytes + d, &value, sizeof value);
  }
  return largest * factor / 127.0f;
}

// Head dimensions are at most this (ModernBERT and BERT have 64 or 32).
constexpr int kHeadDimensionsMax = 256;

template <class T>
void split_heads(const float* qkv, const HeadsLayout& layout, int row, int key, Heads out) {
  using V = Vectors<T>;
  const int D = layout.dimensions, width = layout.heads * D;
  const int value_columns = (D + V::panel - 1) / V::panel * V::panel;
  const float attention_scale = 1.0f / __builtin_sqrtf(float(D));
  int8_t bytes[kHeadDimensionsMax];
  for (int h = 0; h < layout.heads; h++) {
    uint8_t* query = out.query + size_t(row) * layout.query_stride + h * D;
    out.query_scale[row * layout.heads + h] = quantize_head<T>(qkv + h * D, D, bytes, attention_scale);
    for (int d = 0; d < D; d++) query[d] = uint8_t(bytes[d] + T::zero);

    const size_t at = size_t(h) * layout.keys_max + key;
    out.key_scale[at] = quantize_head<T>(qkv + width + h * D, D, bytes, 1.0f);
    int8_t* keys = out.key + (size_t(h) * layout.keys_max + key / V::panel * V::panel) * D + key % V::panel * 4;
    int32_t total = 0;
    for (int d = 0; d < D; d++) total += bytes[d];
    for (int d = 0; d < D; d += 4) __builtin_memcpy(keys + d * V::panel, bytes + d, 4);
    out.key_offset[at] = -T::zero * total;

    out.value_scale[at] = quantize_head<T>(qkv + 2 * width + h * D, D, bytes, 1.0f);
    int8_t* values = out.value + size_t(h) * layout.keys_max * value_columns + size_t(key / 4) * V::panel * 4 + key % 4;
    for (int d = 0; d < D; d += V::panel, values += size_t(layout.keys_max) * V::panel) {
      const int columns = D - d < V::panel ? D - d : V::panel;
      for (int c = 0; c < columns; c++) values[c * 4] = bytes[d + c];
    }
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

// One head, R rows of queries: scores, softmax, values.
template <class T>
struct AttendTile {
  using V = Vectors<T>;
  using F = typename V::F;
  using I = typename V::I;

  // First and last panel of keys that any of the R rows sees.
  struct Span {
    int from, to, padded;
  };

  static TIERGATE_INLINE Span span_of(int rows, int first, Reach reach) {
    const int padded = (reach.keys + V::panel - 1) / V::panel * V::panel;
    if (reach.window == 0) return {0, padded, padded};
    const int low = first - reach.window, high = first + rows + reach.window;
    return {low < 0 ? 0 : low / V::panel * V::panel,
            high >= padded ? padded : (high + V::panel - 1) / V::panel * V::panel, padded};
  }

  // Scores of keys that a row does not see become so small that their exponential is 0.
  static TIERGATE_INLINE F hide(F score, int key, int row, Reach reach) {
    I index = V::all_i(key);
    TIERGATE_UNROLL for (int lane = 0; lane < V::W; lane++) index[lane] += lane;
    const int low = reach.window == 0 ? 0 : row - reach.window;
    const int high = reach.window == 0 || row + reach.window >= reach.keys ? reach.keys - 1 : row + reach.window;
    const I seen = (index >= low) & (index <= high);
    return (F)((seen & (I)score) | (~seen & (I)V::all(-1e30f)));
  }

  template <int R>
  static __attribute__((noinline)) void run(const Heads* heads, const HeadsLayout* layout, int row, int first, int h,
                                            Reach reach, float value_scale_max, void* scratch, float* context) {
    const int D = layout->dimensions;
    const Span span = span_of(R, first, reach);
    float* scores = static_cast<float*>(scratch);
    uint8_t* high = reinterpret_cast<uint8_t*>(scores + size_t(R) * span.padded);
    uint8_t* low = high + size_t(R) * span.padded;
    const size_t of_head = size_t(h) * layout->keys_max;

    const uint8_t* query = heads->query + size_t(row) * layout->query_stride + h * D;
    F most[R];
    TIERGATE_UNROLL for (int i = 0; i < R; i++) most[i] = V::all(-1e30f);
    for (int key = span.from; key < span.to; key += V::panel) {
      Tile<T, R> tile;
      tile.start(heads->key_offset + of_head + key);
      tile.add(query, layout->query_stride, heads->key + (of_head + key) * D, D / 4);
      const bool edge = key + V::panel > reach.keys || reach.window != 0;
      TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
        const F key_scale = V::load(heads->key_scale + of_head + key + j * V::W);
        TIERGATE_UNROLL for (int i = 0; i < R; i++) {
          const float query_scale = heads->query_scale[(row + i) * layout->heads + h];
          F score = V::to_float(tile.sums[i][j]) * (key_scale * query_scale);
          if (edge) score = hide(score, key + j * V::W, first + i, reach);
          most[i] = V::max(most[i], score);
          V::store(scores + size_t(i) * span.padded + key + j * V::W, score);
        }
      }
    }

    constexpr int bits = probability_bits<T>;
    constexpr float whole = float((1 << (2 * bits)) - 1);
    float factor[R];
    const float* value_scale = heads->value_scale + of_head;
    const float to_whole = value_scale_max > 0 ? whole / value_scale_max : 0.0f;
    for (int i = 0; i < R; i++) {
      const float* from = scores + size_t(i) * span.padded;
      const float top = V::largest(most[i]);
      F total{};
      for (int key = span.from; key < span.to; key += V::W) {
        const F e = V::exp(V::load(from + key) - top);
        total += e;
        const I probability = V::round(e * (V::load(value_scale + key) * to_whole));
        store_bytes<T>(high + size_t(i) * span.padded + key, probability >> bits);
        store_bytes<T>(low + size_t(i) * span.padded + key, probability & ((1 << bits) - 1));
      }
      factor[i] = value_scale_max / (whole * V::sum(total));
    }

    const int value_columns = (D + V::panel - 1) / V::panel * V::panel;
    const int8_t* value = heads->value + of_head * value_columns + size_t(span.from) * V::panel;
    const int groups = (span.to - span.from) / 4;
    for (int d = 0; d < D; d += V::panel, value += size_t(layout->keys_max) * V::panel) {
      float sums[R * V::panel];
      Tile<T, R> tile;
      tile.start();
      tile.add(high + span.from, span.padded, value, groups);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
          V::store(sums + i * V::panel + j * V::W, V::to_float(tile.sums[i][j]) * float(1 << bits));
        }
      }
      tile.start();
      tile.add(low + span.from, span.padded, value, groups);
      TIERGATE_UNROLL for (int i = 0; i < R; i++) {
        TIERGATE_UNROLL for (int j = 0; j < V::NB; j++) {
          float* at = sums + i * V::panel + j * V::W;
          V::store(at, (V::load(at) + V::to_float(tile.sums[i][j])) * factor[i]);
        }
      }
      const int columns = D - d < V::panel ? D - d : V::panel;
      for (int i = 0; i < R; i++) {
        __builtin_memcpy(context + size_t(i) * layout->heads * D + h * D + d, sums + i * V::panel, columns * 4);
      }
    }
  }
};

template <class T>
void attend(const Heads& heads, const HeadsLayout& layout, int row, int first, int rows, Reach reach, void* scratch,
            float* context) {
  for (int h = 0; h < layout.heads; h++) {
    // The same for every block of rows, so that a row's result does not depend on its neighbours.
    float value_scale_max = 0;
    for (int key = 0; key < reach.keys; key++) {
      const float scale = heads.value_scale[size_t(h) * layout.keys_max + key];
      if (scale > value_scale_max) value_scale_max = scale;
    }
    in_blocks(rows, T::rows, [&](int from, int count) {
      ByRows<T, AttendTile<T>>::run(count, &heads, &layout, row + from, first + from, h, reach, value_scale_max,
                                    scratch, context + size_t(from) * layout.heads * layout.dimensions);
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
