// How fast this machine can multiply and add at all: for each instruction that a kernel may be built on, loops of
// nothing else, with enough independent accumulators that none waits for another. The benchmark divides a model's
// operations by these figures; the quotient is the time that no program on this machine can beat.
//
//   peak THREADS      one JSON line per loop: what it is, of which instruction set, operations per second over all
//                     threads at once (a multiplication and an addition are two operations)
//
// Built by test/engine/bench/peak.ts with whatever C++ compiler there is; no part of the engine.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

// One run is long enough to time and short enough that some of them meet no interruption.
constexpr int run_loops = 20000;
constexpr int runs = 40;
// The share of runs that may be faster than the one reported: a single lucky reading is no peak.
constexpr double quantile = 0.1;

struct Unit {
  const char* name;
  const char* instruction_set;
  const char* operand;  // int8, float32 or bfloat16
  bool supported;
  void (*loop)();
  double operations;  // in one pass of the loop
};

#if defined(__x86_64__)

// Twelve accumulators: registers 0 to 11. Sources: registers 12 to 15, zero, so that nothing overflows or turns slow.
#define TWELVE(LINE) LINE(0) LINE(1) LINE(2) LINE(3) LINE(4) LINE(5) LINE(6) LINE(7) LINE(8) LINE(9) LINE(10) LINE(11)
#define CLOBBERED                                                                                                  \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
      "xmm13", "xmm14", "xmm15"
#define CLEAR(N) "vpxor %%xmm" #N ",%%xmm" #N ",%%xmm" #N "\n"
#define CLEAR_ALL TWELVE(CLEAR) CLEAR(12) CLEAR(13) CLEAR(14) CLEAR(15)
#define LOOP(NAME, LINE)                                                                        \
  void NAME() {                                                                                 \
    int left = run_loops;                                                                       \
    asm volatile(CLEAR_ALL "1:\n" TWELVE(LINE) TWELVE(LINE) "decl %0\n jnz 1b\n" : "+r"(left) : \
                 : CLOBBERED, "cc");                                                            \
  }

#define VPDPBUSD_ZMM(N) "vpdpbusd %%zmm13,%%zmm12,%%zmm" #N "\n"
#define VPDPBUSD_EVEX_YMM(N) "%{evex%} vpdpbusd %%ymm13,%%ymm12,%%ymm" #N "\n"
#define VPDPBUSD_VEX_YMM(N) "%{vex%} vpdpbusd %%ymm13,%%ymm12,%%ymm" #N "\n"
#define FMA_ZMM(N) "vfmadd231ps %%zmm13,%%zmm12,%%zmm" #N "\n"
#define FMA_YMM(N) "vfmadd231ps %%ymm13,%%ymm12,%%ymm" #N "\n"
#define VDPBF16PS_ZMM(N) "vdpbf16ps %%zmm13,%%zmm12,%%zmm" #N "\n"
// Two int8 products summed in 16 bits; to be exact for all values they go to 32 bits at once...
#define VPMADDUBSW_VPMADDWD(N)                 \
  "vpmaddubsw %%ymm13,%%ymm12,%%ymm14\n"       \
  "vpmaddwd %%ymm14,%%ymm13,%%ymm15\n"         \
  "vpaddd %%ymm15,%%ymm" #N ",%%ymm" #N "\n"
// ... but products with a 4-bit factor leave room to sum eight of them in 16 bits first.
#define VPMADDUBSW_VPADDW(N)             \
  "vpmaddubsw %%ymm13,%%ymm12,%%ymm14\n" \
  "vpaddw %%ymm14,%%ymm" #N ",%%ymm" #N "\n"

LOOP(vpdpbusd_zmm, VPDPBUSD_ZMM)
LOOP(vpdpbusd_evex_ymm, VPDPBUSD_EVEX_YMM)
LOOP(vpdpbusd_vex_ymm, VPDPBUSD_VEX_YMM)
LOOP(fma_zmm, FMA_ZMM)
LOOP(fma_ymm, FMA_YMM)
LOOP(vdpbf16ps_zmm, VDPBF16PS_ZMM)
LOOP(vpmaddubsw_vpmaddwd, VPMADDUBSW_VPMADDWD)
LOOP(vpmaddubsw_vpaddw, VPMADDUBSW_VPADDW)

#define HAS(FEATURE) (__builtin_cpu_supports(FEATURE) != 0)

std::vector<Unit> units() {
  constexpr double lines = 24;
  const bool avx_vnni = [] {
    unsigned a = 7, b, c = 1, d;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return HAS("avx2") && ((a >> 4) & 1) != 0;
  }();
  return {
      {"vpdpbusd zmm", "avx512-vnni", "int8", HAS("avx512vnni"), vpdpbusd_zmm, lines * 128},
      {"vpdpbusd ymm (EVEX)", "avx512-vnni", "int8", HAS("avx512vnni") && HAS("avx512vl"), vpdpbusd_evex_ymm, lines * 64},
      {"vpdpbusd ymm (VEX)", "avx-vnni", "int8", avx_vnni, vpdpbusd_vex_ymm, lines * 64},
      {"vpmaddubsw + vpmaddwd + vpaddd ymm", "avx2", "int8", HAS("avx2"), vpmaddubsw_vpmaddwd, lines * 64},
      {"vpmaddubsw + vpaddw ymm", "avx2", "int8", HAS("avx2"), vpmaddubsw_vpaddw, lines * 64},
      {"vfmadd231ps zmm", "avx512-vnni", "float32", HAS("avx512f"), fma_zmm, lines * 32},
      {"vfmadd231ps ymm", "avx2", "float32", HAS("fma"), fma_ymm, lines * 16},
      {"vdpbf16ps zmm", "avx512-vnni", "bfloat16", HAS("avx512bf16"), vdpbf16ps_zmm, lines * 64},
  };
}

#elif defined(__aarch64__)
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define TWELVE(LINE) LINE(0) LINE(1) LINE(2) LINE(3) LINE(4) LINE(5) LINE(6) LINE(7) LINE(16) LINE(17) LINE(18) LINE(19)
#define CLOBBERED                                                                                              \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19", "v20", "v21"
#define CLEAR(N) "movi v" #N ".4s, #0\n"
#define LOOP(NAME, LINE)                                                                                  \
  void NAME() {                                                                                           \
    int left = run_loops;                                                                                 \
    asm volatile(".arch armv8.6-a\n" TWELVE(CLEAR) CLEAR(20) CLEAR(21) "1:\n" TWELVE(LINE) TWELVE(LINE) \
                 "subs %w0, %w0, #1\n b.ne 1b\n"                                                          \
                 : "+r"(left)                                                                             \
                 :                                                                                        \
                 : CLOBBERED, "cc");                                                                      \
  }
#define SDOT(N) "sdot v" #N ".4s, v20.16b, v21.16b\n"
#define SMMLA(N) "smmla v" #N ".4s, v20.16b, v21.16b\n"
#define FMLA(N) "fmla v" #N ".4s, v20.4s, v21.4s\n"
#define BFMMLA(N) "bfmmla v" #N ".4s, v20.8h, v21.8h\n"
LOOP(sdot, SDOT)
LOOP(smmla, SMMLA)
LOOP(fmla, FMLA)
LOOP(bfmmla, BFMMLA)

std::vector<Unit> units() {
  constexpr double lines = 24;
#if defined(__linux__)
  // Linux, arch/arm64/include/uapi/asm/hwcap.h
  const bool dot = ((getauxval(AT_HWCAP) >> 20) & 1) != 0;
  const bool i8mm = ((getauxval(AT_HWCAP2) >> 13) & 1) != 0;
  const bool bf16 = ((getauxval(AT_HWCAP2) >> 14) & 1) != 0;
#else
  const bool dot = true, i8mm = false, bf16 = false;  // every Apple processor has the first
#endif
  return {
      {"sdot", "neon-dot", "int8", dot, sdot, lines * 32},
      {"smmla", "neon-i8mm", "int8", i8mm, smmla, lines * 64},
      {"fmla 4s", "neon-dot", "float32", true, fmla, lines * 8},
      {"bfmmla", "neon-i8mm", "bfloat16", bf16, bfmmla, lines * 32},
  };
}

#else
std::vector<Unit> units() { return {}; }
#endif

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Operations per second over all threads, which begin together.
double measure(const Unit& unit, int threads) {
  std::atomic<int> waiting{threads};
  std::vector<double> rates(threads);
  std::vector<std::thread> pool;
  for (int at = 0; at < threads; ++at) {
    pool.emplace_back([&, at] {
      unit.loop();
      waiting -= 1;
      while (waiting > 0) std::this_thread::yield();
      std::vector<double> seconds;
      for (int run = 0; run < runs; ++run) {
        const double begin = now_s();
        unit.loop();
        seconds.push_back(now_s() - begin);
      }
      std::sort(seconds.begin(), seconds.end());
      rates[at] = unit.operations * run_loops / seconds[static_cast<int>(runs * quantile)];
    });
  }
  double sum = 0;
  for (int at = 0; at < threads; ++at) {
    pool[at].join();
    sum += rates[at];
  }
  return sum;
}

}  // namespace

int main(int count, char** arguments) {
  const int threads = count > 1 ? std::max(1, std::atoi(arguments[1])) : 1;
  for (const Unit& unit : units()) {
    if (!unit.supported) continue;
    std::printf("{\"unit\":\"%s\",\"instruction_set\":\"%s\",\"operand\":\"%s\",\"operations_per_s\":%.0f}\n", unit.name,
                unit.instruction_set, unit.operand, measure(unit, threads));
  }
  return 0;
}
