// Any processor and any compiler that has GCC's vector extension: 4 lanes, which every 64-bit processor has.
#include "vector_kernel.h"

namespace tiergate {
namespace {

struct Portable {
  static constexpr int lanes = 4, panel_vectors = 2, rows = 4, zero = 128;
  // A product of an unsigned and a signed byte fits in 16 bits: even and odd bytes are multiplied apart.
  template <class I>
  static TIERGATE_INLINE void dot(I& sums, I a, I b) {
    typedef int16_t Half __attribute__((vector_size(sizeof(I))));
    const Half even = ((Half)a & 0xff) * (Half)((Half)((Half)b << 8) >> 8);
    const Half odd = ((Half)((Half)a >> 8) & 0xff) * (Half)((Half)b >> 8);
    sums += ((I)even >> 16) + ((I)((I)even << 16) >> 16) + ((I)odd >> 16) + ((I)((I)odd << 16) >> 16);
  }
  template <class F>
  static TIERGATE_INLINE F max(F a, F b) {
    return a > b ? a : b;
  }
};

bool supported() { return true; }

}  // namespace

extern const Kernel kPortable = vector_kernel<Portable>("portable", supported);

}  // namespace tiergate
