// What this 64-bit ARM processor has, in the words of its operating system.
#pragma once
#include <stddef.h>

#if defined(__linux__)
#include <sys/auxv.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace tiergate {
namespace {

struct Arm64 {
  bool dot = false, i8mm = false;

  Arm64() {
#if defined(__linux__)
    // HWCAP_ASIMDDP and HWCAP2_I8MM; the headers of older systems do not name them.
    dot = getauxval(AT_HWCAP) & (1UL << 20);
    i8mm = dot && (getauxval(AT_HWCAP2) & (1UL << 13));
#elif defined(__APPLE__)
    dot = has("hw.optional.arm.FEAT_DotProd");
    i8mm = dot && has("hw.optional.arm.FEAT_I8MM");
#endif
  }

#if defined(__APPLE__)
  static bool has(const char* feature) {
    int value = 0;
    size_t bytes = sizeof value;
    return sysctlbyname(feature, &value, &bytes, nullptr, 0) == 0 && value != 0;
  }
#endif
};

}  // namespace
}  // namespace tiergate
