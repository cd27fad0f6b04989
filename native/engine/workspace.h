// The memory of a pass. It is kept for the next one: fresh memory costs a short text more than its attention does.
#pragma once
#include "encoder.h"

namespace tiergate {

// Rows that a thread takes at once: many enough that a layer's weights are not fetched anew for few rows, few enough
// that its own rows stay in the second-level cache beside a matrix.
constexpr int kUnitRowsMax = 48;

// Where one text lies in the batch and in the buffers of keys and values.
struct Text {
  int first, length;
  int keys_max;        // length, padded to the kernel's panel
  size_t keys_before;  // sum of keys_max of the texts before
};

// Queries, keys and values of all texts, for one layer.
struct HeadsBuffers {
  Buffer<uint8_t> query;
  Buffer<int8_t> key, value;
  Buffer<float> query_scale, key_scale, value_scale;
  Buffer<int32_t> key_offset;

  bool reserve(const Model&, size_t rows, size_t keys);
};

// What one thread works in.
struct Scratch {
  Buffer<uint8_t> bytes, inner_bytes;  // [rows][hidden], [rows][intermediate]
  Buffer<float> scale, inner_scale;    // [rows]
  Buffer<float> wide;                  // [kernel's rows][3 * hidden or 2 * intermediate]
  Buffer<float> context;               // [rows][hidden]
  Buffer<float> narrow, inner_narrow;  // [rows][rank]: what an adapter makes of a matrix's input; of `down`'s
  Buffer<uint8_t> attend;

  bool reserve(const Model&, int longest);
};

struct Workspace {
  Buffer<Text> texts;
  Buffer<int32_t> text_of;  // [rows]
  Buffer<float> states;     // [rows][hidden]
  HeadsBuffers heads[2];    // of the layer that is read, and of the next one
  Scratch scratch[kThreadsOfPassMax];

  // False without memory.
  bool prepare(const Model&, const Batch&, int threads);

 private:
  void clear_padding(const Text&, int heads_count);
};

}  // namespace tiergate
