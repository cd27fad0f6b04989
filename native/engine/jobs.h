// An engine: a model, the threads that run it, and the texts under way. Knows nothing of JavaScript.
#pragma once
#include "model.h"
#include "pool.h"

namespace tiergate {

struct Engine;

// The layer of a job that is for vectors and logits, not for the states that a layer reads.
constexpr int kNoLayer = -1;

// One batch of texts, from `new_job` to `free_job`. The engine's threads touch it between `submit` and `done`.
struct EncodeJob : Job {
  Engine* engine;
  int64_t id;
  EncodeJob* newer;  // the engine's list
  Buffer<int32_t> ids, lengths;
  Adapter* adapter;                       // or null
  int layer;                              // whose states are read, or kNoLayer
  Buffer<float> vectors, sentence, token; // empty when states are read
  Buffer<float> states;                   // empty when not
  std::atomic<bool> cancelled{false};
  int64_t deadline_ns;
  Status status;
  void* user;  // whoever made the job
};

// All functions are for one thread, the one that made the engine, except that `done` is called from the engine's own.
struct Engine {
  Model* model = nullptr;
  Pool pool;
  EncodeJob* jobs = nullptr;
  int64_t next_id = 1;
  uint64_t serial = 0;  // no other engine of this process has it
  bool closed = false;
  void (*done)(EncodeJob*) = nullptr;
  void* user = nullptr;

  // False when the system gives no threads. The model is the engine's from now on, either way.
  bool open(Model*, int threads);
  // Null without memory. `ids` and `lengths` are copied; `deadline_ms` counts from now, 0: none. The job holds
  // the adapter, which may be null and is this engine's.
  EncodeJob* new_job(const Batch&, int threads, double deadline_ms, int layer, Adapter*);
  void submit(EncodeJob*);
  void free_job(EncodeJob*);
  // Ends a job between two layers; it is `done` all the same. Unknown ids are of jobs that have ended.
  void cancel(int64_t id);
  // Cancels what runs and joins the threads; what was under way is `done` when this returns. The model is freed.
  void close();
  ~Engine();
};

Batch batch_of(const EncodeJob&);

}  // namespace tiergate
