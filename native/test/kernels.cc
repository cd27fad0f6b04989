// All kernels that this processor runs, function by function. `--fastest`: the one that is chosen here, alone and with
// small sizes, for processors that are emulated to see what is chosen on them.
#include "kernels.h"

int main(int argc, char** argv) {
  using namespace tiergate;
  const bool fastest = argc > 1 && strcmp(argv[1], "--fastest") == 0, small = fastest || small_sizes(argc, argv);
  for (const Kernel* kernel : fastest ? std::vector<const Kernel*>{find_kernel(nullptr)} : kernels_here()) {
    const int before = failures;
    test_rows(*kernel, small);
    test_linear(*kernel, small);
    test_attention(*kernel, small);
    test_floats(*kernel, small);
    printf("%s: %s\n", kernel->name, failures == before ? "as the reference" : "DIFFERS from the reference");
  }
  CHECK(find_kernel("no such kernel") == nullptr, "an unknown name names no kernel");
  CHECK(find_kernel(nullptr) && find_kernel(nullptr)->supported(), "there is a kernel for every processor");
  return exit_code();
}
