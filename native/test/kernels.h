// Every function of every kernel against what `reference` means by it, within budgets that stand here.
#pragma once
#include "check.h"
#include "random_model.h"

namespace tiergate {

// What floats may differ by. Sums of products of bytes may not differ at all.
namespace budget {
// A step of floats relative to what it handles: a few roundings of 2^-24, one more or one less with a fused multiply-add.
constexpr double kFloat = 1e-6;
// The two largest bytes are ±127: a quotient just beside .5 goes to either side. In steps.
constexpr double kTie = 127 * 4 * 5.97e-8;
// Gelu as a polynomial, relative to max(1, |x|).
constexpr double kGelu = 5e-6;
// 2^x of a score, relative: the polynomial, and what a score that large is rounded to.
constexpr double kPower = 1e-5, kPowerOfScore = 4e-7;
// Probabilities are whole numbers up to this where bytes are signed (2^14 - 1) or unsigned (2^16 - 1): see
// `probability_bits`. The coarser one is asked of all.
constexpr double kProbabilitySteps = 16383;
}  // namespace budget

inline double magnitude(double x) { return x < 0 ? -x : x; }

// Rows that tests fill: what texts give, and what an enemy would.
enum class Pattern { normal, zeros, same, one_huge, tiny, denormal, ties, saturated, alternating, enormous };
constexpr Pattern kPatterns[] = {Pattern::normal,   Pattern::zeros, Pattern::same,      Pattern::one_huge,    Pattern::tiny,
                                 Pattern::denormal, Pattern::ties,  Pattern::saturated, Pattern::alternating, Pattern::enormous};

inline void fill(float* row, int width, Pattern pattern, Random& random) {
  for (int k = 0; k < width; k++) {
    const int sign = random.whole(0, 1) * 2 - 1;
    switch (pattern) {
      case Pattern::normal: row[k] = random.normal(); break;
      case Pattern::zeros: row[k] = k % 3 == 0 ? -0.0f : 0.0f; break;
      case Pattern::same: row[k] = -3.3f; break;
      case Pattern::one_huge: row[k] = k == width / 3 ? -3e4f : 1e-3f * random.normal(); break;
      case Pattern::tiny: row[k] = 1e-25f * random.normal(); break;
      case Pattern::denormal: row[k] = 1e-42f * float(random.whole(-99, 99)); break;
      // Divided by the largest and multiplied by 127 they are whole numbers and a half.
      case Pattern::ties: row[k] = k == width - 1 ? 127.0f : float(random.whole(-127, 126)) + 0.5f; break;
      case Pattern::saturated: row[k] = float(sign) * 127; break;
      case Pattern::alternating: row[k] = k % 2 ? 127.0f : -127.0f; break;
      case Pattern::enormous: row[k] = 1e36f * random.normal(); break;
    }
  }
}

void test_rows(const Kernel&, bool small);
void test_linear(const Kernel&, bool small);
void test_attention(const Kernel&, bool small);
void test_floats(const Kernel&, bool small);

}  // namespace tiergate
