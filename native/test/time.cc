// How long a pass takes, for each kernel that this processor runs: a model of gte-small's size with random weights, one
// text, one thread. For whoever works on a kernel; what counts in the end is `npm run bench:engine`.
#include <time.h>

#include <algorithm>

#include "check.h"
#include "random_model.h"

namespace tiergate {
namespace {

constexpr int kLengths[] = {1, 16, 64, 128, 512};
constexpr double kSecondsEach = 0.3;
constexpr int kPassesMin = 5;

// Of this thread's own time: others may run beside it.
double seconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

double median_ms(const Model& model, int tokens) {
  Random random{uint64_t(tokens)};
  std::vector<int32_t> ids(tokens);
  for (int32_t& id : ids) id = random.whole(0, model.config.vocabulary - 1);
  const int32_t length = tokens;
  std::vector<float> vector(model.config.hidden);
  std::vector<double> times;
  for (const double start = seconds(); seconds() - start < kSecondsEach || times.size() < kPassesMin;) {
    const double before = seconds();
    const Parallel parallel = alone();
    if (encode(model, nullptr, {ids.data(), &length, 1, length}, parallel, {nullptr, 0}, {vector.data(), nullptr, nullptr}) !=
        Status::done) {
      abort();
    }
    times.push_back(seconds() - before);
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return times[times.size() / 2] * 1e3;
}

}  // namespace
}  // namespace tiergate

int main() {
  using namespace tiergate;
  const RandomModel random(bert(12, 384, 12, 1536, 2000, 512));
  printf("median ms%15s", "");
  for (const int tokens : kLengths) printf("%8d", tokens);
  printf(" tokens\n");
  for (const Kernel* kernel : kernels_here()) {
    // Nobody waits for it.
    if (kernel == &reference_kernel()) continue;
    Model* model = random.load(kernel);
    if (!model) return 1;
    printf("%-24s", kernel->name);
    for (const int tokens : kLengths) {
      printf("%8.2f", median_ms(*model, tokens));
      fflush(stdout);
    }
    printf("\n");
    free_model(model);
  }
  return 0;
}
