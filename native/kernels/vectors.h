// Vectors of any width, and the float steps on them, in GCC's and Clang's vector extension. `vector_kernel.h` says what a
// `Traits` is.
// Internal linkage, as all of a kernel: each file compiles its own copy for its own processor.
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

}  // namespace
}  // namespace tiergate
