// 64-bit ARM with the dot product: see neon.h.
#include "arm64.h"
#include "neon.h"

namespace tiergate {
namespace {

bool supported() { return Arm64().dot; }

}  // namespace

extern const Kernel kNeonDot = vector_kernel<NeonDot>("neon-dot", supported);

}  // namespace tiergate
