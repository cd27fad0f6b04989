// Checks the tensors of a pack and packs them for one kernel.
#include "model.h"

#include <new>

#include "../kernels/exact.h"
#include "block.h"

namespace tiergate {
namespace {

// Bounds on the architecture, so that no product of sizes below can overflow.
constexpr int kLayersMax = 128, kWidthMax = 16384, kVocabularyMax = 4194304, kPositionsMax = 65536, kHeadsMax = 256;
constexpr int kFeaturesMax = 256;  // times kVocabularyMax, an id is still an int32
constexpr int kLabelsMax = 4096, kHeadSourcesMax = 64, kHeadDimensionsMax = 256;

class Loader {
 public:
  Loader(const Config& config, const Tensor* tensors, size_t count, const Kernel* kernel, Problem* problem)
      : config_(config), tensors_(tensors), count_(count), kernel_(kernel), problem_(problem) {}

  Model* load(const HeadSource* heads, size_t head_count) {
    if (!check_config()) return nullptr;
    void* memory = malloc(sizeof(Model));
    if (!memory) return out_of_memory(), nullptr;
    model_ = new (memory) Model();
    if (fill(*model_, heads, head_count)) return model_;
    free_model(model_);
    return nullptr;
  }

 private:
  Message say() { return Message(problem_); }
  bool out_of_memory() { return say() << "There is not enough memory for the model.", false; }

  bool between(const char* what, int64_t value, int64_t low, int64_t high) {
    if (value >= low && value <= high) return true;
    say() << "`" << what << "` is " << value << "; it must be from " << low << " to " << high << ".";
    return false;
  }

  bool check_config() {
    const Config& c = config_;
    if (!(between("layers", c.layers, 1, kLayersMax) && between("hidden", c.hidden, kBlock, kWidthMax) &&
          between("heads", c.heads, 1, kHeadsMax) && between("intermediate", c.intermediate, kBlock, kWidthMax) &&
          between("vocabulary", c.vocabulary, 1, kVocabularyMax) &&
          between("positions_max", c.positions_max, 1, kPositionsMax) &&
          between("local_window", c.local_window, 0, kPositionsMax) &&
          between("global_every", c.global_every, c.local_window > 0 ? 1 : 0, kLayersMax))) {
      return false;
    }
    if (c.hidden % kBlock != 0 || c.intermediate % kBlock != 0) {
      return say() << "`hidden` and `intermediate` must be multiples of " << kBlock << ".", false;
    }
    const int dimensions = c.hidden / c.heads;
    if (c.hidden % c.heads != 0 || dimensions % 16 != 0 || dimensions > kHeadDimensionsMax) {
      return say() << "`hidden` / `heads` must be a multiple of 16, at most " << kHeadDimensionsMax << ".", false;
    }
    if (!finite(c.norm_epsilon) || c.norm_epsilon < 0) return say() << "`norm_epsilon` must not be negative.", false;
    const bool rotary = c.positions == Positions::rotary;
    if (rotary && !(c.rope_theta_global > 1 && finite(c.rope_theta_global) && c.rope_theta_local > 1 &&
                    finite(c.rope_theta_local))) {
      return say() << "`rope_theta_global` and `rope_theta_local` must be more than 1.", false;
    }
    return true;
  }

  const Tensor* find(const char* name) const {
    for (size_t i = 0; i < count_; i++) {
      if (strcmp(tensors_[i].name, name) == 0) return &tensors_[i];
    }
    return nullptr;
  }

  // The tensor of that name, of that type and shape (-1: any) and of as many bytes as they say.
  const Tensor* need(const char* name, Dtype dtype, int64_t a, int64_t b = 0, int64_t c = 0) {
    const Tensor* tensor = find(name);
    if (!tensor) return say() << "The tensor " << name << " is missing.", nullptr;
    const int64_t wanted[3] = {a, b, c};
    const int rank = c != 0 ? 3 : b != 0 ? 2 : 1;
    bool fits = tensor->dtype == dtype && tensor->rank == rank;
    size_t bytes = dtype == Dtype::f32 ? 4 : 1;
    for (int i = 0; fits && i < rank; i++) {
      const int64_t size = tensor->shape[i];
      fits = size > 0 && size <= INT32_MAX && (wanted[i] == -1 || size == wanted[i]) &&
             !__builtin_mul_overflow(bytes, size_t(size), &bytes);
    }
    if (!fits || tensor->bytes != bytes || !tensor->data) {
      return say() << "The tensor " << name << " has not the type, shape or length that the model needs.", nullptr;
    }
    return tensor;
  }

  // `padded` values at least, what is more than the tensor has being 0.
  bool floats(const char* name, Buffer<float>& out, int64_t a, int64_t b = 0, size_t padded = 0) {
    const Tensor* tensor = need(name, Dtype::f32, a, b);
    if (!tensor) return false;
    const size_t count = tensor->bytes / sizeof(float);
    if (!out.resize(count > padded ? count : padded)) return out_of_memory();
    memcpy(out.data(), tensor->data, tensor->bytes);
    for (size_t i = 0; i < count; i++) {
      if (!finite(out[i])) return say() << "The tensor " << name << " holds a value that is not finite.", false;
    }
    return true;
  }

  // Names of tensors: `layers.`, number, `.`, part, `.`, field.
  struct Name {
    Problem text;
    Name(int layer, const char* part, const char* field) {
      Message(&text) << "layers." << layer << "." << part << "." << field;
    }
    Name(const char* group, const char* part, const char* field) {
      Message(&text) << group << part << "." << field;
    }
    operator const char*() const { return text.text; }
  };

  // A matrix, unpacked. Its memory serves one matrix after another.
  struct Whole {
    Buffer<int8_t> q, integer;  // [N][K]
    Buffer<uint8_t> sub;        // [N][K/32]
    bool two_factors;           // false for int8: there are neither q nor sub
  };

  bool unpack(int layer, const char* part, int outputs, int inputs, const float* unit, Whole& whole) {
    const Name name(layer, part, "weight"), scale_name(layer, part, "scale");
    const int blocks = inputs / kBlock;
    const Tensor* weight = need(name, Dtype::u8, outputs, blocks, -1);
    const Tensor* scale = need(scale_name, Dtype::f32, outputs, blocks);
    if (!weight || !scale) return false;
    const int bytes = int(weight->shape[2]);
    if (bytes != 8 && bytes != 16 && bytes != 32) {
      return say() << "The blocks of " << name << " must have 8, 16 or 32 bytes.", false;
    }
    const size_t count = size_t(outputs) * inputs;
    if (!whole.integer.reserve(count)) return out_of_memory();
    whole.two_factors = bytes != 32;
    if (whole.two_factors && !(whole.q.reserve(count) && whole.sub.reserve(size_t(outputs) * blocks))) {
      return out_of_memory();
    }
    for (size_t block = 0; block < size_t(outputs) * blocks; block++) {
      const uint8_t* from = weight->data + block * bytes;
      int8_t* integer = whole.integer.data() + block * kBlock;
      int8_t* q = bytes == 32 ? integer : whole.q.data() + block * kBlock;
      if (!unpack_block(from, bytes, q)) return say() << name << " holds a value outside its range.", false;
      float of_block;
      memcpy(&of_block, scale->data + block * sizeof(float), sizeof(float));
      const int sub = whole_multiple(of_block, unit[block / blocks], bytes == 32 ? 1 : bytes == 16 ? 16 : 127);
      if (sub == 0) {
        return say() << scale_name << " holds a scale that is no whole multiple of its row's unit, or too large a one.",
               false;
      }
      if (bytes == 32) continue;
      whole.sub[block] = uint8_t(sub);
      for (int k = 0; k < kBlock; k++) integer[k] = int8_t(q[k] * sub);
    }
    return true;
  }

  bool linear(int layer, const char* part, int outputs, int inputs, PackedLinear& out) {
    const size_t padded = round_up(outputs, kernel_->panel);
    const Name unit_name(layer, part, "unit"), bias_name(layer, part, "bias"), smooth_name(layer, part, "smooth");
    if (!floats(unit_name, out.unit, outputs, 0, padded)) return false;
    if (find(bias_name) ? !floats(bias_name, out.bias, outputs, 0, padded) : !out.bias.resize(padded)) {
      return find(bias_name) ? false : out_of_memory();
    }
    if (find(smooth_name) && !floats(smooth_name, out.smooth, inputs)) return false;
    if (!unpack(layer, part, outputs, inputs, out.unit.data(), whole_)) return false;
    const LinearSource source = {outputs,
                                 inputs,
                                 whole_.integer.data(),
                                 out.unit.data(),
                                 out.bias.data(),
                                 out.smooth.data(),
                                 whole_.two_factors ? whole_.q.data() : nullptr,
                                 whole_.two_factors ? whole_.sub.data() : nullptr};
    uint8_t* weights = model_->weights.take(kernel_->linear_bytes(source));
    if (!weights || !out.offset.resize(padded)) return out_of_memory();
    kernel_->pack_linear(source, weights, out.offset.data());
    out.view = {outputs,         inputs,           whole_.two_factors,  weights,
                out.unit.data(), out.bias.data(), out.offset.data(), out.smooth.size() > 0 ? out.smooth.data() : nullptr};
    return true;
  }

  bool norm(const char* group, const char* part, NormWeights& out) {
    const Name weight(group, part, "weight"), bias(group, part, "bias");
    return floats(weight, out.weight, config_.hidden) && (!find(bias) || floats(bias, out.bias, config_.hidden));
  }
  bool norm(int layer, const char* part, NormWeights& out) {
    Problem group;
    Message(&group) << "layers." << layer << ".";
    return norm(group.text, part, out);
  }

  bool layer(int i, Layer& out) {
    const int hidden = config_.hidden, intermediate = config_.intermediate;
    const int up = config_.activation == Activation::geglu ? 2 * intermediate : intermediate;
    const bool first_is_bare = i == 0 && config_.norm == Norm::pre && !find("layers.0.attention_norm.weight");
    return linear(i, "qkv", 3 * hidden, hidden, out.qkv) && linear(i, "out", hidden, hidden, out.out) &&
           linear(i, "up", up, hidden, out.up) && linear(i, "down", hidden, intermediate, out.down) &&
           (first_is_bare || norm(i, "attention_norm", out.attention_norm)) && norm(i, "ffn_norm", out.ffn_norm);
  }

  // Angles of the rotary positions: position * theta^(-2i / D).
  bool turns(float theta, int dimensions, Buffer<float>& out) {
    const int half = dimensions / 2;
    if (!out.resize(size_t(config_.positions_max) * dimensions)) return out_of_memory();
    const double step = exact::log(theta) * 2 / dimensions;
    for (int i = 0; i < half; i++) {
      const double frequency = exact::exp(-step * i);
      for (int position = 0; position < config_.positions_max; position++) {
        double sine, cosine;
        exact::sine_cosine(position * frequency, &sine, &cosine);
        out[size_t(position) * dimensions + i] = float(cosine);
        out[size_t(position) * dimensions + half + i] = float(sine);
      }
    }
    return true;
  }

  bool embeddings(Model& model) {
    const Tensor* word = need("embeddings.word.weight", Dtype::i8, config_.vocabulary, config_.hidden);
    if (!word) return false;
    if (!model.word.resize(word->bytes)) return out_of_memory();
    memcpy(model.word.data(), word->data, word->bytes);
    if (!floats("embeddings.word.scale", model.word_scale, config_.vocabulary)) return false;
    if (config_.positions == Positions::learned) {
      if (!floats("embeddings.position", model.position, config_.positions_max, config_.hidden)) return false;
    } else if (!turns(config_.rope_theta_global, model.head_dimensions, model.turn_global) ||
               !turns(config_.rope_theta_local, model.head_dimensions, model.turn_local)) {
      return false;
    }
    return features(model) && norm("embeddings.", "norm", model.embedding_norm) &&
           (config_.norm == Norm::post || norm("", "final_norm", model.final_norm));
  }

  bool features(Model& model) {
    const Tensor* table = find("embeddings.feature");
    model.features = 1;
    if (!table) return true;
    if (!floats("embeddings.feature", model.feature, -1, config_.hidden)) return false;
    model.features = int(table->shape[0]);
    return between("features", table->shape[0], 1, kFeaturesMax);
  }

  bool head(const HeadSource& source, HeadWeights& out) {
    if (!between("labels", source.labels, 1, kLabelsMax)) return false;
    const Name weight("heads.", source.name, "weight"), bias("heads.", source.name, "bias");
    out.kind = source.kind;
    out.labels = source.labels;
    return floats(weight, out.weight, source.labels, config_.hidden) && floats(bias, out.bias, source.labels);
  }

  bool fill(Model& model, const HeadSource* heads, size_t head_count) {
    model.config = config_;
    model.kernel = kernel_;
    model.head_dimensions = config_.hidden / config_.heads;
    if (!between("heads", int64_t(head_count), 0, kHeadSourcesMax) || !embeddings(model)) return false;
    if (!model.layers.resize(config_.layers) || !model.heads.resize(head_count)) return out_of_memory();
    for (int i = 0; i < config_.layers; i++) {
      if (!layer(i, model.layers[i])) return false;
    }
    for (size_t i = 0; i < head_count; i++) {
      if (!head(heads[i], model.heads[i])) return false;
      (heads[i].kind == HeadKind::sentence ? model.sentence_labels : model.token_labels) += heads[i].labels;
    }
    return true;
  }

  const Config& config_;
  const Tensor* tensors_;
  size_t count_;
  const Kernel* kernel_;
  Problem* problem_;
  Model* model_ = nullptr;
  Whole whole_;
};

}  // namespace

// A buffer of zeros is as good as a buffer of empty layers, but freeing it does not free what they hold.
Model::~Model() {
  for (size_t i = 0; i < layers.size(); i++) layers[i].~Layer();
  for (size_t i = 0; i < heads.size(); i++) heads[i].~HeadWeights();
}

Model* load_model(const Config& config, const Tensor* tensors, size_t tensor_count, const HeadSource* heads,
                  size_t head_count, const Kernel* kernel, Problem* problem) {
  return Loader(config, tensors, tensor_count, kernel, problem).load(heads, head_count);
}

void free_model(Model* model) {
  if (!model) return;
  model->~Model();
  free(model);
}

}  // namespace tiergate
