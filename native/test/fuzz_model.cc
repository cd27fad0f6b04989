// libFuzzer's entry to the loader: `npm run native:test -- fuzz`, then run the program whose path it prints, for as long
// as you like. A crash leaves a file; the program run with that file as its argument repeats it.
#include "mutated_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 256) return 0;
  tiergate::try_mutated(data, size);
  if (tiergate::failures > 0) abort();
  return 0;
}
