// See jobs.h.
#include "jobs.h"

#include <time.h>

#include <new>

namespace tiergate {

namespace {

constexpr double kNsPerMs = 1e6;

void run(Job* base, const Parallel& parallel) {
  EncodeJob* job = static_cast<EncodeJob*>(base);
  Engine* engine = job->engine;
  const Stop stop{&job->cancelled, job->deadline_ns};
  if (job->layer != kNoLayer) {
    job->status = read_states(*engine->model, batch_of(*job), job->layer, parallel, stop, job->states.data());
  } else {
    const Output output{job->vectors.data(), job->sentence.data(), job->token.data()};
    job->status = encode(*engine->model, job->adapter, batch_of(*job), parallel, stop, output);
  }
  engine->done(job);
}

}  // namespace

Batch batch_of(const EncodeJob& job) {
  return Batch{job.ids.data(), job.lengths.data(), static_cast<int>(job.lengths.size()), static_cast<int>(job.ids.size())};
}

bool Engine::open(Model* packed, int threads) {
  static std::atomic<uint64_t> engines{0};
  serial = engines.fetch_add(1, std::memory_order_relaxed) + 1;
  model = packed;
  return pool.start(threads);
}

EncodeJob* Engine::new_job(const Batch& batch, int threads, double deadline_ms, int layer,
                           Adapter* adapter) {
  void* memory = malloc(sizeof(EncodeJob));
  if (memory == nullptr) return nullptr;
  EncodeJob* job = new (memory) EncodeJob;
  const size_t texts = batch.texts, rows = batch.rows;
  const bool room = job->ids.resize(rows) && job->lengths.resize(texts) &&
                    (layer != kNoLayer ? job->states.resize(rows * model->config.hidden)
                                       : job->vectors.resize(texts * model->config.hidden) &&
                                             job->sentence.resize(texts * model->sentence_labels) &&
                                             job->token.resize(rows * model->token_labels));
  job->run = run;
  job->threads = threads;
  job->layer = layer;
  job->adapter = adapter;
  if (adapter != nullptr) adapter->holders += 1;
  job->engine = this;
  job->id = next_id++;
  job->newer = jobs;
  jobs = job;
  if (!room) {
    free_job(job);
    return nullptr;
  }
  memcpy(job->ids.data(), batch.ids, rows * sizeof(int32_t));
  memcpy(job->lengths.data(), batch.lengths, texts * sizeof(int32_t));
  job->deadline_ns = 0;
  if (deadline_ms > 0) {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    job->deadline_ns = now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec + static_cast<int64_t>(deadline_ms * kNsPerMs);
  }
  return job;
}

void Engine::submit(EncodeJob* job) { pool.submit(job); }

void Engine::free_job(EncodeJob* job) {
  EncodeJob** link = &jobs;
  while (*link != nullptr && *link != job) link = &(*link)->newer;
  if (*link == job) *link = job->newer;
  let_go(job->adapter);
  job->~EncodeJob();
  free(job);
}

void Engine::cancel(int64_t id) {
  for (EncodeJob* job = jobs; job != nullptr; job = job->newer)
    if (job->id == id) job->cancelled.store(true);
}

void Engine::close() {
  closed = true;
  for (EncodeJob* job = jobs; job != nullptr; job = job->newer) job->cancelled.store(true);
  pool.close();
  free_model(model);
  model = nullptr;
}

Engine::~Engine() {
  close();
  while (jobs != nullptr) free_job(jobs);
}

}  // namespace tiergate
