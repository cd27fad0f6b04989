// What a kernel computes, as plainly as it can be said: no vectors, no tiles, elementary functions in double precision.
// Every other kernel is tested against this one.
#include "exact.h"
#include "kernel.h"

namespace tiergate {
namespace {

size_t linear_bytes(const LinearSource& from) { return size_t(from.outputs) * from.inputs; }

void pack_linear(const LinearSource& from, uint8_t* weights, int32_t* offset) {
  for (size_t i = 0; i < linear_bytes(from); i++) weights[i] = uint8_t(from.integer[i]);
  for (int n = 0; n < from.outputs; n++) offset[n] = 0;
}

void embed(const int8_t* table, float scale, const float* position, int hidden, float* out) {
  for (int k = 0; k < hidden; k++) out[k] = table[k] * scale + (position ? position[k] : 0.0f);
}

void layer_norm(const float* in, int rows, int hidden, const float* weight, const float* bias, float epsilon,
                float* out) {
  for (int m = 0; m < rows; m++, in += hidden, out += hidden) {
    double mean = 0, variance = 0;
    for (int k = 0; k < hidden; k++) mean += in[k];
    mean /= hidden;
    for (int k = 0; k < hidden; k++) variance += (in[k] - mean) * (in[k] - mean);
    variance /= hidden;
    const double scale = 1 / __builtin_sqrt(variance + epsilon);
    for (int k = 0; k < hidden; k++) out[k] = float((in[k] - mean) * scale * weight[k] + (bias ? bias[k] : 0.0));
  }
}

// To the nearest whole number, ties to even. What is no number becomes 0: its row's scale is none either.
int round_even(double value) {
  if (!(value > -128 && value < 128)) return 0;
  const double floor = double((long long)value) - (value < double((long long)value) ? 1 : 0);
  const double rest = value - floor;
  const long long whole = (long long)floor;
  return int(rest > 0.5 || (rest == 0.5 && whole % 2 != 0) ? whole + 1 : whole);
}

// Returns the scale: value = scale * byte.
float quantize_values(const float* in, int count, const float* smooth, int8_t* bytes) {
  float most = 0;
  for (int k = 0; k < count; k++) {
    const float value = smooth ? in[k] * smooth[k] : in[k];
    if (value > most) most = value;
    if (-value > most) most = -value;
  }
  const float inverse = most > 0 ? 127.0f / most : 0.0f;
  for (int k = 0; k < count; k++) bytes[k] = int8_t(round_even((smooth ? in[k] * smooth[k] : in[k]) * inverse));
  return most / 127.0f;
}

void quantize(const float* in, int rows, int width, const float* smooth, Quantized out) {
  for (int m = 0; m < rows; m++) {
    out.scale[m] =
        quantize_values(in + size_t(m) * width, width, smooth, reinterpret_cast<int8_t*>(out.bytes) + size_t(m) * width);
  }
}

float gelu(float x) { return float(0.5 * x * (1 + exact::erf(x / __builtin_sqrt(2.0)))); }

void quantize_gelu(float* in, int rows, int width, bool gated, const float* smooth, Quantized out) {
  for (int m = 0; m < rows; m++) {
    float* row = in + size_t(m) * width * (gated ? 2 : 1);
    for (int k = 0; k < width; k++) row[k] = gelu(row[k]) * (gated ? row[width + k] : 1.0f);
    for (int k = 0; smooth && k < width; k++) row[k] *= smooth[k];
    quantize(row, 1, width, nullptr, {out.bytes + size_t(m) * width, out.scale + m});
  }
}

int32_t product(const int8_t* a, const int8_t* b, int count, size_t b_stride = 1) {
  int32_t total = 0;
  for (int k = 0; k < count; k++) total += a[k] * b[k * b_stride];
  return total;
}

void linear(const Quantized in, int rows, const Linear& matrix, bool add, float* out, size_t out_stride) {
  for (int m = 0; m < rows; m++) {
    const int8_t* a = reinterpret_cast<const int8_t*>(in.bytes) + size_t(m) * matrix.inputs;
    for (int n = 0; n < matrix.outputs; n++) {
      const int8_t* b = reinterpret_cast<const int8_t*>(matrix.weights) + size_t(n) * matrix.inputs;
      const float value =
          float(product(a, b, matrix.inputs)) * (matrix.unit[n] * in.scale[m]) + matrix.bias[n];
      out[m * out_stride + n] = add ? out[m * out_stride + n] + value : value;
    }
  }
}

void rotate(float* rows, int heads, int dimensions, const float* turn) {
  const int half = dimensions / 2;
  for (int h = 0; h < heads; h++, rows += dimensions) {
    for (int d = 0; d < half; d++) {
      const float a = rows[d], b = rows[d + half];
      rows[d] = a * turn[d] - b * turn[half + d];
      rows[d + half] = b * turn[d] + a * turn[half + d];
    }
  }
}

// Queries [row][head][D], keys and values [head][key][D].
void split_heads(const float* qkv, const HeadsLayout& layout, int row, int key, Heads out) {
  const int D = layout.dimensions, width = layout.heads * D;
  for (int h = 0; h < layout.heads; h++) {
    const size_t at = size_t(h) * layout.keys_max + key;
    int8_t* query = reinterpret_cast<int8_t*>(out.query) + size_t(row) * layout.query_stride + h * D;
    out.query_scale[row * layout.heads + h] =
        quantize_values(qkv + h * D, D, nullptr, query) / __builtin_sqrtf(float(D));
    out.key_scale[at] = quantize_values(qkv + width + h * D, D, nullptr, out.key + at * D);
    out.value_scale[at] = quantize_values(qkv + 2 * width + h * D, D, nullptr, out.value + at * D);
  }
}

size_t attend_scratch(int keys) { return size_t(keys) * sizeof(double); }

void attend(const Heads& heads, const HeadsLayout& layout, int row, int first, int rows, Reach reach, void* scratch,
            float* context) {
  const int D = layout.dimensions;
  double* probability = static_cast<double*>(scratch);
  for (int i = 0; i < rows; i++) {
    for (int h = 0; h < layout.heads; h++) {
      const int8_t* query =
          reinterpret_cast<const int8_t*>(heads.query) + size_t(row + i) * layout.query_stride + h * D;
      const size_t at = size_t(h) * layout.keys_max;
      const int low = reach.window == 0 || first + i < reach.window ? 0 : first + i - reach.window;
      const int high =
          reach.window == 0 || first + i + reach.window >= reach.keys ? reach.keys - 1 : first + i + reach.window;
      double most = -1e30, total = 0;
      for (int key = low; key <= high; key++) {
        probability[key] = double(product(query, heads.key + (at + key) * D, D)) *
                           heads.query_scale[(row + i) * layout.heads + h] * heads.key_scale[at + key];
        if (probability[key] > most) most = probability[key];
      }
      for (int key = low; key <= high; key++) total += probability[key] = exact::exp(probability[key] - most);
      for (int d = 0; d < D; d++) {
        double sum = 0;
        for (int key = low; key <= high; key++) {
          sum += probability[key] * heads.value[(at + key) * D + d] * heads.value_scale[at + key];
        }
        context[(size_t(i) * layout.heads + h) * D + d] = float(sum / total);
      }
    }
  }
}

void dense(const float* in, int rows, int width, const float* weight, const float* bias, int outputs, float* out) {
  for (int m = 0; m < rows; m++, in += width) {
    for (int c = 0; c < outputs; c++) {
      double total = bias[c];
      for (int k = 0; k < width; k++) total += double(in[k]) * weight[size_t(c) * width + k];
      *out++ = float(total);
    }
  }
}

void times_transposed(const float* a, int rows, const float* b, int columns, int width, bool add, float* out) {
  for (int m = 0; m < rows; m++) {
    for (int n = 0; n < columns; n++) {
      double total = 0;
      for (int k = 0; k < width; k++) total += double(a[size_t(m) * width + k]) * b[size_t(n) * width + k];
      float& to = out[size_t(m) * columns + n];
      to = float(add ? to + total : total);
    }
  }
}

void add_product(const float* a, int rows, int width, const float* b, int columns, float* out, size_t out_stride) {
  const size_t b_stride = size_t(columns + kFloatPanel - 1) / kFloatPanel * kFloatPanel;
  for (int m = 0; m < rows; m++) {
    for (int n = 0; n < columns; n++) {
      double total = out[m * out_stride + n];
      for (int k = 0; k < width; k++) total += double(a[size_t(m) * width + k]) * b[k * b_stride + n];
      out[m * out_stride + n] = float(total);
    }
  }
}

bool supported() { return true; }

}  // namespace

extern const Kernel kReference = {"reference", supported,     1,      1,      linear_bytes, pack_linear,
                                  embed,       layer_norm,    quantize, quantize_gelu, linear, rotate,
                                  split_heads, attend,        attend_scratch, dense,
                                  times_transposed, add_product};

}  // namespace tiergate
