// What is wrong, in words: for whoever made the model.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tiergate {

// Room for the longest message, with a tensor's name in it.
struct Problem {
  char text[256];
};

// A message made of pieces, cut at the end of the buffer.
class Message {
 public:
  explicit Message(Problem* problem) : text_(problem->text) { text_[0] = 0; }
  Message& operator<<(const char* piece) {
    while (*piece && at_ + 1 < sizeof(Problem::text)) text_[at_++] = *piece++;
    text_[at_] = 0;
    return *this;
  }
  Message& operator<<(int64_t number) {
    char digits[24];
    int at = 23;
    digits[at] = 0;
    uint64_t rest = number < 0 ? 0 - uint64_t(number) : uint64_t(number);
    do digits[--at] = char('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) digits[--at] = '-';
    return *this << (digits + at);
  }

 private:
  char* text_;
  size_t at_ = 0;
};

}  // namespace tiergate
