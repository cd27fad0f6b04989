// A model, checked and packed for one kernel. Nothing of the tensors it was made from is kept.
#pragma once
#include <atomic>

#include "arena.h"
#include "buffer.h"
#include "message.h"
#include "../kernels/kernel.h"

namespace tiergate {

enum class Norm : uint8_t { post, pre };
enum class Activation : uint8_t { gelu, geglu };
enum class Positions : uint8_t { learned, rotary };
enum class Pooling : uint8_t { mean, cls };

// The architecture, as `encoder` in a pack's manifest says it.
struct Config {
  int layers, hidden, heads, intermediate, vocabulary, positions_max;
  Norm norm;
  Activation activation;
  Positions positions;
  Pooling pooling;
  float norm_epsilon;
  float rope_theta_global, rope_theta_local;
  int local_window;  // 0: every layer sees everything
  int global_every;  // with local_window: layer i is global if i % global_every == 0
};

enum class Dtype : uint8_t { f32, i8, u8 };

// A tensor where the caller has it; `data` need not be aligned.
struct Tensor {
  const char* name;
  Dtype dtype;
  int rank;
  int64_t shape[3];
  const uint8_t* data;
  size_t bytes;
};

enum class HeadKind : uint8_t { sentence, token };
struct HeadSource {
  const char* name;
  HeadKind kind;
  int labels;
};

struct HeadWeights {
  HeadKind kind;
  int labels;
  Buffer<float> weight, bias;
};

struct PackedLinear {
  Linear view;  // its weights lie in the model's arena
  Buffer<float> unit, bias, smooth;
  Buffer<int32_t> offset;
};

struct NormWeights {
  Buffer<float> weight, bias;  // empty weight: no norm here
};

struct Layer {
  PackedLinear qkv, out, up, down;
  NormWeights attention_norm, ffn_norm;
};

struct Workspace;

// Workspaces between two passes: a pass takes one that lies here or makes its own, and leaves it here if there is room.
class Workspaces {
 public:
  Workspaces() = default;
  ~Workspaces();
  Workspace* take();
  void leave(Workspace*);

 private:
  static constexpr int kKept = 16;
  std::atomic<Workspace*> kept_[kKept] = {};
};

struct Model {
  Config config;
  const Kernel* kernel;
  int head_dimensions;
  Buffer<int8_t> word;
  Buffer<float> word_scale, position;
  // How a word is written, say: added to a token's embedding. [features][hidden]; none: empty, and `features` is 1.
  Buffer<float> feature;
  int features;
  // Rotary: [positions_max][2][D/2], for layers that see everything and for the others.
  Buffer<float> turn_global, turn_local;
  NormWeights embedding_norm, final_norm;
  Buffer<Layer> layers;
  Arena weights;
  Buffer<HeadWeights> heads;
  int sentence_labels, token_labels;
  mutable Workspaces workspaces;
  ~Model();
};

// Null and a problem, or a model to be freed with `free_model`. Checks everything: shapes, lengths, finite numbers,
// scales that are whole multiples of their units. Any bytes at all may stand in the tensors.
Model* load_model(const Config&, const Tensor* tensors, size_t tensor_count, const HeadSource* heads, size_t head_count,
                  const Kernel*, Problem*);
void free_model(Model*);

}  // namespace tiergate
