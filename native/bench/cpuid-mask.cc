// Lets a library that chooses its kernels by `cpuid` run as on a processor with AVX2 and nothing newer, at full speed:
// onnxruntime has no switch for that. The benchmark makes a copy of the library in which every `cpuid` is an invalid
// instruction of the same two bytes (`ud2`); this file, loaded first, answers the signal that it raises with what
// `cpuid` says here, less AVX-512, VNNI, bfloat16 and AMX. Linux on x86-64 only.
#include <signal.h>
#include <ucontext.h>

namespace {

constexpr unsigned bit(int at) { return 1U << at; }

// Intel's Software Developer's Manual, volume 2A, CPUID, leaf 7.
constexpr unsigned leaf7_ebx = bit(16) | bit(17) | bit(21) | bit(26) | bit(27) | bit(28) | bit(30) | bit(31);
constexpr unsigned leaf7_ecx = bit(1) | bit(6) | bit(11) | bit(12) | bit(14);
constexpr unsigned leaf7_edx = bit(2) | bit(3) | bit(8) | bit(22) | bit(23) | bit(24) | bit(25);
constexpr unsigned leaf7_1_eax = bit(4) | bit(5) | bit(21) | bit(23);
constexpr unsigned leaf7_1_edx = bit(4) | bit(5) | bit(10) | bit(19);

void answer(int, siginfo_t*, void* context) {
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const unsigned leaf = static_cast<unsigned>(registers[REG_RAX]);
  const unsigned subleaf = static_cast<unsigned>(registers[REG_RCX]);
  unsigned a = leaf, b, c = subleaf, d;
  asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
  if (leaf == 7 && subleaf == 0) {
    b &= ~leaf7_ebx;
    c &= ~leaf7_ecx;
    d &= ~leaf7_edx;
  }
  if (leaf == 7 && subleaf == 1) {
    a &= ~leaf7_1_eax;
    d &= ~leaf7_1_edx;
  }
  registers[REG_RAX] = a;
  registers[REG_RBX] = b;
  registers[REG_RCX] = c;
  registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

}  // namespace

// Node loads the file as an addon; an addon without exports.
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  struct sigaction action = {};
  action.sa_sigaction = answer;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, nullptr);
  return exports;
}
