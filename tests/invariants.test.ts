import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Centre } from './scenario/centre.ts';
import { checkBounds, checkCalm, checkConvergence, checkIsolation, checkRepetition } from './scenario/convergence.ts';
import { checkNoLoss, checkOnce } from './scenario/no-loss.ts';
import { allKinds, histories, type Kind, type Step } from './scenario/steps.ts';
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
      runs(20),
    );
  },
  patience,
);

/** People who always look before they write, one at a time. */
const fieldWork = ['edit', 'note', 'tag', 'create', 'remove', 'move', 'propose', 'decide', 'visit'] as const;
const only = (kinds: readonly Kind[], weight = 3): Partial<Record<Kind, number>> =>
  Object.fromEntries(allKinds.map((kind) => [kind, kinds.includes(kind) ? weight : 0]));

/** A step between two exchanges of whoever does it. */
function alone(step: Step): Step[] {
  if (!('on' in step)) return [step];
  const turn: Step = { do: 'turn', on: step.on, faults: [] };
  return [turn, step, turn];
}

test(
  'I3: where everybody saw what he replaced, there is no conflict',
  async () => {
    const sequences = histories({ min: 8, max: 20 }, { ...only(fieldWork), edit: 8 });
    await fc.assert(
      fc.asyncProperty(sequences, fc.nat(), async (steps, worldSeed) => {
        await live(steps.flatMap(alone), worldSeed, async (world) => {
          await world.heal();
          const conflicts = (await centre.records()).filter((row) => row.entity === 'conflict');
          // Two rows for one person are a fact, whoever saw what.
          expect(conflicts.filter((row) => row.values['kind'] !== 'duplicate')).toEqual([]);
          const answers = (await centre.answers()).map(({ answer }) => answer);
          const disputed = answers.filter(({ result, conflicts: ids }) => result !== 'applied' && ids.length === 0);
          expect(disputed).toEqual([]);
          await checkConvergence(world);
        });
      }),
      runs(4),
    );
  },
  patience,
);

test(
  'I12: other clocks, the same verdicts',
  async () => {
    const kinds: readonly Kind[] = ['edit', 'note', 'tag', 'create', 'remove', 'move', 'poison', 'turn'];
    const shifts = fc.array(fc.constantFrom(-3650, -30, 0, 1, 3650), { minLength: 3, maxLength: 3 });
    const sequences = histories({ min: 10, max: 30 }, { ...only(kinds, 2), edit: 8, turn: 8 });
    await fc.assert(
      fc.asyncProperty(sequences, shifts, fc.nat(), async (steps, days, worldSeed) => {
        const told: unknown[] = [];
        for (const wrong of [[0, 0, 0], days]) {
          const world = await World.open({ centre, seed: worldSeed });
          try {
            world.devices.forEach((device, index) => (device.skew = (wrong[index] ?? 0) * 86_400_000));
            for (const step of steps) await world.run(step.do === 'turn' ? { ...step, faults: [] } : step);
            await world.heal();
            checkCalm(world);
            told.push(
              world.devices.map((device) =>
                device
                  .outbox()
                  .map(({ delta, result, version }) => [delta.entity, delta.row, delta.op, result, version]),
              ),
            );
          } finally {
            await world.close();
          }
        }
        expect(told[1]).toEqual(told[0]);
      }),
      runs(3),
    );
  },
  patience,
);

test(
  'I13: settling every conflict comes to an end, also when two settle at once',
  async () => {
    const kinds: readonly Kind[] = [
      'edit',
      'remove',
      'note',
      'create',
      'propose',
      'decide',
      'visit',
      'turn',
      'together',
    ];
    const sequences = histories({ min: 15, max: 35 }, { ...only(kinds), edit: 12, turn: 4, together: 3 });
    const sides = fc.array(fc.constantFrom('current' as const, 'offered' as const), { minLength: 3, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(sequences, sides, fc.nat(), async (steps, choices, worldSeed) => {
        await live(steps, worldSeed, async (world) => {
          await world.heal();
          let open = 1;
          for (let round = 0; open > 0; round += 1) {
            if (round > 6) throw new Error(`${String(open)} conflicts are still open`);
            open = 0;
            for (const [index, device] of world.devices.entries()) {
              const lines = await device.call('conflicts.list', { state: 'open' });
              open += lines.length;
              for (const [nth, line] of lines.entries())
                await world.settle(device, line.id, choices[(index + nth + round) % choices.length] ?? 'current');
              world.note(device);
            }
            await world.heal();
          }
          checkCalm(world);
          await checkConvergence(world);
          await checkNoLoss(world);
          await checkOnce(world);
        });
      }),
      runs(4),
    );
  },
  patience,
);

test('I10: a field this build does not know waits for the upgrade and survives its edits', async () => {
  const unknown = { favourite_dish: '汤圆' };
  const world = await World.open({ centre, seed: 5, unknown });
  try {
    const [device, other] = [world.device(0), world.device(1)];
    // A gateway that knows the field names it in its snapshots; pulled rows carry it anyway.
    world.wire.forge = ({ path }, text) => {
      if (!path.startsWith('/v1/snapshot/')) return text;
      const chunk = JSON.parse(text) as { groups: { entity: string; fields: string[]; rows: unknown[][] }[] };
      for (const group of chunk.groups) {
        if (group.entity !== 'resident') continue;
        group.fields.push('favourite_dish');
        for (const row of group.rows) row.push(row[0] === 'r1' ? unknown.favourite_dish : null);
      }
      return JSON.stringify(chunk);
    };
    for (const one of world.devices) await world.turn(one);
    const deferred = (): unknown[] =>
      device.reader.prepare(`SELECT field, value, version FROM deferred WHERE row_id = 'r1'`).all();
    expect(deferred()).toEqual([{ field: 'favourite_dish', value: '"汤圆"', version: 1 }]);
    await world.edit(device, 'r1', { phone: '13800000001' });
    await world.edit(other, 'r1', { phone: '13800000002', workplace: '工厂1' });
    world.note(device);
    world.note(other);
    await world.heal();
    // A newer build changes the field.
    await centre.touch('resident', 'r1', { favourite_dish: '年糕' });
    await world.heal();
    const now = (await centre.records()).find((row) => row.id === 'r1');
    expect(now?.values['favourite_dish']).toBe('年糕');
    expect(deferred()).toEqual([{ field: 'favourite_dish', value: '"年糕"', version: now?.version }]);
    await world.edit(device, 'r1', { workplace: '工厂2' });
    world.note(device);
    await world.heal();
    const later = (await centre.records()).find((row) => row.id === 'r1');
    expect(later?.values).toMatchObject({ favourite_dish: '年糕', workplace: '工厂2' });
    expect(deferred()).toHaveLength(1);
    checkCalm(world);
    await checkConvergence(world);
  } finally {
    await world.close();
  }
});
