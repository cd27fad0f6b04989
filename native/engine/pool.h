// Threads that run jobs, and lend each other a hand: one job runs on one thread, and a long one may share its parts with
// threads that have nothing else to do. Jobs that wait always go first, so that a long text never makes a short one wait
// for more than the part under way.
#pragma once
#include <pthread.h>

#include <atomic>

#include "buffer.h"
#include "encoder.h"

namespace tiergate {

constexpr int kThreadsMax = 64;

// Something to run once, on a thread of a pool. Must live until `run` has been called; `run` may free it.
struct Job {
  void (*run)(Job* self, const Parallel&);
  int threads;  // most threads that may work on it, 1 to kThreadsMax; the pool's own size is a bound, too
  Job* next;    // the pool's
};

class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { close(); }

  // Makes the threads, 1 to kThreadsMax. False when the system gives none; the pool is then as if closed.
  bool start(int threads);
  // From any thread but the pool's own. Jobs are begun in the order they came.
  void submit(Job*);
  // Runs what still waits, and joins the threads. To be quick about it, cancel the jobs first.
  void close();
  int threads() const { return count_; }

 private:
  // The parts of one job's call of `Parallel::run`, for whoever helps. Lives as long as the pool, so that a helper that
  // comes or goes late touches nothing that is gone.
  struct Crew {
    // epoch << 32 | parts that nobody has taken yet. The epoch is the job's: a helper of the job before can take none.
    std::atomic<uint64_t> open{0};
    std::atomic<int> unfinished{0};
    std::atomic<int> helpers{0};
    std::atomic<bool> owner_sleeps{false};
    // What `open` publishes: to be read by who has taken a part.
    int parts = 0;
    void (*part)(void*, int, int) = nullptr;
    void* context = nullptr;
    // Under the pool's mutex; the owner reads what only it writes.
    uint32_t epoch = 0;
    int helpers_max = 0;
    uint64_t slots = 0;  // bit s: slot s is taken
  };
  struct Worker {
    Pool* pool;
    pthread_t thread;
    pthread_cond_t finished;  // for the owner that waits for its last parts
    Crew crew;
  };

  static void* thread_main(void* worker);
  static void run_parts(void* worker, int parts, void (*part)(void*, int, int), void* context);
  static bool take_part(Crew&, uint32_t epoch, int* part);
  void work(Worker&);
  void run_job(Worker&, Job*);
  bool help_somebody(Worker& self);
  void help(Worker& owner, uint32_t epoch, int slot);
  void finish_part(Worker& owner);
  void await_parts(Worker& owner);
  void wake_helpers(const Crew&);

  Worker* workers_ = nullptr;
  int count_ = 0;
  pthread_mutex_t mutex_;
  pthread_cond_t wake_;  // for threads without work
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  bool closing_ = false;
  std::atomic<int> waiting_{0};  // jobs
  std::atomic<int> idle_{0};     // threads that sleep, or are about to
};

}  // namespace tiergate
