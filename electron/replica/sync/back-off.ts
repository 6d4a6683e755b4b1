/** Pause before the next try after `failures` in a row: doubling from a second to a minute, half of it by chance. */
export function pauseMillis(failures: number, random: () => number, atLeast: number | null): number {
  const full = Math.min(60_000, 1_000 * 2 ** Math.min(failures - 1, 10));
  // Devices that lost one gateway together must not come back together.
  const jittered = full / 2 + (full / 2) * random();
  return atLeast === null ? jittered : Math.max(jittered, atLeast + 1_000 * random());
}
