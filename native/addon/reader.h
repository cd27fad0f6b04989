// Reads what JavaScript passed in, and trusts none of it: what is wrong becomes an exception.
#pragma once
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdint.h>
#include <string.h>

namespace tiergate {

// Room for a name, with its end.
constexpr int kNameBytes = 128;

// After the first failure an exception is pending, and the rest must not be used.
class Reader {
 public:
  explicit Reader(napi_env env) : env_(env) {}

  // Always false. An exception that is pending already (of a getter, say) stays.
  bool refuse(const char* what, const char* problem) {
    bool pending = true;
    if (napi_is_exception_pending(env_, &pending) != napi_ok || pending) return false;
    char message[2 * kNameBytes];
    size_t at = 0;
    const char* const pieces[] = {what, " ", problem};
    for (const char* piece : pieces)
      while (*piece != 0 && at + 1 < sizeof message) message[at++] = *piece++;
    message[at] = 0;
    napi_throw_type_error(env_, nullptr, message);
    return false;
  }

  bool get(napi_value object, const char* name, napi_value* out) {
    return napi_get_named_property(env_, object, name, out) == napi_ok || refuse(name, "cannot be read");
  }

  bool number(napi_value value, const char* what, double min, double max, double* out) {
    // Negated, so that NaN is refused, too.
    if (napi_get_value_double(env_, value, out) != napi_ok || !(*out >= min && *out <= max))
      return refuse(what, "must be a number within its bounds");
    return true;
  }
  bool whole(napi_value value, const char* what, double min, double max, int* out) {
    double real;
    if (!number(value, what, min, max, &real)) return false;
    *out = static_cast<int>(real);
    return *out == real || refuse(what, "must be a whole number");
  }
  bool whole(napi_value object, const char* name, int* out) {
    napi_value value;
    return get(object, name, &value) && whole(value, name, INT32_MIN, INT32_MAX, out);
  }
  bool real(napi_value object, const char* name, float* out) {
    napi_value value;
    double wide;
    if (!get(object, name, &value) || !number(value, name, -3.4e38, 3.4e38, &wide)) return false;
    *out = static_cast<float>(wide);
    return true;
  }

  // A text of less than `room` bytes in UTF-8, without NUL.
  bool text(napi_value object, const char* name, char* out, size_t room) {
    napi_value value;
    size_t bytes;
    if (!get(object, name, &value)) return false;
    if (napi_get_value_string_utf8(env_, value, out, room, &bytes) != napi_ok || bytes + 1 >= room || strlen(out) != bytes)
      return refuse(name, "must be a text, and not a long one");
    return true;
  }
  // Which of two words.
  template <class Choice>
  bool choice(napi_value object, const char* name, const char* first, const char* second, Choice* out) {
    char word[kNameBytes];
    if (!text(object, name, word, sizeof word)) return false;
    const bool is_second = strcmp(word, second) == 0;
    *out = static_cast<Choice>(is_second);
    return is_second || strcmp(word, first) == 0 || refuse(name, "has no such value");
  }

  bool list(napi_value object, const char* name, uint32_t max, napi_value* out, uint32_t* length) {
    bool is_list = false;
    if (!get(object, name, out)) return false;
    if (napi_is_array(env_, *out, &is_list) != napi_ok || !is_list || napi_get_array_length(env_, *out, length) != napi_ok)
      return refuse(name, "must be a list");
    return *length <= max || refuse(name, "has too many elements");
  }
  bool at(napi_value list, uint32_t index, napi_value* out) {
    return napi_get_element(env_, list, index, out) == napi_ok || refuse("a list", "cannot be read");
  }

  // The memory is JavaScript's, and may go as soon as any JavaScript runs (a getter is enough).
  bool values(napi_value value, const char* what, napi_typedarray_type wanted, void** data, size_t* length) {
    bool is_typed = false;
    napi_typedarray_type type;
    if (napi_is_typedarray(env_, value, &is_typed) != napi_ok || !is_typed ||
        napi_get_typedarray_info(env_, value, &type, length, data, nullptr, nullptr) != napi_ok || type != wanted)
      return refuse(what, "must be a typed array of the right type");
    return true;
  }

 private:
  napi_env env_;
};

}  // namespace tiergate
