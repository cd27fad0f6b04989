import { describe, expect, test } from '@jest/globals';
import { distancesTo, learnDiscriminant, whiten } from '../../../src/classify/head/discriminant.ts';
import { squaredDistance } from '../../../src/statistics/vectors.ts';
import { clouds, WIDTH } from '../clouds.ts';

const { vectors, labels } = clouds(4, 40, 0.8);
const all = learnDiscriminant(vectors, labels, 4);
const meanOf = (k: number): Float32Array => all.discriminant.means.subarray(k * WIDTH, (k + 1) * WIDTH);

describe('learnDiscriminant', () => {
  test('finds the class of vectors it has not seen', () => {
    const unseen = clouds(4, 20, 0.8, 2);
    const right = unseen.vectors.filter((vector, i) => {
      const distances = distancesTo(all.discriminant, whiten(all.discriminant, vector));
      return distances.indexOf(Math.min(...distances)) === unseen.labels[i];
    });
    expect(right.length / unseen.vectors.length).toBeGreaterThan(0.9);
  });

  test('makes the classes’ spread round: whitened vectors lie one variance a dimension from their mean', () => {
    const spread = vectors.reduce(
      (sum, vector, i) => sum + squaredDistance(whiten(all.discriminant, vector), meanOf(labels[i]!)),
      0,
    );
    // Shrinkage makes it unequal between dimensions, and exact only where the covariance is round already.
    expect(spread / (vectors.length - 4) / vectors[0]!.length).toBeGreaterThan(0.7);
    expect(spread / (vectors.length - 4) / vectors[0]!.length).toBeLessThan(1.5);
  });

  test('leaving an example out in closed form comes to what learning without it gives', () => {
    for (const i of [0, 17, 91]) {
      const without = learnDiscriminant(
        vectors.filter((_, k) => k !== i),
        labels.filter((_, k) => k !== i),
        4,
      );
      const expected = distancesTo(without.discriminant, whiten(without.discriminant, vectors[i]!));
      const closed = all.heldOutDistances[i]!;
      // What is left out of the closed form: one degree of freedom in 156, and the shrinkage target.
      for (let k = 0; k < 4; k += 1) expect(Math.abs(closed[k]! / expected[k]! - 1)).toBeLessThan(0.03);
    }
  });

  test('an example is farther from its own class when it is left out', () => {
    vectors.forEach((vector, i) => {
      const own = labels[i]!;
      expect(all.heldOutDistances[i]![own]!).toBeGreaterThan(
        distancesTo(all.discriminant, whiten(all.discriminant, vector))[own]!,
      );
    });
  });

  test('identical examples do no harm', () => {
    const same = learnDiscriminant([Float64Array.of(1, 0), Float64Array.of(1, 0)], [0, 0], 1);
    expect(distancesTo(same.discriminant, whiten(same.discriminant, Float64Array.of(1, 0)))[0]).toBeCloseTo(
      0,
      9,
    );
    expect(Number.isFinite(same.heldOutDistances[0]![0])).toBe(true);
  });
});
