// What a kernel is: the arithmetic of an encoder as a table of functions, compiled once for each instruction set.
//
// All kernels compute the same numbers: products of int8 are summed exactly in int32, and float steps differ only by
// the order of additions. `reference.cc` says what is meant; `test/kernels.cc` holds every other kernel to it.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tiergate {

// Weights share one scale in blocks of this many inputs.
constexpr int kBlock = 32;
// Columns of a float matrix that lie along vectors are padded to a multiple of this: four of the widest.
constexpr int kFloatPanel = 64;

// A matrix of whole-number weights, one row an output: value[n][k] = unit[n] * integer[n][k], with
// integer = q * s (q from -8 to 7 and a sub-scale s from 1 to 16 for each block of 32 for int4), always an int8.
struct LinearSource {
  int outputs;           // N
  int inputs;            // K, a multiple of 32
  const int8_t* integer; // [N][K]
  const float* unit;     // [N]
  const float* bias;     // [N], or null
  const float* smooth;   // [K], or null: the input is multiplied by it before it is quantized
  // For kernels that keep the two factors apart; null when the matrix is int8.
  const int8_t* q;       // [N][K], -8..7
  const uint8_t* sub;    // [N][K/32], 1..127
};

// A matrix in a kernel's own order. `weights` is `packed_bytes` long and aligned to a cache line.
struct Linear {
  int outputs, inputs;
  bool two_factors;         // packed from q and sub
  const uint8_t* weights;
  const float* unit;        // [N, padded with zeros to a whole panel]
  const float* bias;        // same
  const int32_t* offset;    // same: what the kernel's accumulators start from
  const float* smooth;      // [K], or null
};

// Rows of quantized activations: value[m][k] = scale[m] * integer[m][k] / smooth[k]. Bytes as the kernel likes them.
struct Quantized {
  uint8_t* bytes;  // [rows][K]
  float* scale;    // [rows]
};

// Where the quantized queries, keys and values of a batch lie. One text's keys are packed like a matrix whose columns
// are keys, its values like a matrix whose columns are the head's dimensions.
struct HeadsLayout {
  int heads, dimensions;   // dimensions of a head
  int keys_max;            // keys that the text has room for: a multiple of `panel`
  size_t query_stride;     // bytes of one token: heads * dimensions
};
struct Heads {
  uint8_t* query;        // [rows][heads * dimensions]
  float* query_scale;    // [rows][heads], the 1/sqrt(dimensions) of attention included
  int8_t* key;           // [heads][keys_max * dimensions]
  float* key_scale;      // [heads][keys_max]
  int32_t* key_offset;   // [heads][keys_max]
  int8_t* value;         // [heads][keys_max * dimensions, padded to a panel]
  float* value_scale;    // [heads][keys_max], 0 behind the last key; whatever else lies there may be anything
};

// Which keys a token sees: all of its text, or those at most `window` away (0: all).
struct Reach {
  int keys;    // tokens of the text
  int window;
};

struct Kernel {
  const char* name;
  // Whether this processor can run it.
  bool (*supported)();

  // Outputs of a matrix, keys of a text and dimensions of its values are padded to a multiple of this.
  int panel;
  // Most rows that one pass of `linear` takes at once.
  int rows;

  size_t (*linear_bytes)(const LinearSource&);
  // Fills `weights` (linear_bytes) and `offset` ([N padded]).
  void (*pack_linear)(const LinearSource&, uint8_t* weights, int32_t* offset);

  // out[H] = table[H] * scale + position[H] (position may be null)
  void (*embed)(const int8_t* table, float scale, const float* position, int hidden, float* out);
  // In place or not; bias may be null. Variance is the biased one (Ba et al. 2016, arXiv 1607.06450).
  void (*layer_norm)(const float* in, int rows, int hidden, const float* weight, const float* bias, float epsilon,
                     float* out);
  // Symmetric, one scale a row: scale = max|x * smooth| / 127.
  void (*quantize)(const float* in, int rows, int width, const float* smooth, Quantized out);
  // As `quantize`, after gelu (gated: gelu of the first half of a row times its second half; `width` is the half).
  // Overwrites `in`, with the values that were quantized: smoothed, each row (gated: each first half) in its place.
  void (*quantize_gelu)(float* in, int rows, int width, bool gated, const float* smooth, Quantized out);
  // out[m][n] = sum_k in[m][k] * w[n][k] + bias[n] (+ out[m][n] if `add`). `out` has rows of `out_stride` floats.
  void (*linear)(const Quantized in, int rows, const Linear&, bool add, float* out, size_t out_stride);

  // Rotary positions for one token: turns pairs (d, d + D/2) of each of `heads` heads (Su et al. 2021, arXiv
  // 2104.09864). `turn` is [2][D/2]: cosines, then sines.
  void (*rotate)(float* rows, int heads, int dimensions, const float* turn);
  // Quantizes the q, k and v of one token (each heads * dimensions floats) into `out`; `row` and `key` say where.
  void (*split_heads)(const float* qkv, const HeadsLayout&, int row, int key, Heads out);
  // Attention of `rows` neighbouring tokens of one text, the first being its token `first`: context is
  // [rows][heads * dimensions]. `scratch` is attend_scratch(keys) bytes.
  void (*attend)(const Heads&, const HeadsLayout&, int row, int first, int rows, Reach, void* scratch, float* context);
  size_t (*attend_scratch)(int keys);

  // out[m][c] = in[m] . weight[c] + bias[c]
  void (*dense)(const float* in, int rows, int width, const float* weight, const float* bias, int outputs, float* out);
  // out[m][n] = sum_k a[m][k] * b[n][k] (+ out[m][n] if `add`), for any sizes from 1 on. For adapters and for learning.
  void (*times_transposed)(const float* a, int rows, const float* b, int columns, int width, bool add, float* out);
  // out[m][n] += sum_k a[m][k] * b[k][n]: an adapter's wide side. Rows of `b` are padded with zeros to a multiple of
  // kFloatPanel; `out` has rows of `out_stride` floats.
  void (*add_product)(const float* a, int rows, int width, const float* b, int columns, float* out, size_t out_stride);
};

// All kernels of this binary, fastest first; null-terminated.
const Kernel* const* all_kernels();
// The kernel of that name, or the fastest supported one for null. Null when unknown; may be unsupported.
const Kernel* find_kernel(const char* name);

}  // namespace tiergate
