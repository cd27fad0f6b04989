#include "products.h"

#include "options.h"

namespace tiergate {
namespace {

// Most rows, columns and values of a row: their products are whole numbers of 64 bits.
constexpr double kSizeMax = 1 << 30;

bool read_floats(Reader& read, napi_env env, napi_value from, const char* name, size_t wanted, float** out) {
  void* data;
  size_t length;
  if (!read.values(from, name, napi_float32_array, &data, &length)) return false;
  *out = static_cast<float*>(data);
  if (length >= wanted) return true;
  napi_throw_range_error(env, nullptr, "A matrix has fewer numbers than its rows and columns say.");
  return false;
}

napi_value times_transposed(napi_env env, napi_callback_info info) {
  Reader read(env);
  void* kernel;
  size_t count = 7;
  napi_value arguments[7];
  int rows, columns, width;
  bool adds;
  float *a, *b, *out;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, &kernel) != napi_ok ||
      !read.whole(arguments[1], "rows", 1, kSizeMax, &rows) || !read.whole(arguments[3], "columns", 1, kSizeMax, &columns) ||
      !read.whole(arguments[4], "width", 1, kSizeMax, &width))
    return nullptr;
  if (napi_get_value_bool(env, arguments[6], &adds) != napi_ok) return read.refuse("adds", "must be true or false"), nullptr;
  if (read_floats(read, env, arguments[0], "a", size_t(rows) * width, &a) &&
      read_floats(read, env, arguments[2], "b", size_t(columns) * width, &b) &&
      read_floats(read, env, arguments[5], "out", size_t(rows) * columns, &out))
    static_cast<const Kernel*>(kernel)->times_transposed(a, rows, b, columns, width, adds, out);
  return nullptr;
}

}  // namespace

napi_value times_transposed_on(napi_env env, napi_callback_info info) {
  Reader read(env);
  size_t count = 1;
  napi_value options, function;
  const Kernel* kernel;
  if (napi_get_cb_info(env, info, &count, &options, nullptr, nullptr) != napi_ok || !read_kernel(read, options, &kernel) ||
      napi_create_function(env, "timesTransposed", NAPI_AUTO_LENGTH, times_transposed, const_cast<Kernel*>(kernel),
                           &function) != napi_ok)
    return nullptr;
  return function;
}

}  // namespace tiergate
