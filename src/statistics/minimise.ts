/** Finds the minimum of a smooth function of many variables. */
import { addScaled, dot, subtract, type Vector } from './vectors.ts';

/** The value at a point; writes the gradient there into its second argument. */
export type Smooth = (point: Vector, gradient: Vector) => number;

/** Steps whose change of gradient is remembered. */
const MEMORY = 6;
/** Share of the decrease foretold by the slope that a step must bring, and of the slope that may be left after it. */
const DECREASE_SHARE = 1e-4;
const SLOPE_SHARE = 0.9;
const TRIALS_MAX = 30;

interface Move {
  readonly step: Vector;
  readonly change: Vector;
  /** One over step · change. */
  readonly rho: number;
}

/**
 * L-BFGS (Liu and Nocedal 1989, "On the limited memory BFGS method for large scale optimization"), with a search by
 * bisection along each direction (Lewis and Overton 2013, "Nonsmooth optimization via quasi-Newton methods", section 4).
 * @param stepsMax where to stop at the latest; it stops earlier where the value no longer falls
 */
export function minimise(smooth: Smooth, start: Vector, stepsMax: number): Vector {
  let point = start.slice();
  let gradient: Vector = new Float64Array(point.length);
  let value = smooth(point, gradient);
  const moves: Move[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    const direction = descent(gradient, moves);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    const found = search(smooth, { point, value, direction, slope });
    if (found === null) {
      if (moves.length === 0) break;
      // What the moves tell holds no longer: straight down again.
      moves.length = 0;
      continue;
    }
    const change = subtract(found.gradient, gradient);
    const moved = subtract(found.point, point);
    const curvature = dot(moved, change);
    if (curvature > 0) moves.push({ step: moved, change, rho: 1 / curvature });
    if (moves.length > MEMORY) moves.shift();
    ({ point, gradient, value } = found);
  }
  return point;
}

/** Minus the gradient, times what the moves tell of the inverse of the curvature (the two-loop recursion). */
function descent(gradient: Vector, moves: readonly Move[]): Vector {
  const direction = gradient.map((slope) => -slope);
  const factors = new Array<number>(moves.length);
  for (const [at, { step, change, rho }] of [...moves.entries()].reverse()) {
    const factor = rho * dot(step, direction);
    factors[at] = factor;
    addScaled(direction, -factor, change);
  }
  const last = moves.at(-1);
  // Without a memory the first step is as long as the gradient is steep, and halved until it helps.
  const scale = last === undefined ? 1 : 1 / (last.rho * dot(last.change, last.change));
  for (let i = 0; i < direction.length; i += 1) direction[i] = (direction[i] as number) * scale;
  for (const [at, { step, change, rho }] of moves.entries()) {
    addScaled(direction, (factors[at] as number) - rho * dot(change, direction), step);
  }
  return direction;
}

interface From {
  readonly point: Vector;
  readonly value: number;
  readonly direction: Vector;
  readonly slope: number;
}

function search(
  smooth: Smooth,
  { point, value, direction, slope }: From,
): { point: Vector; gradient: Vector; value: number } | null {
  const gradient: Vector = new Float64Array(point.length);
  let short = 0;
  let long = Number.POSITIVE_INFINITY;
  let length = 1;
  for (let trial = 0; trial < TRIALS_MAX; trial += 1) {
    const next = point.slice();
    addScaled(next, length, direction);
    const reached = smooth(next, gradient);
    if (!(reached <= value + DECREASE_SHARE * length * slope)) long = length;
    else if (dot(gradient, direction) < SLOPE_SHARE * slope) short = length;
    else return { point: next, gradient, value: reached };
    length = long === Number.POSITIVE_INFINITY ? 2 * short : (short + long) / 2;
  }
  return null;
}
