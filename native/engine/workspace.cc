#include "workspace.h"

#include <new>

namespace tiergate {

bool HeadsBuffers::reserve(const Model& model, size_t rows, size_t keys) {
  const size_t heads = model.config.heads, D = model.head_dimensions;
  return query.reserve(rows * heads * D) && key.reserve(keys * heads * D) &&
         value.reserve(keys * heads * round_up(D, model.kernel->panel)) && query_scale.reserve(rows * heads) &&
         key_scale.reserve(keys * heads) && value_scale.reserve(keys * heads) && key_offset.reserve(keys * heads);
}

bool Scratch::reserve(const Model& model, int longest) {
  const size_t hidden = model.config.hidden, intermediate = model.config.intermediate;
  const size_t widest = 3 * hidden > 2 * intermediate ? 3 * hidden : 2 * intermediate;
  // A unit begins at every fourth row of a text, so up to three rows before its share.
  const size_t rows = kUnitRowsMax + 3;
  return bytes.reserve(rows * hidden) && inner_bytes.reserve(rows * intermediate) && scale.reserve(rows) &&
         inner_scale.reserve(rows) && wide.reserve(model.kernel->rows * widest) && context.reserve(rows * hidden) &&
         narrow.reserve(rows * kAdapterRankMax) && inner_narrow.reserve(rows * kAdapterRankMax) &&
         attend.reserve(model.kernel->attend_scratch(longest));
}

bool Workspace::prepare(const Model& model, const Batch& batch, int threads) {
  if (!texts.reserve(batch.texts) || !text_of.reserve(batch.rows)) return false;
  const size_t panel = model.kernel->panel < 4 ? 4 : model.kernel->panel;
  int first = 0, longest = 0;
  size_t keys = 0;
  for (int t = 0; t < batch.texts; t++) {
    const int length = batch.lengths[t];
    texts[t] = {first, length, int(round_up(length, panel)), keys};
    for (int row = first; row < first + length; row++) text_of[row] = t;
    first += length;
    keys += texts[t].keys_max;
    if (length > longest) longest = length;
  }
  for (int i = 0; i < threads; i++) {
    if (!scratch[i].reserve(model, longest)) return false;
  }
  if (!states.reserve(size_t(batch.rows) * model.config.hidden) || !heads[0].reserve(model, batch.rows, keys) ||
      !heads[1].reserve(model, batch.rows, keys)) {
    return false;
  }
  for (int t = 0; t < batch.texts; t++) clear_padding(texts[t], model.config.heads);
  return true;
}

// What lies behind a text's last key is another text's. Weighed with 2^-115 it is nothing, unless its scale is enormous.
void Workspace::clear_padding(const Text& text, int heads_count) {
  for (HeadsBuffers& buffers : heads) {
    float* scale = buffers.value_scale.data() + text.keys_before * heads_count;
    for (int h = 0; h < heads_count; h++, scale += text.keys_max) {
      for (int key = text.length; key < text.keys_max; key++) scale[key] = 0;
    }
  }
}

Workspace* Workspaces::take() {
  for (auto& slot : kept_) {
    if (Workspace* workspace = slot.exchange(nullptr, std::memory_order_acquire)) return workspace;
  }
  void* memory = malloc(sizeof(Workspace));
  return memory ? new (memory) Workspace() : nullptr;
}

void Workspaces::leave(Workspace* workspace) {
  for (auto& slot : kept_) {
    Workspace* nothing = nullptr;
    if (slot.compare_exchange_strong(nothing, workspace, std::memory_order_release, std::memory_order_relaxed)) return;
  }
  workspace->~Workspace();
  free(workspace);
}

Workspaces::~Workspaces() {
  for (auto& slot : kept_) {
    if (Workspace* workspace = slot.load(std::memory_order_acquire)) {
      workspace->~Workspace();
      free(workspace);
    }
  }
}

}  // namespace tiergate
