// Which kernels this binary holds, and which one runs.
#include <string.h>

#include "kernel.h"

namespace tiergate {

extern const Kernel kReference, kPortable;
#if defined(__x86_64__)
extern const Kernel kAvx512Vnni, kAvxVnni, kAvx2;
static const Kernel* const kKernels[] = {&kAvx512Vnni, &kAvxVnni, &kAvx2, &kPortable, &kReference, nullptr};
#elif defined(__aarch64__)
extern const Kernel kNeonI8mm, kNeonDot;
static const Kernel* const kKernels[] = {&kNeonI8mm, &kNeonDot, &kPortable, &kReference, nullptr};
#else
static const Kernel* const kKernels[] = {&kPortable, &kReference, nullptr};
#endif

const Kernel* const* all_kernels() { return kKernels; }

const Kernel* find_kernel(const char* name) {
  for (const Kernel* const* kernel = kKernels; *kernel; kernel++) {
    if (name ? strcmp((*kernel)->name, name) == 0 : (*kernel)->supported()) return *kernel;
  }
  return nullptr;
}

}  // namespace tiergate
