// What the tests share: a check that counts, arrays that end where they end, and the kernels that can run here.
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>
#include <string>
#include <vector>

#include "../kernels/kernel.h"

#if defined(TIERGATE_VPDPBUSD)
#include "../kernels/x86.h"
#endif

namespace tiergate {

inline std::atomic<int> failures{0};
constexpr int kFailuresShown = 20;

// `CHECK(holds, "row %d", row)`: the program goes on, and ends with 1.
#define CHECK(holds, ...)                                            \
  do {                                                               \
    if (!(holds) && ::tiergate::failures++ < ::tiergate::kFailuresShown) { \
      fprintf(stderr, "%s:%d: not so: %s: ", __FILE__, __LINE__, #holds);  \
      fprintf(stderr, __VA_ARGS__);                                  \
      fputc('\n', stderr);                                           \
    }                                                                \
  } while (0)

inline int exit_code() {
  if (failures > 0) fprintf(stderr, "%d checks failed\n", failures.load());
  return failures > 0 ? 1 : 0;
}

// Exactly so many values, aligned as the engine aligns: AddressSanitizer sees the first byte that is read behind them.
template <class T>
class Array {
 public:
  explicit Array(size_t count, T value = T{}) : count_(count) {
    void* memory = nullptr;
    if (posix_memalign(&memory, 64, count * sizeof(T) + (count == 0)) != 0) abort();
    data_ = static_cast<T*>(memory);
    for (size_t i = 0; i < count; i++) data_[i] = value;
  }
  Array(const Array& other) : Array(other.count_) { memcpy(data_, other.data_, count_ * sizeof(T)); }
  Array& operator=(const Array&) = delete;
  ~Array() { free(data_); }
  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return count_; }
  T& operator[](size_t at) { return data_[at]; }
  const T& operator[](size_t at) const { return data_[at]; }
  bool operator==(const Array& other) const {
    return count_ == other.count_ && memcmp(data_, other.data_, count_ * sizeof(T)) == 0;
  }

 private:
  T* data_;
  size_t count_;
};

inline const Kernel& reference_kernel() { return *find_kernel("reference"); }

// All kernels that this processor runs, the reference too. With TIERGATE_VPDPBUSD the file avx_vnni.cc was compiled for
// processors that have its instruction in AVX-512's encoding only.
inline std::vector<const Kernel*> kernels_here() {
  std::vector<const Kernel*> here;
  for (const Kernel* const* kernel = all_kernels(); *kernel; kernel++) {
    bool runs = (*kernel)->supported();
#if defined(TIERGATE_VPDPBUSD)
    if (strcmp((*kernel)->name, "avx-vnni") == 0) runs = X86().avx512_vnni;
#endif
    if (runs) here.push_back(*kernel);
    else printf("%s: not tested, as this processor does not have it\n", (*kernel)->name);
  }
  return here;
}

// `--small`: for processors that are emulated.
inline bool small_sizes(int argc, char** argv) { return argc > 1 && strcmp(argv[1], "--small") == 0; }

}  // namespace tiergate
