// A block of 32 weights as a pack stores it (docs/model-pack.md), checked and unpacked.
#pragma once
#include <stdint.h>
#include <string.h>

#include "../kernels/kernel.h"

namespace tiergate {

inline bool finite(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & 0x7f800000) != 0x7f800000;
}

// The 32 whole numbers of a block of 32, 16 or 8 bytes. False for a value that its kind does not have.
inline bool unpack_block(const uint8_t* from, int bytes, int8_t* out) {
  if (bytes == 16) {
    for (int k = 0; k < kBlock / 2; k++) {
      out[2 * k] = int8_t((from[k] & 15) - 8);
      out[2 * k + 1] = int8_t((from[k] >> 4) - 8);
    }
    return true;
  }
  bool outside = false;
  for (int k = 0; k < kBlock; k++) {
    const int stored = bytes == 32 ? from[k] : from[k / 4] >> (k % 4 * 2) & 3;
    outside |= stored == 0;
    out[k] = int8_t(stored - (bytes == 32 ? 128 : 2));
  }
  return !outside;
}

// s from 1 to `most` with scale == unit * s, exactly; else 0. A row of zeros has a unit of 0, and any s will do.
inline int whole_multiple(float scale, float unit, int most) {
  if (!finite(scale) || !finite(unit)) return 0;
  if (unit == 0) return scale == 0 ? 1 : 0;
  const float ratio = scale / unit + 0.5f;
  if (!(ratio >= 1 && ratio < float(most + 1))) return 0;
  const int s = int(ratio);
  return unit * float(s) == scale ? s : 0;
}

}  // namespace tiergate
