// All kernels that this processor runs, function by function.
#include "kernels.h"

int main(int argc, char** argv) {
  using namespace tiergate;
  const bool small = small_sizes(argc, argv);
  for (const Kernel* kernel : kernels_here()) {
    const int before = failures;
    test_rows(*kernel, small);
    test_linear(*kernel, small);
    test_attention(*kernel, small);
    printf("%s: %s\n", kernel->name, failures == before ? "as the reference" : "DIFFERS from the reference");
  }
  CHECK(find_kernel("no such kernel") == nullptr, "an unknown name names no kernel");
  CHECK(find_kernel(nullptr) && find_kernel(nullptr)->supported(), "there is a kernel for every processor");
  return exit_code();
}
