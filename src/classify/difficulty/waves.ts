/**
 * What the difficulty head learns from: the vector and the surface of a message as one point, and how near it is to others.
 * Nearness is that of a Gaussian kernel, as random waves over the point give it (Rahimi and Recht 2007, "Random Features
 * for Large-Scale Kernel Machines"): a linear model of the waves is a kernel machine that needs none of its examples.
 */
import { seededRandom } from '../../statistics/random.ts';
import { SURFACE_WIDTH, surfaceOf } from './surface.ts';

/** Of the vector's numbers, and of the surface's in units of their spread. */
const VECTOR_UNIT = 3;
const SURFACE_UNIT = 0.8;
/** The kernel is exp(−this · squared distance). */
const KERNEL_SHARPNESS = 0.1;

export interface WaveSettings {
  readonly seed: number;
  readonly waves: number;
  /** Length of a vector. */
  readonly dimensions: number;
  /** Mean and spread of each sign of the surface. */
  readonly centre: readonly number[];
  readonly spread: readonly number[];
}

export type WavesOf = (vector: ArrayLike<number>, text: string) => Float64Array;

/** The same settings make the same waves. */
export function createWaves({ seed, waves, dimensions, centre, spread }: WaveSettings): WavesOf {
  const width = dimensions + SURFACE_WIDTH;
  const random = seededRandom(seed);
  const size = Math.sqrt(2 * KERNEL_SHARPNESS);
  const directions = Float32Array.from({ length: waves * width }, () => size * normal(random));
  const phases = Float64Array.from({ length: waves }, () => 2 * Math.PI * random());
  const height = Math.sqrt(2 / waves);
  return (vector, text) => {
    const point = new Float64Array(width);
    for (let i = 0; i < dimensions; i += 1) point[i] = VECTOR_UNIT * (vector[i] as number);
    for (const [at, value] of surfaceOf(text).entries()) {
      point[dimensions + at] = (SURFACE_UNIT * (value - (centre[at] as number))) / (spread[at] as number);
    }
    return Float64Array.from({ length: waves }, (_, wave) => {
      let sum = phases[wave] as number;
      const from = wave * width;
      for (let i = 0; i < width; i += 1) sum += (directions[from + i] as number) * (point[i] as number);
      return height * Math.cos(sum);
    });
  };
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
