// Memory for weights, which are made once, read at every pass, and freed together. It lies in large pages where the
// system has them: a pass for a short text reads megabytes once, and would spend a few per cent of its time on looking
// up small pages.
#pragma once
#include <sys/mman.h>

#include <new>

#include "buffer.h"

namespace tiergate {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    while (chunk_) {
      Chunk* before = chunk_->before;
      free(chunk_);
      chunk_ = before;
    }
  }

  // Zeroed, aligned to a cache line. Null when there is not enough memory.
  uint8_t* take(size_t bytes) {
    if (bytes > SIZE_MAX / 2) return nullptr;
    bytes = round_up(bytes, kAlignmentBytes);
    if (bytes > left_ && !grow(bytes)) return nullptr;
    uint8_t* slice = reinterpret_cast<uint8_t*>(chunk_) + chunk_->bytes - left_;
    left_ -= bytes;
    memset(slice, 0, bytes);
    return slice;
  }

 private:
  static constexpr size_t kPageBytes = size_t(2) << 20, kChunkBytes = size_t(8) << 20;
  struct alignas(kAlignmentBytes) Chunk {
    Chunk* before;
    size_t bytes;
  };

  bool grow(size_t wanted) {
    const size_t bytes = round_up(sizeof(Chunk) + (wanted > kChunkBytes ? wanted : kChunkBytes - sizeof(Chunk)), kPageBytes);
    void* memory = nullptr;
    if (posix_memalign(&memory, kPageBytes, bytes) != 0) return false;
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    chunk_ = new (memory) Chunk{chunk_, bytes};
    left_ = bytes - sizeof(Chunk);
    return true;
  }

  Chunk* chunk_ = nullptr;
  size_t left_ = 0;
};

}  // namespace tiergate
