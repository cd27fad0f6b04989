// The way of a batch through the layers.
//
// A layer is cut into units of neighbouring rows. Within a layer no unit needs another's results: attention reads the
// keys and values that the layer before left, and everything after attention concerns single rows, up to the keys and
// values for the next layer, which go to a second buffer. So there is one meeting of all threads for each layer.
#include "encoder.h"

#include <time.h>

#include "outputs.h"
#include "workspace.h"

namespace tiergate {
namespace {

int64_t now_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t(now.tv_sec) * 1000000000 + now.tv_nsec;
}

class Pass {
 public:
  Pass(const Model& model, const Adapter* adapter, Workspace& workspace, const Batch& batch, const Parallel& parallel,
       const Stop& stop)
      : model_(model),
        adapter_(adapter),
        kernel_(*model.kernel),
        work_(workspace),
        batch_(batch),
        parallel_(parallel),
        stop_(stop) {}

  // Through so many layers: the states are then what the next one reads.
  Status run(int layers) {
    layers_ = layers;
    if (!work_.prepare(model_, batch_, parallel_.threads)) return Status::no_memory;
    // As many units as threads, or a multiple of them: all threads end a layer at about the same time.
    units_ = int(round_up((batch_.rows + kUnitRowsMax - 1) / kUnitRowsMax, parallel_.threads));
    for (layer_ = -1; layer_ < layers_; layer_++) {
      if (!may_go_on()) return status();
      parallel_.run(parallel_.self, units_, [](void* self, int unit, int slot) {
        static_cast<Pass*>(self)->unit(unit, static_cast<Pass*>(self)->work_.scratch[slot]);
      }, this);
    }
    return stopped_.load(std::memory_order_relaxed) ? status() : Status::done;
  }

 private:
  bool may_go_on() {
    if (stop_.cancelled && stop_.cancelled->load(std::memory_order_relaxed)) {
      stopped_.store(1, std::memory_order_relaxed);
    } else if (stop_.deadline_ns != 0 && now_ns() > stop_.deadline_ns) {
      stopped_.store(2, std::memory_order_relaxed);
    }
    return stopped_.load(std::memory_order_relaxed) == 0;
  }
  Status status() const {
    return stopped_.load(std::memory_order_relaxed) == 1 ? Status::cancelled : Status::late;
  }

  float* states(int row) { return work_.states.data() + size_t(row) * model_.config.hidden; }

  // First row of a unit. Four keys of a text share words of the packed values: no two units write to the same four.
  int start_of(int unit) const {
    if (unit == units_) return batch_.rows;
    const int row = int(int64_t(batch_.rows) * unit / units_);
    return row - (row - text_of(row).first) % 4;
  }
  const Text& text_of(int row) const { return work_.texts[work_.text_of[row]]; }

  // The part of a layer that concerns the rows of one unit. "Layer -1" makes the embeddings.
  void unit(int index, Scratch& scratch) {
    if (!may_go_on()) return;
    const int from = start_of(index), to = start_of(index + 1);
    if (from == to) return;
    if (layer_ < 0) {
      embed(from, to);
    } else {
      attention(from, to, scratch);
      feed_forward(from, to, scratch);
    }
    if (layer_ + 1 < layers_) queries_keys_values(from, to, scratch);
  }

  void embed(int from, int to) {
    const int hidden = model_.config.hidden;
    for (int row = from; row < to; row++) {
      const int32_t id = batch_.ids[row] % model_.config.vocabulary;
      const int position = row - text_of(row).first;
      kernel_.embed(model_.word.data() + size_t(id) * hidden, model_.word_scale[id],
                    model_.position.size() > 0 ? model_.position.data() + size_t(position) * hidden : nullptr, hidden,
                    states(row));
      if (model_.feature.size() > 0) add_feature(batch_.ids[row] / model_.config.vocabulary, states(row));
    }
    normalize(model_.embedding_norm, states(from), to - from, states(from));
  }

  void add_feature(int feature, float* out) {
    const int hidden = model_.config.hidden;
    const float* in = model_.feature.data() + size_t(feature) * hidden;
    for (int k = 0; k < hidden; k++) out[k] += in[k];
  }

  void normalize(const NormWeights& norm, const float* in, int rows, float* out) {
    kernel_.layer_norm(in, rows, model_.config.hidden, norm.weight.data(),
                       norm.bias.size() > 0 ? norm.bias.data() : nullptr, model_.config.norm_epsilon, out);
  }

  // What an adapter adds to a matrix of a layer; null: nothing.
  const AdaptedLinear* adapted(int layer, AdaptedLinear AdaptedLayer::*part) const {
    if (!adapter_) return nullptr;
    const AdaptedLinear& linear = adapter_->layers[layer].*part;
    return linear.rank > 0 ? &linear : nullptr;
  }
  // A x, [rows][rank], of rows that lie `stride` floats apart.
  void narrow(const AdaptedLinear* adapted, const float* in, int rows, int inputs, size_t stride, float* out) {
    if (!adapted) return;
    const int rank = adapted->rank, at_once = stride == size_t(inputs) ? rows : 1;
    for (int row = 0; row < rows; row += at_once) {
      kernel_.times_transposed(in + row * stride, at_once, adapted->inner.data(), rank, inputs, false,
                               out + size_t(row) * rank);
    }
  }
  // out += B (A x), for rows from `first` on of what `narrow` left.
  void widen(const AdaptedLinear* adapted, const float* narrow, int first, int rows, int outputs, float* out) {
    if (!adapted) return;
    kernel_.add_product(narrow + size_t(first) * adapted->rank, rows, adapted->rank, adapted->outer.data(), outputs, out,
                        outputs);
  }

  // What a matrix reads: the rows themselves or, where the norm stands before it, the normalized rows.
  void quantize_states(int from, int rows, const NormWeights& norm, const Linear& matrix, const AdaptedLinear* adapted,
                       Scratch& scratch) {
    const float* in = states(from);
    if (model_.config.norm == Norm::pre && norm.weight.size() > 0) {
      normalize(norm, in, rows, scratch.context.data());
      in = scratch.context.data();
    }
    kernel_.quantize(in, rows, model_.config.hidden, matrix.smooth, {scratch.bytes.data(), scratch.scale.data()});
    narrow(adapted, in, rows, model_.config.hidden, model_.config.hidden, scratch.narrow.data());
  }

  // x + matrix(in) and, where it stands behind, the norm.
  void add_to_states(int from, int rows, const Quantized in, const Linear& matrix, const AdaptedLinear* adapted,
                     const float* narrow, const NormWeights& norm) {
    kernel_.linear(in, rows, matrix, true, states(from), model_.config.hidden);
    widen(adapted, narrow, 0, rows, model_.config.hidden, states(from));
    if (model_.config.norm == Norm::post) normalize(norm, states(from), rows, states(from));
  }

  void attention(int from, int to, Scratch& scratch) {
    const Layer& layer = model_.layers[layer_];
    const Config& config = model_.config;
    const int window = config.local_window > 0 && layer_ % config.global_every != 0 ? config.local_window : 0;
    for (int row = from; row < to;) {
      const Text& text = text_of(row);
      const int end = text.first + text.length < to ? text.first + text.length : to;
      kernel_.attend(heads_of(text, layer_), layout_of(text), row, row - text.first, end - row,
                     {text.length, window}, scratch.attend.data(),
                     scratch.context.data() + size_t(row - from) * config.hidden);
      row = end;
    }
    const Quantized in = {scratch.bytes.data(), scratch.scale.data()};
    kernel_.quantize(scratch.context.data(), to - from, config.hidden, layer.out.view.smooth, in);
    const AdaptedLinear* const out = adapted(layer_, &AdaptedLayer::out);
    narrow(out, scratch.context.data(), to - from, config.hidden, config.hidden, scratch.narrow.data());
    add_to_states(from, to - from, in, layer.out.view, out, scratch.narrow.data(), layer.attention_norm);
  }

  void feed_forward(int from, int to, Scratch& scratch) {
    const Layer& layer = model_.layers[layer_];
    const int rows = to - from, hidden = model_.config.hidden, intermediate = model_.config.intermediate;
    const bool gated = model_.config.activation == Activation::geglu;
    const int width = layer.up.view.outputs;
    const AdaptedLinear *const up = adapted(layer_, &AdaptedLayer::up), *const down = adapted(layer_, &AdaptedLayer::down);
    quantize_states(from, rows, layer.ffn_norm, layer.up.view, up, scratch);
    in_blocks(rows, [&](int first, int count) {
      kernel_.linear({scratch.bytes.data() + size_t(first) * hidden, scratch.scale.data() + first}, count,
                     layer.up.view, false, scratch.wide.data(), width);
      widen(up, scratch.narrow.data(), first, count, width, scratch.wide.data());
      kernel_.quantize_gelu(scratch.wide.data(), count, intermediate, gated, layer.down.view.smooth,
                            {scratch.inner_bytes.data() + size_t(first) * intermediate,
                             scratch.inner_scale.data() + first});
      narrow(down, scratch.wide.data(), count, intermediate, width,
             scratch.inner_narrow.data() + size_t(first) * (down ? down->rank : 0));
    });
    add_to_states(from, rows, {scratch.inner_bytes.data(), scratch.inner_scale.data()}, layer.down.view, down,
                  scratch.inner_narrow.data(), layer.ffn_norm);
  }

  void queries_keys_values(int from, int to, Scratch& scratch) {
    const int next = layer_ + 1, hidden = model_.config.hidden, rows = to - from;
    const Layer& layer = model_.layers[next];
    const Config& config = model_.config;
    const AdaptedLinear* const qkv_adapted = adapted(next, &AdaptedLayer::qkv);
    quantize_states(from, rows, layer.attention_norm, layer.qkv.view, qkv_adapted, scratch);
    const bool local = config.local_window > 0 && next % config.global_every != 0;
    const Buffer<float>& turn = local ? model_.turn_local : model_.turn_global;
    in_blocks(rows, [&](int first, int count) {
      kernel_.linear({scratch.bytes.data() + size_t(first) * hidden, scratch.scale.data() + first}, count,
                     layer.qkv.view, false, scratch.wide.data(), 3 * hidden);
      widen(qkv_adapted, scratch.narrow.data(), first, count, 3 * hidden, scratch.wide.data());
      for (int i = 0; i < count; i++) {
        const int row = from + first + i;
        const Text& text = text_of(row);
        float* qkv = scratch.wide.data() + size_t(i) * 3 * hidden;
        if (config.positions == Positions::rotary) {
          // Queries and keys lie side by side: one turn for the heads of both.
          kernel_.rotate(qkv, 2 * config.heads, model_.head_dimensions,
                         turn.data() + size_t(row - text.first) * model_.head_dimensions);
        }
        kernel_.split_heads(qkv, layout_of(text), row, row - text.first, heads_of(text, next));
      }
    });
  }

  // Blocks of at most the kernel's rows, all about as large: what is between two matrices stays in the nearest cache.
  template <class Block>
  void in_blocks(int rows, Block block) {
    const int blocks = (rows + kernel_.rows - 1) / kernel_.rows;
    for (int i = 0; i < blocks; i++) {
      const int first = rows * i / blocks;
      block(first, rows * (i + 1) / blocks - first);
    }
  }

  HeadsLayout layout_of(const Text& text) const {
    return {model_.config.heads, model_.head_dimensions, text.keys_max, size_t(model_.config.hidden)};
  }
  Heads heads_of(const Text& text, int layer) {
    HeadsBuffers& buffers = work_.heads[layer % 2];
    const size_t before = text.keys_before * model_.config.heads;
    return {buffers.query.data(),
            buffers.query_scale.data(),
            buffers.key.data() + before * model_.head_dimensions,
            buffers.key_scale.data() + before,
            buffers.key_offset.data() + before,
            buffers.value.data() + before * round_up(model_.head_dimensions, kernel_.panel),
            buffers.value_scale.data() + before};
  }

  const Model& model_;
  const Adapter* adapter_;
  const Kernel& kernel_;
  Workspace& work_;
  const Batch& batch_;
  const Parallel& parallel_;
  const Stop& stop_;
  int units_ = 0, layer_ = 0, layers_ = 0;
  std::atomic<int> stopped_{0};
};

}  // namespace

const char* check_batch(const Model& model, const Batch& batch) {
  if (batch.texts < 1) return "There must be at least one text.";
  int64_t rows = 0;
  for (int t = 0; t < batch.texts; t++) {
    if (batch.lengths[t] < 1) return "A text must have at least one token.";
    if (batch.lengths[t] > model.config.positions_max) return "A text has more tokens than the model reads at once.";
    rows += batch.lengths[t];
  }
  if (rows > kBatchRowsMax) return "A batch has too many tokens.";
  if (rows != batch.rows) return "The lengths of the texts do not add up to the tokens.";
  for (int row = 0; row < batch.rows; row++) {
    if (batch.ids[row] < 0 || batch.ids[row] / model.config.vocabulary >= model.features) return "A token is not in the vocabulary.";
  }
  return nullptr;
}

Status encode(const Model& model, const Adapter* adapter, const Batch& batch, const Parallel& parallel, const Stop& stop,
              const Output& output) {
  Workspace* workspace = model.workspaces.take();
  if (!workspace) return Status::no_memory;
  Status status = Pass(model, adapter, *workspace, batch, parallel, stop).run(model.config.layers);
  if (status == Status::done) status = write_outputs(model, *workspace, batch, output);
  model.workspaces.leave(workspace);
  return status;
}

Status read_states(const Model& model, const Batch& batch, int layer, const Parallel& parallel, const Stop& stop,
                   float* states) {
  Workspace* workspace = model.workspaces.take();
  if (!workspace) return Status::no_memory;
  const Status status = Pass(model, nullptr, *workspace, batch, parallel, stop).run(layer);
  const size_t count = size_t(batch.rows) * model.config.hidden;
  if (status == Status::done) memcpy(states, workspace->states.data(), count * sizeof(float));
  model.workspaces.leave(workspace);
  return status;
}

}  // namespace tiergate
