/** What the readers of the architectures share: looking things up, and saying plainly when they are not there. */
import type { FloatTensor } from './encoder-model.ts';
import type { NamedWeights } from './named-weights.ts';

/** `config.json`: fields this project does not know are of no concern. */
export type HuggingFaceConfig = Readonly<Record<string, unknown>>;

/** @throws Error when the field is no positive number */
export function numberIn(
  config: Readonly<Record<string, unknown>>,
  field: string,
  fallback?: number,
): number {
  const value = config[field] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new Error(`config.json must say \`${field}\` as a number.`);
}

/** What stands before a known name, such as `bert.`: files of whole models and of encoders alone differ in it. */
export function prefixBefore(weights: NamedWeights, known: string): string {
  for (const name of weights.names) if (name.endsWith(known)) return name.slice(0, -known.length);
  throw new Error(
    `The ${weights.kind} has no tensor \`${known}\`: it is not the encoder that config.json says.`,
  );
}

/** Looks tensors up, each of a shape that is known beforehand. */
export interface Lookup {
  has(name: string): boolean;
  /** @throws Error when it is missing or of another shape */
  read(name: string, ...shape: readonly number[]): FloatTensor;
}

export function lookUp(weights: NamedWeights, prefix: string): Lookup {
  return {
    has: (name) => weights.names.has(prefix + name),
    read(name, ...shape) {
      const full = prefix + name;
      if (!weights.names.has(full)) throw new Error(`The ${weights.kind} has no tensor \`${full}\`.`);
      const tensor = weights.read(full);
      if (tensor.shape.join() !== shape.join()) {
        throw new Error(
          `The tensor \`${full}\` is [${tensor.shape.join(', ')}]; by config.json it must be [${shape.join(', ')}].`,
        );
      }
      const at = tensor.data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) throw new Error(`The tensor \`${full}\` holds a number that is none (at ${at}).`);
      return tensor;
    },
  };
}

/** One matrix above the other. */
export function stack(tensors: readonly FloatTensor[]): FloatTensor {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return { shape: [rows, ...(tensors[0]?.shape.slice(1) ?? [])], data };
}
