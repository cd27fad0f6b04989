// Attention in bytes: queries, keys and values are quantized by token and head, probabilities are two bytes.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
#pragma once
#include "rows.h"
#include "tile.h"

namespace tiergate {
namespace {

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

}  // namespace
}  // namespace tiergate
