// AVX-VNNI (Intel Alder Lake and later, AMD Zen 5): 8 lanes, `vpdpbusd` on 32 bytes in the encoding that needs no
// AVX-512.
#include "vector_kernel.h"
#include "x86.h"

// Tests define it to run this file on a processor that knows the instruction in AVX-512's encoding only.
#ifndef TIERGATE_VPDPBUSD
#define TIERGATE_VPDPBUSD "%{vex%} vpdpbusd"
#endif

namespace tiergate {
namespace {

struct AvxVnni {
  // 12 of 16 registers hold sums, two the columns, one the row.
  static constexpr int lanes = 8, panel_vectors = 2, rows = 6, zero = 128;
  template <class I>
  static TIERGATE_INLINE void dot(I& sums, I a, I b) {
    asm(TIERGATE_VPDPBUSD " %2, %1, %0" : "+x"(sums) : "x"(a), "x"(b));
  }
  template <class F>
  static TIERGATE_INLINE F max(F a, F b) {
    asm("vmaxps %2, %1, %0" : "=x"(a) : "x"(a), "x"(b));
    return a;
  }
};

bool supported() { return X86().avx_vnni; }

}  // namespace

extern const Kernel kAvxVnni = vector_kernel<AvxVnni>("avx-vnni", supported);

}  // namespace tiergate
