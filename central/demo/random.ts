/** A seeded stream of numbers: the same seed gives the same district on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items, all equally likely. Throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** One of the items by weight; weights need not add up to anything. Throws on an empty table. */
  weighted<T>(table: Weights<T>): T;
  /** About normal (sum of four uniforms), cut at three deviations. */
  normal(mean: number, deviation: number): number;
}

/** Items with weights, as `weights()` prepares them. */
export interface Weights<T> {
  readonly items: readonly T[];
  /** Running sums of the weights. */
  readonly sums: readonly number[];
}

/** Prepares a table for `Random.weighted`. */
export function weights<T>(pairs: readonly (readonly [item: T, weight: number])[]): Weights<T> {
  let sum = 0;
  return { items: pairs.map(([item]) => item), sums: pairs.map(([, weight]) => (sum += weight)) };
}

/** Spreads a seed text over four words of state (xmur3). */
function seedWords(seed: string): [number, number, number, number] {
  let hash = 1779033703 ^ seed.length;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  const word = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    return (hash ^= hash >>> 16) >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** The generator sfc32 (Chris Doty-Humphrey's Small Fast Counter, 128 bits of state). Not for secrets. */
export function seededRandom(seed: string): Random {
  let [a, b, c, d] = seedWords(seed);
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 15; round += 1) next();

  const at = <T>(items: readonly T[], index: number): T => {
    const item = items[index];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => at(items, Math.floor(next() * items.length)),
    weighted: ({ items, sums }) => {
      const aim = next() * (sums.at(-1) ?? 0);
      return at(
        items,
        sums.findIndex((sum) => aim < sum),
      );
    },
    normal: (mean, deviation) => {
      // The sum of four uniforms has variance 1/3.
      const standard = (next() + next() + next() + next() - 2) * Math.sqrt(3);
      return mean + deviation * Math.max(-3, Math.min(3, standard));
    },
  };
}
