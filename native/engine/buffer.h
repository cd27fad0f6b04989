// Memory the engine owns: aligned for vectors, freed when it goes out of scope, and never throwing. The engine uses no
// part of the C++ runtime library, so that one binary loads on any libc.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

namespace tiergate {

// A cache line, and the widest vector register there is.
constexpr size_t kAlignmentBytes = 64;

constexpr size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// `count` values of T, zeroed. Moves, does not copy.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& other) : data_(other.data_), count_(other.count_) {
    other.data_ = nullptr;
    other.count_ = 0;
  }
  Buffer& operator=(Buffer&& other) {
    if (this != &other) {
      free(data_);
      data_ = other.data_;
      count_ = other.count_;
      other.data_ = nullptr;
      other.count_ = 0;
    }
    return *this;
  }
  ~Buffer() { free(data_); }

  // False when there is not enough memory; the buffer is then empty.
  bool resize(size_t count) {
    free(data_);
    data_ = nullptr;
    count_ = 0;
    if (count == 0) return true;
    if (count > SIZE_MAX / 2 / sizeof(T)) return false;
    const size_t bytes = round_up(count * sizeof(T), kAlignmentBytes);
    void* memory = nullptr;
    if (posix_memalign(&memory, kAlignmentBytes, bytes) != 0) return false;
    memset(memory, 0, bytes);
    data_ = static_cast<T*>(memory);
    count_ = count;
    return true;
  }

  // Room for at least `count` values, whatever they are: zeros, or what was there before. False as above.
  bool reserve(size_t count) { return count <= count_ || resize(count); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return count_; }
  T& operator[](size_t at) { return data_[at]; }
  const T& operator[](size_t at) const { return data_[at]; }

 private:
  T* data_ = nullptr;
  size_t count_ = 0;
};

}  // namespace tiergate
