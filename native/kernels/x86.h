// What this x86 processor has, and whether its operating system keeps the wide registers.
#pragma once
#include <cpuid.h>
#include <stdint.h>

namespace tiergate {
namespace {

struct X86 {
  bool avx2_fma = false, avx_vnni = false, avx512_vnni = false;

  X86() {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    const bool fma = c & (1u << 12), keeps_registers = c & (1u << 27);
    if (!keeps_registers) return;
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    const bool ymm = (low & 0x06) == 0x06, zmm = (low & 0xe6) == 0xe6;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    avx2_fma = ymm && fma && (b & (1u << 5));
    const uint32_t f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    avx512_vnni = zmm && avx2_fma && (b & f_dq_bw_vl) == f_dq_bw_vl && (c & (1u << 11));
    if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) avx_vnni = avx2_fma && (a & (1u << 4));
  }
};

}  // namespace
}  // namespace tiergate
