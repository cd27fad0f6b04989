// See pool.h. Only `pthread_*`, `sched_yield` and the clock are used.
//
// A note on condition variables: the binary names no version of a libc's symbols, and glibc on x86-64 then gives the
// oldest `pthread_cond_*` there is (2.2.5: a pointer to the real one, made at first use). It works as long as a variable
// is set up by `pthread_cond_init`, never by an initialiser, and no clock is chosen for it; both hold here.
#include "pool.h"

#include <sched.h>
#include <signal.h>
#include <time.h>

#include <new>

namespace tiergate {

namespace {

// How long who waits for parts stays near, yielding, before it sleeps: waking up costs about as much.
constexpr int64_t kNearNs = 50'000;
// Some libcs give 128 KiB only.
constexpr size_t kStackBytes = 1 << 20;

int64_t now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
}

// Yields until `holds` does, for kNearNs at most. False when it does not by then.
template <class Condition>
bool stay_near(Condition holds) {
  if (holds()) return true;
  const int64_t until = now_ns() + kNearNs;
  do {
    sched_yield();
    if (holds()) return true;
  } while (now_ns() < until);
  return false;
}

constexpr uint64_t open_parts(uint32_t epoch, int parts) {
  return uint64_t{epoch} << 32 | static_cast<uint32_t>(parts);
}

void run_alone(void*, int parts, void (*part)(void*, int, int), void* context) {
  for (int at = 0; at < parts; ++at) part(context, at, 0);
}

}  // namespace

bool Pool::start(int threads) {
  if (threads < 1 || threads > kThreadsMax) return false;
  void* memory = nullptr;
  if (posix_memalign(&memory, kAlignmentBytes, sizeof(Worker) * threads) != 0) return false;
  workers_ = static_cast<Worker*>(memory);
  pthread_mutex_init(&mutex_, nullptr);
  pthread_cond_init(&wake_, nullptr);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  // Threads inherit the mask: signals are for the threads of the process that loaded us.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool made = true;
  while (made && count_ < threads) {
    Worker* worker = new (&workers_[count_]) Worker;
    worker->pool = this;
    pthread_cond_init(&worker->finished, nullptr);
    // A thread that is there looks for work at all others: they are counted under the mutex.
    pthread_mutex_lock(&mutex_);
    made = pthread_create(&worker->thread, &attributes, thread_main, worker) == 0;
    if (made) ++count_;
    pthread_mutex_unlock(&mutex_);
    if (!made) pthread_cond_destroy(&worker->finished);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (!made) close();
  return made;
}

void Pool::submit(Job* job) {
  job->next = nullptr;
  pthread_mutex_lock(&mutex_);
  if (last_ == nullptr) first_ = job;
  else last_->next = job;
  last_ = job;
  waiting_.fetch_add(1);
  pthread_cond_signal(&wake_);
  pthread_mutex_unlock(&mutex_);
}

void Pool::close() {
  if (workers_ == nullptr) return;
  pthread_mutex_lock(&mutex_);
  closing_ = true;
  pthread_cond_broadcast(&wake_);
  pthread_mutex_unlock(&mutex_);
  for (int at = 0; at < count_; ++at) pthread_join(workers_[at].thread, nullptr);
  for (int at = 0; at < count_; ++at) pthread_cond_destroy(&workers_[at].finished);
  pthread_cond_destroy(&wake_);
  pthread_mutex_destroy(&mutex_);
  free(workers_);
  workers_ = nullptr;
  count_ = 0;
}

void* Pool::thread_main(void* worker) {
  Worker* self = static_cast<Worker*>(worker);
  self->pool->work(*self);
  return nullptr;
}

void Pool::work(Worker& self) {
  pthread_mutex_lock(&mutex_);
  for (;;) {
    if (first_ != nullptr) {
      Job* job = first_;
      first_ = job->next;
      if (first_ == nullptr) last_ = nullptr;
      waiting_.fetch_sub(1);
      run_job(self, job);
      continue;
    }
    if (closing_) break;
    // Counted as idle before looking for parts: who opens some after this look sees the count, and wakes us.
    idle_.fetch_add(1);
    const bool helped = help_somebody(self);
    if (!helped) pthread_cond_wait(&wake_, &mutex_);
    if (!helped) idle_.fetch_sub(1);
  }
  pthread_mutex_unlock(&mutex_);
}

// Takes and gives back the mutex locked, as `help_somebody` does.
void Pool::run_job(Worker& self, Job* job) {
  Crew& crew = self.crew;
  const int threads = job->threads < count_ ? job->threads : count_;
  crew.epoch += 1;
  crew.helpers_max = threads - 1;
  crew.slots = 1;
  crew.helpers.store(0);
  crew.open.store(open_parts(crew.epoch, 0));
  pthread_mutex_unlock(&mutex_);
  if (threads > 1) job->run(job, Parallel{threads, run_parts, &self});
  else job->run(job, Parallel{1, run_alone, nullptr});
  pthread_mutex_lock(&mutex_);
  // Helpers that stayed near see another epoch, and leave.
  crew.epoch += 1;
  crew.helpers_max = 0;
  crew.open.store(open_parts(crew.epoch, 0));
}

void Pool::run_parts(void* worker, int parts, void (*part)(void*, int, int), void* context) {
  if (parts <= 0) return;
  Worker& self = *static_cast<Worker*>(worker);
  Crew& crew = self.crew;
  crew.parts = parts;
  crew.part = part;
  crew.context = context;
  crew.unfinished.store(parts);
  crew.open.store(open_parts(crew.epoch, parts));
  if (parts > 1 && crew.helpers.load() < crew.helpers_max && self.pool->idle_.load() > 0)
    self.pool->wake_helpers(crew);
  for (int at; take_part(crew, crew.epoch, &at);) {
    part(context, at, 0);
    crew.unfinished.fetch_sub(1);
  }
  self.pool->await_parts(self);
}

bool Pool::take_part(Crew& crew, uint32_t epoch, int* part) {
  uint64_t open = crew.open.load();
  for (;;) {
    const int left = static_cast<int>(open & 0xffffffff);
    if (open >> 32 != epoch || left == 0) return false;
    if (!crew.open.compare_exchange_weak(open, open - 1)) continue;
    // From here until this part is finished the call cannot end, so what it published holds.
    *part = crew.parts - left;
    return true;
  }
}

void Pool::wake_helpers(const Crew& crew) {
  pthread_mutex_lock(&mutex_);
  for (int missing = crew.helpers_max - crew.helpers.load(); missing > 0; --missing) pthread_cond_signal(&wake_);
  pthread_mutex_unlock(&mutex_);
}

void Pool::await_parts(Worker& owner) {
  Crew& crew = owner.crew;
  if (stay_near([&] { return crew.unfinished.load() == 0; })) return;
  pthread_mutex_lock(&mutex_);
  crew.owner_sleeps.store(true);
  while (crew.unfinished.load() != 0) pthread_cond_wait(&owner.finished, &mutex_);
  crew.owner_sleeps.store(false);
  pthread_mutex_unlock(&mutex_);
}

// False when nobody has parts to share; the thread is then still counted as idle.
bool Pool::help_somebody(Worker& self) {
  for (int at = 0; at < count_; ++at) {
    Worker& owner = workers_[at];
    Crew& crew = owner.crew;
    const bool wants = (crew.open.load() & 0xffffffff) != 0 && crew.helpers.load() < crew.helpers_max;
    if (&owner == &self || !wants) continue;
    const uint32_t epoch = crew.epoch;
    const int slot = __builtin_ctzll(~crew.slots);
    crew.slots |= uint64_t{1} << slot;
    crew.helpers.fetch_add(1);
    idle_.fetch_sub(1);
    pthread_mutex_unlock(&mutex_);
    help(owner, epoch, slot);
    pthread_mutex_lock(&mutex_);
    if (crew.epoch == epoch) {
      crew.slots &= ~(uint64_t{1} << slot);
      crew.helpers.fetch_sub(1);
    }
    return true;
  }
  return false;
}

void Pool::help(Worker& owner, uint32_t epoch, int slot) {
  Crew& crew = owner.crew;
  const auto gone = [&] { return waiting_.load() > 0 || crew.open.load() >> 32 != epoch; };
  const auto called = [&] { return gone() || (crew.open.load() & 0xffffffff) != 0; };
  while (stay_near(called)) {
    int part;
    while (!gone() && take_part(crew, epoch, &part)) {
      crew.part(crew.context, part, slot);
      finish_part(owner);
    }
    if (gone()) return;
  }
}

void Pool::finish_part(Worker& owner) {
  if (owner.crew.unfinished.fetch_sub(1) != 1 || !owner.crew.owner_sleeps.load()) return;
  pthread_mutex_lock(&mutex_);
  pthread_cond_signal(&owner.finished);
  pthread_mutex_unlock(&mutex_);
}

}  // namespace tiergate
