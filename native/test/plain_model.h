// What a model computes, in double precision and from its tensors alone: no kernel, no quantized activations, no code of
// the engine but the elementary functions.
#pragma once
#include <math.h>

#include "random_model.h"

namespace tiergate {

class PlainModel {
 public:
  using Row = std::vector<double>;

  explicit PlainModel(const RandomModel& of, const RandomAdapter* adapter = nullptr)
      : of_(of), adapter_(adapter), c_(of.config) {}

  // The last hidden states of one text.
  std::vector<Row> states(const int32_t* ids, int count) const {
    std::vector<Row> x = states(ids, count, c_.layers);
    if (c_.norm == Norm::pre) {
      for (Row& row : x) row = normal(row, "final_norm");
    }
    return x;
  }

  // What a layer reads.
  std::vector<Row> states(const int32_t* ids, int count, int before) const {
    std::vector<Row> x;
    const Row position = c_.positions == Positions::learned ? floats("embeddings.position") : Row();
    const Row scale = floats("embeddings.word.scale"), feature = floats("embeddings.feature");
    const std::vector<uint8_t>& word = bytes("embeddings.word.weight");
    for (int i = 0; i < count; i++) {
      const int32_t id = ids[i] % c_.vocabulary;
      Row row(c_.hidden);
      for (int k = 0; k < c_.hidden; k++) {
        row[k] = int8_t(word[size_t(id) * c_.hidden + k]) * scale[id];
        if (!feature.empty()) row[k] += feature[size_t(ids[i] / c_.vocabulary) * c_.hidden + k];
        if (!position.empty()) row[k] += position[size_t(i) * c_.hidden + k];
      }
      x.push_back(normal(row, "embeddings.norm"));
    }
    for (int layer = 0; layer < before; layer++) x = through_layer(x, layer);
    return x;
  }

  // Of length 1.
  Row pooled(const std::vector<Row>& states) const {
    Row sum = states[0];
    for (size_t i = 1; i < states.size() && c_.pooling == Pooling::mean; i++) add(sum, states[i]);
    double squares = 0;
    for (const double value : sum) squares += value * value;
    for (double& value : sum) value /= sqrt(squares);
    return sum;
  }

  Row head(const Row& in, const std::string& name) const {
    const Row weight = floats("heads." + name + ".weight");
    Row out = floats("heads." + name + ".bias");
    for (size_t n = 0; n < out.size(); n++) {
      for (size_t k = 0; k < in.size(); k++) out[n] += in[k] * weight[n * in.size() + k];
    }
    return out;
  }

 private:
  const std::vector<uint8_t>& bytes(const std::string& name) const {
    for (size_t i = 0; i < of_.names.size(); i++) {
      if (of_.names[i] == name) return of_.data[i];
    }
    static const std::vector<uint8_t> none;
    return none;
  }
  // Empty when there is no such tensor.
  Row floats(const std::string& name) const {
    const std::vector<uint8_t>& from = bytes(name);
    std::vector<float> values(from.size() / 4);
    if (!from.empty()) memcpy(values.data(), from.data(), from.size());
    return Row(values.begin(), values.end());
  }
  static void add(Row& to, const Row& what) {
    for (size_t i = 0; i < to.size(); i++) to[i] += what[i];
  }

  Row normal(const Row& in, const std::string& name) const {
    const Row weight = floats(name + ".weight"), bias = floats(name + ".bias");
    if (weight.empty()) return in;
    double mean = 0, variance = 0;
    for (const double value : in) mean += value / in.size();
    for (const double value : in) variance += (value - mean) * (value - mean) / in.size();
    Row out(in);
    for (size_t k = 0; k < in.size(); k++) out[k] = (in[k] - mean) / sqrt(variance + c_.norm_epsilon) * weight[k] + bias[k];
    return out;
  }

  // The number at `k` of a row's packed bytes.
  static int integer(const uint8_t* row, int k, int block_bytes) {
    if (block_bytes == 32) return row[k] - 128;
    if (block_bytes == 16) return (row[k / 2] >> (k % 2 * 4) & 15) - 8;
    return (row[k / 4] >> (k % 4 * 2) & 3) - 2;
  }
  Row linear(const Row& in, const std::string& name) const {
    const std::vector<uint8_t>& weight = bytes(name + ".weight");
    const Row scale = floats(name + ".scale"), smooth = floats(name + ".smooth");
    Row out = floats(name + ".bias");
    const size_t row_bytes = weight.size() / out.size();
    for (size_t n = 0; n < out.size(); n++) {
      for (size_t k = 0; k < in.size(); k++) {
        const int q = integer(&weight[n * row_bytes], int(k), int(row_bytes / (in.size() / kBlock)));
        out[n] += in[k] * smooth[k] * q * scale[(n * in.size() + k) / kBlock];
      }
    }
    if (adapter_) add_adapted(in, name, out);
    return out;
  }
  void add_adapted(const Row& in, const std::string& name, Row& out) const {
    for (size_t i = 0; i < adapter_->names.size(); i++) {
      if (adapter_->names[i] != name + ".lora_a") continue;
      const std::vector<float>&a = adapter_->values[i], &b = adapter_->values[i + 1];
      const size_t rank = a.size() / in.size();
      for (size_t r = 0; r < rank; r++) {
        double narrow = 0;
        for (size_t k = 0; k < in.size(); k++) narrow += in[k] * a[r * in.size() + k];
        for (size_t n = 0; n < out.size(); n++) out[n] += narrow * b[n * rank + r];
      }
    }
  }

  // Heads of queries or keys, turned by their position.
  void turn(double* row, int position, bool local) const {
    const int D = c_.hidden / c_.heads;
    for (int h = 0; h < c_.heads; h++) {
      for (int d = 0; d < D / 2; d++) {
        const double angle = position * pow(local ? c_.rope_theta_local : c_.rope_theta_global, -2.0 * d / D);
        double& a = row[h * D + d];
        double& b = row[h * D + d + D / 2];
        const double turned = a * cos(angle) - b * sin(angle);
        b = b * cos(angle) + a * sin(angle);
        a = turned;
      }
    }
  }

  std::vector<Row> through_layer(std::vector<Row> x, int layer) const {
    const std::string name = "layers." + std::to_string(layer) + ".";
    const bool pre = c_.norm == Norm::pre, local = c_.local_window > 0 && layer % c_.global_every != 0;
    std::vector<Row> qkv;
    for (size_t i = 0; i < x.size(); i++) {
      qkv.push_back(linear(pre ? normal(x[i], name + "attention_norm") : x[i], name + "qkv"));
      if (c_.positions == Positions::learned) continue;
      turn(qkv[i].data(), int(i), local);
      turn(qkv[i].data() + c_.hidden, int(i), local);
    }
    for (size_t i = 0; i < x.size(); i++) {
      add(x[i], linear(attended(qkv, int(i), local ? c_.local_window : 1 << 30), name + "out"));
      if (!pre) x[i] = normal(x[i], name + "attention_norm");
      Row inner = linear(pre ? normal(x[i], name + "ffn_norm") : x[i], name + "up");
      for (int k = 0; k < c_.intermediate; k++) {
        inner[k] *= 0.5 * (1 + erf(inner[k] / sqrt(2.0)));
        if (c_.activation == Activation::geglu) inner[k] *= inner[c_.intermediate + k];
      }
      inner.resize(c_.intermediate);
      add(x[i], linear(inner, name + "down"));
      if (!pre) x[i] = normal(x[i], name + "ffn_norm");
    }
    return x;
  }

  Row attended(const std::vector<Row>& qkv, int i, int window) const {
    const int D = c_.hidden / c_.heads;
    Row out(c_.hidden);
    for (int h = 0; h < c_.heads; h++) {
      double total = 0;
      for (int key = 0; key < int(qkv.size()); key++) {
        if (key > i + window || key < i - window) continue;
        double score = 0;
        for (int d = h * D; d < h * D + D; d++) score += qkv[i][d] * qkv[key][c_.hidden + d];
        const double power = exp(score / sqrt(double(D)));
        total += power;
        for (int d = h * D; d < h * D + D; d++) out[d] += power * qkv[key][2 * c_.hidden + d];
      }
      for (int d = h * D; d < h * D + D; d++) out[d] /= total;
    }
    return out;
  }

  const RandomModel& of_;
  const RandomAdapter* adapter_;
  const Config c_;
};

}  // namespace tiergate
