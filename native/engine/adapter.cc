// Checks the tensors of an adapter and lays them out for the kernels.
#include "adapter.h"

#include <new>

#include "block.h"

namespace tiergate {
namespace {

class AdapterLoader {
 public:
  AdapterLoader(const Model& model, const Tensor* tensors, size_t count, Problem* problem)
      : model_(model), tensors_(tensors), count_(count), problem_(problem) {}

  Adapter* load() {
    void* memory = malloc(sizeof(Adapter));
    if (!memory) return out_of_memory(), nullptr;
    Adapter* adapter = new (memory) Adapter();
    adapter->holders = 1;
    adapter->bytes = sizeof(Adapter);
    if (fill(*adapter)) return adapter;
    let_go(adapter);
    return nullptr;
  }

 private:
  Message say() { return Message(problem_); }
  bool out_of_memory() { return say() << "There is not enough memory for the adapter.", false; }

  bool fill(Adapter& adapter) {
    if (!adapter.layers.resize(model_.layers.size()) || !used_.resize(count_)) return out_of_memory();
    for (size_t i = 0; i < adapter.layers.size(); i++) {
      const Layer& of = model_.layers[i];
      AdaptedLayer& to = adapter.layers[i];
      // `down` reads what the kernels have smoothed already: see `quantize_gelu`.
      if (!linear(int(i), "qkv", of.qkv.view, nullptr, to.qkv) || !linear(int(i), "out", of.out.view, nullptr, to.out) ||
          !linear(int(i), "up", of.up.view, nullptr, to.up) ||
          !linear(int(i), "down", of.down.view, of.down.view.smooth, to.down)) {
        return false;
      }
      const AdaptedLinear* const parts[] = {&to.qkv, &to.out, &to.up, &to.down};
      for (const AdaptedLinear* part : parts) {
        adapter.bytes += (part->inner.size() + part->outer.size()) * sizeof(float);
      }
    }
    for (size_t i = 0; i < count_; i++) {
      if (!used_[i]) return say() << "The tensor " << tensors_[i].name << " is no part of an adapter of this model.", false;
    }
    return true;
  }

  const Tensor* find(const char* name) {
    for (size_t i = 0; i < count_; i++) {
      if (strcmp(tensors_[i].name, name) != 0) continue;
      used_[i] = true;
      return &tensors_[i];
    }
    return nullptr;
  }

  // Whether it is F32 [rows][columns] and as long as that.
  bool fits(const Tensor& tensor, int64_t rows, int64_t columns) {
    if (tensor.dtype == Dtype::f32 && tensor.rank == 2 && tensor.shape[0] == rows && tensor.shape[1] == columns &&
        tensor.bytes == size_t(rows * columns) * sizeof(float) && tensor.data) {
      return true;
    }
    say() << "The tensor " << tensor.name << " has not the type, shape or length that an adapter needs: F32 [" << rows
          << "][" << columns << "].";
    return false;
  }

  bool linear(int layer, const char* part, const Linear& matrix, const float* smooth, AdaptedLinear& out) {
    Problem a_name, b_name;
    Message(&a_name) << "layers." << layer << "." << part << ".lora_a";
    Message(&b_name) << "layers." << layer << "." << part << ".lora_b";
    const Tensor* a = find(a_name.text);
    const Tensor* b = find(b_name.text);
    if (!a && !b) return true;
    if (!a || !b) return say() << "The tensor " << (a ? b_name : a_name).text << " is missing.", false;
    const int64_t rank = a->shape[0];
    if (a->rank < 1 || rank < 1 || rank > kAdapterRankMax) {
      return say() << "The tensor " << a->name << " must have from 1 to " << kAdapterRankMax << " rows.", false;
    }
    const size_t padded = round_up(matrix.outputs, kFloatPanel);
    if (!fits(*a, rank, matrix.inputs) || !fits(*b, matrix.outputs, rank)) return false;
    if (!out.inner.resize(rank * matrix.inputs) || !out.outer.resize(rank * padded)) return out_of_memory();
    bool all_finite = true;
    memcpy(out.inner.data(), a->data, a->bytes);
    for (size_t i = 0; i < out.inner.size(); i++) {
      if (smooth) out.inner[i] /= smooth[i % matrix.inputs];
      all_finite &= finite(out.inner[i]);
    }
    if (!all_finite) return not_finite(*a);
    for (int64_t n = 0; n < matrix.outputs; n++) {
      for (int64_t r = 0; r < rank; r++) {
        float& to = out.outer[r * padded + n];
        memcpy(&to, b->data + (n * rank + r) * sizeof(float), sizeof to);
        all_finite &= finite(to);
      }
    }
    out.rank = int(rank);
    return all_finite || not_finite(*b);
  }
  bool not_finite(const Tensor& tensor) {
    return say() << "The tensor " << tensor.name << " holds a value that is not finite, or will not be.", false;
  }

  const Model& model_;
  const Tensor* tensors_;
  size_t count_;
  Problem* problem_;
  Buffer<bool> used_;
};

}  // namespace

// As with a model's layers: zeros are as good as empty ones, but have to be destroyed one by one.
Adapter::~Adapter() {
  for (size_t i = 0; i < layers.size(); i++) layers[i].~AdaptedLayer();
}

Adapter* load_adapter(const Model& model, const Tensor* tensors, size_t count, Problem* problem) {
  return AdapterLoader(model, tensors, count, problem).load();
}

void let_go(Adapter* adapter) {
  if (!adapter || --adapter->holders > 0) return;
  adapter->~Adapter();
  free(adapter);
}

}  // namespace tiergate
