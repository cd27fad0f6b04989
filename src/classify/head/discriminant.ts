/**
 * Linear discriminant analysis with a shrunken common covariance: each class is a Gaussian around the mean of its
 * examples, all of one shape. Closed form, so it is learned in a fraction of a second, and good with ten examples a
 * class. Its squared Mahalanobis distances also tell what belongs to no class at all (Lee et al. 2018, "A Simple
 * Unified Framework for Detecting Out-of-Distribution Samples", arXiv:1807.03888).
 *
 * Leaving one example out changes the covariance by one outer product, so the distances of every example to classes
 * learned without it come in closed form (Sherman and Morrison 1950) and cost no second fit.
 */
import { timesTransposed } from '../../statistics/products.ts';
import {
  cholesky,
  dot,
  invertLower,
  mean,
  scatter,
  solveLower,
  squaredDistance,
  subtract,
  type Vector,
} from '../../statistics/vectors.ts';

/**
 * Share of the covariance that is replaced by its mean variance (Friedman 1989, "Regularized Discriminant Analysis").
 * Chosen on CLINC150 and HWU64 with ten examples an intent, where 0.6 to 0.95 differ by less than one point.
 */
const SHRINKAGE = 0.9;
/** Keeps a leave-one-out update away from a division by zero. */
const REMAINDER_MIN = 0.05;

/** Plain data. All matrices are row by row. */
export interface Discriminant {
  readonly centre: Float32Array;
  /** [width][width]: turns a vector less the centre into the space where distance is Mahalanobis distance. */
  readonly whitener: Float32Array;
  /** [classes][width]: the class means there. */
  readonly means: Float32Array;
}

export interface LearnedDiscriminant {
  readonly discriminant: Discriminant;
  /** The vectors learned from, whitened. */
  readonly points: readonly Vector[];
  /** Squared distances of each of them to each class, as if it had not been among those learned from. */
  readonly heldOutDistances: readonly Vector[];
}

/** A vector in the space where distance is Mahalanobis distance. */
export function whiten({ centre, whitener }: Discriminant, vector: ArrayLike<number>): Vector {
  const width = centre.length;
  const away = subtract(vector, centre);
  // Lower triangular: what stands right of the diagonal is zero.
  return Float64Array.from(away, (_, row) =>
    dot(whitener.subarray(row * width, row * width + row + 1), away),
  );
}

/** Squared distances of a whitened vector to each class. */
export function distancesTo({ means }: Discriminant, point: Vector): Vector {
  const width = point.length;
  return Float64Array.from({ length: means.length / width }, (_, k) =>
    squaredDistance(point, means.subarray(k * width, (k + 1) * width)),
  );
}

/** Learns `classes` classes from vectors and their class numbers. Each class needs an example, one of them two. */
export function learnDiscriminant(
  vectors: readonly ArrayLike<number>[],
  labels: readonly number[],
  classes: number,
): LearnedDiscriminant {
  const centre = mean(vectors);
  const width = centre.length;
  const centred = vectors.map((vector) => subtract(vector, centre));
  const counts = Array.from({ length: classes }, (_, k) => labels.filter((label) => label === k).length);
  const centredMeans = counts.map((_, k) => mean(centred.filter((_vector, i) => labels[i] === k)));
  const freedom = Math.max(1, vectors.length - classes);
  const lower = cholesky(covariance(centred, labels, centredMeans, freedom), width);
  const discriminant: Discriminant = {
    centre: Float32Array.from(centre),
    whitener: Float32Array.from(invertLower(lower, width)),
    means: Float32Array.from(centredMeans.flatMap((classMean) => [...solveLower(lower, classMean)])),
  };
  const points = vectors.map((vector) => whiten(discriminant, vector));
  const means = Float64Array.from(discriminant.means);
  return {
    discriminant,
    points,
    heldOutDistances: heldOutDistances(points, labels, means, counts, (1 - SHRINKAGE) / freedom),
  };
}

/**
 * Without its example a class's mean moves away from it, and the covariance loses its outer product.
 * @param share what one example's outer product has of the covariance
 */
function heldOutDistances(
  points: readonly Vector[],
  labels: readonly number[],
  means: Vector,
  counts: readonly number[],
  share: number,
): Vector[] {
  const classes = counts.length;
  const width = means.length / classes;
  const between = new Float64Array(classes * classes);
  timesTransposed(means, classes, means, width, between);
  const products = new Float64Array(classes);
  return points.map((point, i) => {
    const own = labels[i] as number;
    const count = counts[own] as number;
    timesTransposed(point, 1, means, width, products);
    const square = dot(point, point);
    const along = products[own] as number;
    // `residual` is the point less its class's mean, all below are products of differences, multiplied out.
    const residualSquare = Math.max(0, square - 2 * along + (between[own * classes + own] as number));
    const weight = count > 1 ? share * (count / (count - 1)) : 0;
    const remainder = Math.max(REMAINDER_MIN, 1 - weight * residualSquare);
    const farther = count > 1 ? count / (count - 1) : 1;
    return Float64Array.from(counts, (_, k) => {
      const product = products[k] as number;
      const isOwn = k === own;
      const offsetSquare = isOwn
        ? residualSquare * farther ** 2
        : square - 2 * product + (between[k * classes + k] as number);
      const offsetResidual = isOwn
        ? residualSquare * farther
        : square - along - product + (between[k * classes + own] as number);
      return offsetSquare + (weight * offsetResidual ** 2) / remainder;
    });
  });
}

function covariance(
  vectors: readonly Vector[],
  labels: readonly number[],
  means: readonly Vector[],
  freedom: number,
): Vector {
  const width = means[0]?.length ?? 0;
  const residuals = vectors.map((vector, i) => subtract(vector, means[labels[i] as number] as Vector));
  const matrix = scatter(residuals, width);
  let trace = 0;
  for (let d = 0; d < width; d += 1) trace += matrix[d * width + d] as number;
  // Identical examples have no spread at all; any round shape will do then.
  const variance = trace > 0 ? trace / freedom / width : 1;
  for (let i = 0; i < matrix.length; i += 1) matrix[i] = ((matrix[i] as number) * (1 - SHRINKAGE)) / freedom;
  for (let d = 0; d < width; d += 1)
    matrix[d * width + d] = (matrix[d * width + d] as number) + SHRINKAGE * variance;
  return matrix;
}
