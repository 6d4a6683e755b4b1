import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldSpec } from '../domain/entities.ts';
import { rankOf, type Source } from '../domain/sources.ts';
import { sameValue, type FieldValue } from '../domain/values.ts';
import { judge, type CentralRow, type Verdict } from './judge.ts';
import type { Delta, Reason } from './delta.ts';
import { deltaOf, now, rowOf } from './test-deltas.ts';

/*
 * Devices that edit one row offline, push and pull in any order, judged as the gateway does. Values and fields come from
 * small ranges, so that clashes and agreements are common. Laws are those of the sync contract: I2, I3, I4, I6, I12.
 */

const choices = {
  phone: ['1', '2', '3', null],
  workplace: ['a', 'b'],
  name: ['甲', '乙', '丙'],
  tags: [[], ['a'], ['b'], ['a', 'b'], ['b', 'c']],
} as const;
type Field = keyof typeof choices;
const fieldNames = Object.keys(choices) as readonly Field[];

const edit = fc.record({
  step: fc.constant('edit' as const),
  device: fc.constantFrom('a', 'b', 'c'),
  picks: fc.uniqueArray(fc.tuple(fc.constantFrom(...fieldNames), fc.nat(9)), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 3,
  }),
  source: fc.constantFrom<Source>('police', 'card-read', 'visit'),
});
const remove = fc.record({ step: fc.constant('remove' as const), device: fc.constantFrom('a', 'b', 'c') });
const push = fc.record({
  step: fc.constant('push' as const),
  device: fc.constantFrom('a', 'b', 'c'),
  most: fc.integer({ min: 1, max: 3 }),
});
const pull = fc.record({ step: fc.constant('pull' as const), device: fc.constantFrom('a', 'b', 'c') });
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: edit },
    { weight: 3, arbitrary: push },
    { weight: 2, arbitrary: pull },
    { weight: 1, arbitrary: remove },
  ),
  { maxLength: 40 },
);
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Step = ValueOf<typeof edit> | ValueOf<typeof remove> | ValueOf<typeof push> | ValueOf<typeof pull>;

interface Device {
  readonly letter: string;
  opNo: number;
  received: CentralRow;
  readonly outbox: Delta[];
  /** Fields with work the received row does not hold yet: the version first edited on, and the value wanted. */
  readonly pending: Map<string, { base: number; mine: FieldValue; lastOp: number }>;
  acknowledged: number;
}

interface Judged {
  readonly delta: Delta;
  readonly before: CentralRow;
  readonly verdict: Verdict;
}

const start = rowOf({ phone: '0', workplace: null, name: '原', tags: ['z'] });
const reasonFor = (source: Source): Reason => (source === 'police' ? { kind: 'feed', feed: 'f' } : { kind: 'card' });

class World {
  row: CentralRow = start;
  readonly judged: Judged[] = [];
  readonly devices = new Map<string, Device>();

  device(letter: string): Device {
    const known = this.devices.get(letter);
    if (known !== undefined) return known;
    const fresh: Device = { letter, opNo: 0, received: start, outbox: [], pending: new Map(), acknowledged: 0 };
    this.devices.set(letter, fresh);
    return fresh;
  }

  /** One command at the device: bases are what is visible there, the version is that of the oldest unsent edit beneath. */
  write(letter: string, op: 'update' | 'delete', values: Readonly<Record<string, FieldValue>>, source: Source): void {
    const device = this.device(letter);
    device.opNo += 1;
    let base = device.received.version;
    const fields: Delta['fields'] = {};
    for (const [name, value] of Object.entries(values)) {
      const waiting = device.pending.get(name);
      base = Math.min(base, waiting?.base ?? base);
      fields[name] = { base: waiting?.mine ?? device.received.values[name] ?? null, value };
    }
    for (const [name, value] of Object.entries(values))
      device.pending.set(name, { base: device.pending.get(name)?.base ?? base, mine: value, lastOp: device.opNo });
    device.outbox.push(
      deltaOf(letter, device.opNo, { op, baseVersion: base, fields, source, reason: reasonFor(source) }),
    );
  }

  push(letter: string, most: number): void {
    const device = this.device(letter);
    for (const delta of device.outbox.splice(0, most)) {
      const verdict = judge(this.row, delta, now);
      this.judged.push({ delta, before: this.row, verdict });
      this.row = verdict.row ?? this.row;
      device.acknowledged = delta.opNo;
    }
  }

  pull(letter: string): void {
    const device = this.device(letter);
    device.received = this.row;
    for (const [name, { lastOp }] of device.pending) if (lastOp <= device.acknowledged) device.pending.delete(name);
  }

  run(list: readonly Step[]): this {
    for (const step of list) {
      if (step.step === 'pull') this.pull(step.device);
      else if (step.step === 'push') this.push(step.device, step.most);
      else if (step.step === 'remove') this.write(step.device, 'delete', {}, 'visit');
      else this.write(step.device, 'update', valuesOf(step.picks), step.source);
    }
    for (const letter of this.devices.keys()) this.push(letter, Number.POSITIVE_INFINITY);
    return this;
  }
}

function valuesOf(picks: readonly (readonly [Field, number])[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const [name, pick] of picks) {
    const value = choices[name][pick % choices[name].length] ?? null;
    values[name] = typeof value === 'object' && value !== null ? [...value] : value;
  }
  return values;
}

const listOf = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);

/** Did the delta's author know the standing value of a field: by version, or because he wrote it himself? */
function saw(delta: Delta, row: CentralRow, name: string): boolean {
  const head = row.heads[name];
  if (head === undefined || head.version <= delta.baseVersion) return true;
  return head.device === delta.device && head.epoch === delta.epoch && head.opNo < delta.opNo;
}

function conflictHolds(
  verdict: Verdict,
  name: string,
  side: 'current_value' | 'offered_value',
  value: FieldValue,
): boolean {
  return verdict.conflicts.some(({ values }) => {
    const kept = JSON.parse(String(values[side])) as FieldValue;
    if (values['field'] === name) return sameValue(kept, value);
    // Delete against edit is one conflict about the whole row.
    return (
      values['field'] === 'row' &&
      typeof kept === 'string' &&
      JSON.stringify((JSON.parse(kept) as Record<string, FieldValue>)[name]) === JSON.stringify(value)
    );
  });
}

describe('I2: nothing disappears in silence', () => {
  test('what was offered is current, in a conflict, or set aside in history', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { delta, before, verdict } of new World().run(list).judged) {
          const after = verdict.row ?? before;
          if (delta.op === 'delete') {
            expect(after.deleted || verdict.conflicts.length === 1).toBe(true);
            continue;
          }
          for (const [name, { base, value }] of Object.entries(delta.fields)) {
            const aside = verdict.changes.some(
              (change) => change.field === name && change.fate === 'aside' && sameValue(change.after, value),
            );
            const current = !after.deleted && sameValue(after.values[name], value);
            const combined = listOf(value).every(
              (item) => listOf(after.values[name]).includes(item) || listOf(base).includes(item),
            );
            const kept =
              current ||
              aside ||
              conflictHolds(verdict, name, 'offered_value', value) ||
              (name === 'tags' && combined && !after.deleted);
            expect(kept, `${name} of op ${String(delta.opNo)}`).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('what stood is replaced only by one who saw it, or by rank with a record; added tags go only where seen', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { delta, before, verdict } of new World().run(list).judged) {
          const after = verdict.row;
          if (after === null) continue;
          for (const name of fieldNames) {
            const stood = before.values[name] ?? null;
            if (sameValue(stood, after.values[name])) continue;
            if (name === 'tags') {
              const lost = listOf(stood).filter((item) => !listOf(after.values[name]).includes(item));
              const base = listOf(delta.fields[name]?.base);
              expect(lost.filter((item) => !base.includes(item) && !saw(delta, before, name))).toEqual([]);
              continue;
            }
            const outranked =
              fieldSpec('resident', name)?.merge === 'authority' &&
              conflictHolds(verdict, name, 'current_value', stood);
            expect(saw(delta, before, name) || outranked, `${name} by op ${String(delta.opNo)}`).toBe(true);
          }
          if (after.deleted && !before.deleted)
            expect(Object.keys(before.heads).filter((name) => !saw(delta, before, name))).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('I3: no conflict when every delta saw what it replaced, and the last word stands', () => {
  const turn = fc.record({
    device: fc.constantFrom('a', 'b', 'c'),
    edits: fc.array(fc.oneof(edit, remove), { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 12 }), (turns) => {
      const world = new World();
      const expected: Record<string, FieldValue> = { ...start.values };
      let deleted = false;
      for (const { device, edits } of turns) {
        world.pull(device);
        for (const step of edits) {
          if (step.step === 'remove') {
            world.write(device, 'delete', {}, 'visit');
            deleted = true;
          } else {
            const values = valuesOf(step.picks);
            world.write(device, 'update', values, step.source);
            Object.assign(expected, values);
            deleted = false;
          }
        }
        world.push(device, Number.POSITIVE_INFINITY);
      }
      expect(world.judged.flatMap(({ verdict }) => verdict.conflicts)).toEqual([]);
      expect(
        world.judged
          .map(({ verdict }) => verdict.outcome.result)
          .filter((result) => result !== 'applied' && result !== 'converged'),
      ).toEqual([]);
      expect(world.row.deleted).toBe(deleted);
      for (const name of fieldNames) expect(sameValue(world.row.values[name], expected[name]), name).toBe(true);
    }),
    { numRuns: 1500 },
  );
});

describe('I4: repeating', () => {
  test('judging is a function of row, delta and time, and leaves both alone', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { delta, before, verdict } of new World().run(list).judged) {
          const [row, again] = [structuredClone(before), structuredClone(delta)];
          expect(judge(row, again, now)).toEqual(verdict);
          expect(row).toEqual(before);
          expect(again).toEqual(delta);
        }
      }),
    );
  });

  test('a caller who keeps answers by id gives the same answer and row, whatever is sent again', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat()), (list, repeats) => {
        const sent = new World().run(list).judged.map(({ delta }) => delta);
        const serve = (deltas: readonly Delta[]) => {
          let row: CentralRow = start;
          const answers = new Map<string, Verdict['outcome']>();
          for (const delta of deltas) {
            if (answers.has(delta.id)) continue;
            const verdict = judge(row, delta, now);
            answers.set(delta.id, verdict.outcome);
            row = verdict.row ?? row;
          }
          return { row, answers };
        };
        // Any prefix is sent again after any delta.
        const noisy = sent.flatMap((delta, index) => [...sent.slice(0, (repeats[index] ?? 0) % (index + 1)), delta]);
        expect(serve(noisy)).toEqual(serve(sent));
      }),
    );
  });

  test('even without kept answers, a delta repeated at once changes no value', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { delta, verdict } of new World().run(list).judged) {
          if (verdict.row === null || verdict.row.deleted) continue;
          const again = judge(verdict.row, delta, now);
          if (delta.op === 'update') expect((again.row ?? verdict.row).values).toEqual(verdict.row.values);
        }
      }),
    );
  });
});

test('I6: versions grow by one with every write, and heads never run ahead of them', () => {
  fc.assert(
    fc.property(steps, (list) => {
      for (const { before, verdict } of new World().run(list).judged) {
        expect(verdict.outcome.version).toBe(before.version + (verdict.row === null ? 0 : 1));
        if (verdict.row === null) continue;
        expect(verdict.row.version).toBe(before.version + 1);
        for (const head of Object.values(verdict.row.heads))
          expect(head.version).toBeLessThanOrEqual(verdict.row.version);
      }
    }),
  );
});

test('I12: clocks change what people are shown, and nothing else', () => {
  const clock = fc.oneof(
    fc
      .date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2099-12-31') })
      .map((date) => `${date.toISOString()}.0001`),
    fc.string({ maxLength: 64 }),
  );
  const withoutTimes = (verdict: Verdict): unknown =>
    JSON.parse(
      JSON.stringify(verdict, (key, value: unknown) =>
        key === 'at' || key === 'offered_at' || key === 'current_at' ? 0 : value,
      ),
    );
  fc.assert(
    fc.property(steps, fc.array(clock, { minLength: 1 }), (list, clocks) => {
      const world = new World().run(list);
      let row: CentralRow = start;
      world.judged.forEach(({ delta, verdict }, index) => {
        const strange = judge(row, { ...delta, hlc: clocks[index % clocks.length] ?? '' }, now);
        expect(withoutTimes(strange)).toEqual(withoutTimes(verdict));
        row = strange.row ?? row;
      });
    }),
  );
});

test('among two concurrent writes of a ranked field the higher rank stands, whichever comes first', () => {
  const source = fc.constantFrom<Source>('police', 'health', 'card-read', 'document', 'visit', 'phone-call', 'hearsay');
  fc.assert(
    fc.property(source, source, (first, second) => {
      const write = (letter: string, from: Source) =>
        deltaOf(letter, 1, { source: from, reason: { kind: 'card' }, fields: { name: letter } });
      const one = judge(start, write('a', first), now).row;
      const verdict = judge(one, write('b', second), now);
      const [mine, theirs] = [rankOf(second, 'police'), rankOf(first, 'police')];
      expect((verdict.row ?? one)?.values['name']).toBe(mine > theirs ? 'b' : 'a');
      expect(verdict.conflicts).toHaveLength(1);
      expect(verdict.conflicts[0]?.values['state']).toBe(mine === theirs ? 'open' : 'noted');
    }),
  );
});
