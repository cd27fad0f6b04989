// AVX-512 with VNNI (Intel Ice Lake and later, AMD Zen 4 and later): 16 lanes, `vpdpbusd` on 64 bytes.
#include "vector_kernel.h"
#include "x86.h"

namespace tiergate {
namespace {

struct Avx512Vnni {
  static constexpr int lanes = 16, panel_vectors = 2, rows = 12, zero = 128;
  // As assembly, because g++ 12 moves accumulators to memory and back around `_mm512_dpbusd_epi32`: half the speed.
  template <class I>
  static TIERGATE_INLINE void dot(I& sums, I a, I b) {
    asm("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
  }
  template <class F>
  static TIERGATE_INLINE F max(F a, F b) {
    asm("vmaxps %2, %1, %0" : "=v"(a) : "v"(a), "v"(b));
    return a;
  }
};

bool supported() { return X86().avx512_vnni; }

}  // namespace

extern const Kernel kAvx512Vnni = vector_kernel<Avx512Vnni>("avx512-vnni", supported);

}  // namespace tiergate
