// Elementary functions in double precision, by their series: slow, short, and needing no mathematics library. For the
// reference kernel and for tables that are made once.
#pragma once

namespace tiergate {
namespace exact {

constexpr double kLn2 = 0.69314718055994530942, kPi = 3.14159265358979323846;

inline double exp(double x) {
  if (x != x) return x;
  if (x < -700) return 0;
  const double scaled = x / kLn2;
  const int whole = int(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = x - whole * kLn2;
  double term = 1, total = 1;
  for (int n = 1; n < 20; n++) total += term *= r / n;
  double power = 1;
  for (int n = 0; n < (whole < 0 ? -whole : whole); n++) power *= whole < 0 ? 0.5 : 2.0;
  return total * power;
}

// For x > 0: x = m * 2^e, and ln m by the series of artanh((m - 1) / (m + 1)).
inline double log(double x) {
  int e = 0;
  for (; x > 1.5; x /= 2) e++;
  for (; x < 0.75; x *= 2) e--;
  const double y = (x - 1) / (x + 1);
  double power = y, total = 0;
  for (int n = 1; n < 40; n += 2, power *= y * y) total += power / n;
  return 2 * total + e * kLn2;
}

// Series of erf up to 3; beyond that the continued fraction of erfc (Abramowitz and Stegun 7.1.6, 7.1.14).
inline double erf(double x) {
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  const double gauss = exp(-x * x);
  if (x <= 3) {
    double term = x, total = x;
    for (int n = 1; n < 80; n++) total += term *= 2 * x * x / (2 * n + 1);
    return 2 / __builtin_sqrt(kPi) * gauss * total;
  }
  double fraction = x;
  for (int n = 60; n > 0; n--) fraction = x + n / 2.0 / fraction;
  return 1 - gauss / (__builtin_sqrt(kPi) * fraction);
}

inline void sine_cosine(double x, double* sine, double* cosine) {
  const long long turns = (long long)(x / (2 * kPi) + (x < 0 ? -0.5 : 0.5));
  const double r = x - double(turns) * 2 * kPi;
  double term = 1, s = 0, c = 0;
  for (int n = 0; n < 30; n++) {
    const double sign = n % 4 < 2 ? 1 : -1;
    if (n % 2 == 0) c += sign * term;
    else s += sign * term;
    term *= r / (n + 1);
  }
  *sine = s;
  *cosine = c;
}

}  // namespace exact
}  // namespace tiergate
