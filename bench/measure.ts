import { performance } from 'node:perf_hooks';

/** What repeated measurements of one thing came to, in the unit they were taken in. */
export interface Spread {
  readonly runs: number;
  readonly p50: number;
  readonly p95: number;
  readonly worst: number;
}

/** Nearest-rank percentiles, so that every figure is one that was really measured. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { runs: sorted.length, p50: at(0.5), p95: at(0.95), worst: at(1) };
}

/** Milliseconds that work took. */
export async function millisOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Processor time of this process, in milliseconds: other work on the machine does not stretch it. */
export async function processorMillisOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Times work on each item by itself, after some unmeasured turns that warm caches and compilers as a morning's use does. */
export async function timeEach<T>(
  items: readonly T[],
  work: (item: T) => unknown,
  warmUp = Math.min(50, Math.floor(items.length / 4)),
): Promise<number[]> {
  for (const item of items.slice(0, warmUp)) await work(item);
  const times: number[] = [];
  for (const item of items) times.push(await millisOf(() => work(item)));
  return times;
}

export interface Dice {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  pick<T>(items: readonly T[]): T;
  sample<T>(items: readonly T[], count: number): T[];
}

/** The same dice in every run, so that two runs ask the same questions. */
export function dice(seed: number): Dice {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  return { below, pick, sample: (items, count) => Array.from({ length: count }, () => pick(items)) };
}
