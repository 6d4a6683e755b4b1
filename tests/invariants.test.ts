import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Centre } from './scenario/centre.ts';
import { checkBounds, checkCalm, checkConvergence, checkIsolation, checkRepetition } from './scenario/convergence.ts';
import { checkNoLoss, checkOnce } from './scenario/no-loss.ts';
import { histories, type Step } from './scenario/steps.ts';
import { World } from './scenario/world.ts';

/*
 * The invariants of the sync contract over generated histories, with the production code of both sides: real replicas on real
 * files, a real gateway on a real PostgreSQL, and a line between them that loses, repeats, delays and cuts.
 * DOORSTEP_HISTORIES multiplies the number of histories; DOORSTEP_SEED starts from another seed.
 */
const times = Number(process.env['DOORSTEP_HISTORIES'] ?? '1');
const seed = Number(process.env['DOORSTEP_SEED'] ?? '20261121');
const runs = (count: number) => ({ numRuns: Math.ceil(count * times), seed, endOnFailure: false });
const patience = 120_000 * Math.max(1, times);

let centre: Centre;

beforeAll(async () => {
  centre = await Centre.start();
});
afterAll(() => centre.stop());

async function live(steps: readonly Step[], worldSeed: number, after: (world: World) => Promise<void>): Promise<void> {
  const world = await World.open({ centre, seed: worldSeed });
  try {
    for (const step of steps) await world.run(step);
    await after(world);
  } finally {
    await world.close();
  }
}

test(
  'after any history everybody has the same, nothing is lost, nothing happened twice, nobody saw too much',
  async () => {
    await fc.assert(
      fc.asyncProperty(histories({ min: 8, max: 45 }), fc.nat(), async (steps, worldSeed) => {
        await live(steps, worldSeed, async (world) => {
          await world.heal();
          checkCalm(world);
          await checkConvergence(world);
          await checkNoLoss(world);
          await checkOnce(world);
          await checkBounds(world);
          await checkIsolation(world);
          await checkRepetition(world);
          await checkConvergence(world);
        });
      }),
      runs(8),
    );
    expect(true).toBe(true);
  },
  patience,
);
