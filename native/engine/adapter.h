// An adapter: beside some of a model's matrices a product of two narrow ones, y = W x + b + B (A x) (LoRA, Hu et al. 2021,
// arXiv 2106.09685). x is what the matrix reads before it is smoothed and quantized; all of the adapter is in floats.
#pragma once
#include "model.h"

namespace tiergate {

constexpr int kAdapterRankMax = 64;

struct AdaptedLinear {
  int rank;             // 0: this matrix is not adapted
  Buffer<float> inner;  // A, [rank][inputs]
  Buffer<float> outer;  // B turned, [rank][outputs, padded with zeros to a multiple of kFloatPanel]
};

struct AdaptedLayer {
  AdaptedLinear qkv, out, up, down;
};

// Held by its JavaScript object and by the jobs that use it, which all come and go on one thread.
struct Adapter {
  Buffer<AdaptedLayer> layers;
  size_t bytes;     // of memory, about
  uint64_t engine;  // the serial number of the only engine that may use it
  int holders;
  ~Adapter();
};

// Null and a problem, or an adapter of that model with one holder. Takes any subset of the tensors `layers.{i}.{qkv, out, up
// or down}.lora_a`, F32 [rank][inputs], and `.lora_b`, F32 [outputs][rank], and no others. Any bytes may stand in them.
Adapter* load_adapter(const Model&, const Tensor* tensors, size_t count, Problem*);
// Frees it with the last holder. Takes null.
void let_go(Adapter*);

}  // namespace tiergate
