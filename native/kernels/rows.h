// What is done to single rows of floats: embedding, norm, quantizing, GELU, rotary positions, small heads.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
#pragma once
#include "vectors.h"

namespace tiergate {
namespace {

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

}  // namespace
}  // namespace tiergate
