// One pass of texts through a model: ids in; pooled vectors and the logits of all heads out.
#pragma once
#include <atomic>

#include "adapter.h"
#include "model.h"

namespace tiergate {

// Most tokens of a batch, which bounds the memory of a pass.
constexpr int kBatchRowsMax = 16384;

// Most threads that work on one batch.
constexpr int kThreadsOfPassMax = 64;

// Texts of different lengths, one behind the other: no padding. Special tokens stand in `ids`.
struct Batch {
  const int32_t* ids;      // in a model with features, plus the vocabulary's size times the token's feature
  const int32_t* lengths;  // [texts]
  int texts;
  int rows;  // tokens in all
};

struct Output {
  float* vectors;   // [texts][hidden], length 1
  float* sentence;  // [texts][sentence labels of all heads]
  float* token;     // [rows][token labels of all heads]
};

enum class Status : uint8_t { done, cancelled, late, no_memory, not_finite };

// Asked between layers (and between the parts of a layer of a long text).
struct Stop {
  const std::atomic<bool>* cancelled;
  int64_t deadline_ns;  // CLOCK_MONOTONIC; 0: none
};

// Work in parts, on whichever threads are free. `slot` names the thread among those that work on this call, from 0 to
// `threads - 1`; 0 is the caller. Returns when all parts are done.
struct Parallel {
  int threads;
  void (*run)(void* self, int parts, void (*part)(void* context, int part, int slot), void* context);
  void* self;
};

// Null when every id, length and sum fits the model; else what does not.
const char* check_batch(const Model&, const Batch&);
// Takes a checked batch, and an adapter of that model, or null.
Status encode(const Model&, const Adapter*, const Batch&, const Parallel&, const Stop&, const Output&);
// What the layer of that number reads, [rows][hidden]: 0, the embeddings after their norm; the number of layers, what the
// last one makes. Takes a checked batch.
Status read_states(const Model&, const Batch&, int layer, const Parallel&, const Stop&, float* states);

}  // namespace tiergate
