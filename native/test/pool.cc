// The pool under load: every part of every job runs once, no two threads share a slot, and closing ends. To be built
// with -fsanitize=thread and -fsanitize=address, see native/test/run.mjs. Prints nothing and exits with 0 when all holds.
#include "../engine/pool.h"

#include <stdio.h>
#include <time.h>

#include <new>

namespace {

using namespace tiergate;

constexpr int kPartsMax = 40, kCalls = 12;

int failures = 0;
void expect(bool holds, const char* what) {
  if (holds) return;
  __atomic_add_fetch(&failures, 1, __ATOMIC_SEQ_CST);
  fprintf(stderr, "not so: %s\n", what);
}

void work_for(unsigned steps) {
  for (volatile unsigned i = 0; i < steps; i = i + 1) {
  }
}

struct TestJob : Job {
  unsigned seed;
  int calls_done = 0;
  // Of the call under way. Written by one thread at a time if slots are what they should be.
  int runs[kPartsMax];
  std::atomic<int> in_slot[kThreadsMax];
  std::atomic<int>* finished;
};

void part(void* context, int at, int slot) {
  TestJob& job = *static_cast<TestJob*>(context);
  expect(slot >= 0 && slot < job.threads, "slots are below the job's threads");
  expect(job.in_slot[slot].fetch_add(1) == 0, "a slot is one thread's");
  job.runs[at] += 1;
  work_for((job.seed + at * 37) % 3000);
  job.in_slot[slot].fetch_sub(1);
}

void run(Job* base, const Parallel& parallel) {
  TestJob& job = *static_cast<TestJob*>(base);
  for (int call = 0; call < kCalls; ++call) {
    const int parts = (job.seed + call * 13) % (kPartsMax + 1);
    for (int at = 0; at < kPartsMax; ++at) job.runs[at] = 0;
    parallel.run(parallel.self, parts, part, &job);
    for (int at = 0; at < kPartsMax; ++at) expect(job.runs[at] == (at < parts), "every part runs once");
    // Now and then longer than a helper stays near.
    work_for((job.seed + call) % 5 == 0 ? 200000 : 500);
  }
  job.calls_done = kCalls;
  job.finished->fetch_add(1);
}

void many_jobs(int threads, int jobs) {
  Pool pool;
  expect(pool.start(threads), "threads start");
  std::atomic<int> finished{0};
  TestJob* all = static_cast<TestJob*>(calloc(jobs, sizeof(TestJob)));
  for (int at = 0; at < jobs; ++at) {
    TestJob* job = new (&all[at]) TestJob;
    job->run = run;
    job->threads = 1 + at % (threads + 2);
    if (job->threads > kThreadsMax) job->threads = kThreadsMax;
    job->seed = at * 2654435761u >> 8;
    job->finished = &finished;
    pool.submit(job);
    // Sometimes the threads are idle when a job comes, sometimes they are all at work.
    if (at % 16 == 0)
      while (finished.load() < at) work_for(1000);
  }
  pool.close();
  expect(finished.load() == jobs, "closing runs what waits");
  for (int at = 0; at < jobs; ++at) expect(all[at].calls_done == kCalls, "jobs run to their end");
  free(all);
}

}  // namespace

int main() {
  const int sizes[] = {1, 2, 3, 8};
  for (const int threads : sizes) many_jobs(threads, 300);
  for (int at = 0; at < 50; ++at) many_jobs(2, 1);
  Pool never_started;
  never_started.close();
  expect(!Pool().start(0) && !Pool().start(kThreadsMax + 1), "the number of threads has bounds");
  return failures == 0 ? 0 : 1;
}
