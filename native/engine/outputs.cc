// See outputs.h.
#include "outputs.h"

namespace tiergate {
namespace {

// Mean of the tokens, or the first one; of length 1. False for a vector without direction.
bool pool(const Config& config, const float* states, int length, float* out) {
  const int hidden = config.hidden, rows = config.pooling == Pooling::mean ? length : 1;
  for (int k = 0; k < hidden; k++) out[k] = 0;
  for (int row = 0; row < rows; row++) {
    const float* in = states + size_t(row) * hidden;
    for (int k = 0; k < hidden; k++) out[k] += in[k];
  }
  double squares = 0;
  for (int k = 0; k < hidden; k++) squares += double(out[k]) * out[k];
  // Negated, so that it also catches what is no number.
  if (!(squares > 0 && squares < 1e300)) return false;
  const float inverse = float(1 / __builtin_sqrt(squares));
  for (int k = 0; k < hidden; k++) out[k] *= inverse;
  return true;
}

void heads(const Model& model, HeadKind kind, const float* in, int rows, int labels, float* out) {
  for (size_t h = 0; h < model.heads.size(); h++) {
    const HeadWeights& head = model.heads[h];
    if (head.kind != kind) continue;
    for (int row = 0; row < rows; row++) {
      model.kernel->dense(in + size_t(row) * model.config.hidden, 1, model.config.hidden, head.weight.data(),
                          head.bias.data(), head.labels, out + size_t(row) * labels);
    }
    out += head.labels;
  }
}

}  // namespace

Status write_outputs(const Model& model, Workspace& work, const Batch& batch, const Output& output) {
  const Config& config = model.config;
  float* states = work.states.data();
  if (config.norm == Norm::pre) {
    const NormWeights& norm = model.final_norm;
    model.kernel->layer_norm(states, batch.rows, config.hidden, norm.weight.data(),
                             norm.bias.size() > 0 ? norm.bias.data() : nullptr, config.norm_epsilon, states);
  }
  for (int t = 0; t < batch.texts; t++) {
    const Text& text = work.texts[t];
    const size_t first = size_t(text.first) * config.hidden;
    if (!pool(config, states + first, text.length, output.vectors + size_t(t) * config.hidden)) return Status::not_finite;
  }
  heads(model, HeadKind::sentence, output.vectors, batch.texts, model.sentence_labels, output.sentence);
  heads(model, HeadKind::token, states, batch.rows, model.token_labels, output.token);
  return Status::done;
}

}  // namespace tiergate
