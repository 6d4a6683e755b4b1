import fc from 'fast-check';
import { faults, type Fault } from './wire.ts';

/** One thing that happens in a history. Numbers choose among what is there; `on` chooses the device. */
export type Step =
  | { readonly do: 'edit'; readonly on: number; readonly row: number; readonly field: number; readonly value: number }
  | { readonly do: 'note'; readonly on: number; readonly row: number }
  | { readonly do: 'tag'; readonly on: number; readonly row: number; readonly tag: number }
  | { readonly do: 'create'; readonly on: number; readonly area: number; readonly twin: boolean }
  | { readonly do: 'remove'; readonly on: number; readonly row: number }
  | { readonly do: 'move'; readonly on: number; readonly row: number; readonly area: number }
  | { readonly do: 'poison'; readonly on: number; readonly row: number }
  | { readonly do: 'propose'; readonly row: number; readonly about: number }
  | {
      readonly do: 'decide';
      readonly on: number;
      readonly nth: number;
      readonly how: 'confirm' | 'correct' | 'dispute' | 'later' | 'undo';
      readonly value: number;
    }
  | {
      readonly do: 'visit';
      readonly on: number;
      readonly nth: number;
      readonly act: 'start' | 'describe' | 'finish' | 'skip' | 'reopen';
    }
  | { readonly do: 'settle'; readonly on: number; readonly nth: number; readonly side: 'current' | 'offered' }
  | { readonly do: 'turn'; readonly on: number; readonly faults: readonly Fault[] }
  /** An edit while the device exchanges, between what it sends and what it hears. */
  | {
      readonly do: 'meanwhile';
      readonly on: number;
      readonly row: number;
      readonly field: number;
      readonly value: number;
    }
  /** Off and on again: the next exchange opens a session first. */
  | { readonly do: 'restart'; readonly on: number }
  | { readonly do: 'together' }
  | { readonly do: 'late' }
  | { readonly do: 'crash'; readonly on: number; readonly after: number }
  | { readonly do: 'backup'; readonly on: number }
  | { readonly do: 'restore'; readonly on: number }
  | { readonly do: 'grant'; readonly on: number; readonly mask: number }
  | { readonly do: 'clock'; readonly on: number; readonly days: number }
  | { readonly do: 'gateway' };

export type Kind = Step['do'];

const on = fc.nat({ max: 2 });
const few = fc.nat({ max: 3 });
/** Mostly the first, so that two people's work meets. */
const oneOf = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: few });

/** Each kind of step. Ranges are small, so that two devices often meet at one field. */
const arbitraries: { readonly [K in Kind]: fc.Arbitrary<Extract<Step, { do: K }>> } = {
  edit: fc.record({
    do: fc.constant('edit'),
    on,
    row: oneOf,
    field: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat({ max: 4 }) }),
    value: few,
  }),
  note: fc.record({ do: fc.constant('note'), on, row: oneOf }),
  tag: fc.record({ do: fc.constant('tag'), on, row: oneOf, tag: few }),
  create: fc.record({ do: fc.constant('create'), on, area: few, twin: fc.boolean() }),
  remove: fc.record({ do: fc.constant('remove'), on, row: oneOf }),
  move: fc.record({ do: fc.constant('move'), on, row: oneOf, area: few }),
  poison: fc.record({ do: fc.constant('poison'), on, row: oneOf }),
  propose: fc.record({ do: fc.constant('propose'), row: oneOf, about: few }),
  decide: fc.record({
    do: fc.constant('decide'),
    on,
    nth: fc.nat({ max: 1 }),
    how: fc.constantFrom('confirm', 'correct', 'dispute', 'later', 'undo'),
    value: few,
  }),
  visit: fc.record({
    do: fc.constant('visit'),
    on,
    nth: fc.nat({ max: 1 }),
    act: fc.constantFrom('start', 'describe', 'finish', 'skip', 'reopen'),
  }),
  settle: fc.record({ do: fc.constant('settle'), on, nth: few, side: fc.constantFrom('current', 'offered') }),
  turn: fc.record({
    do: fc.constant('turn'),
    on,
    faults: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(fc.constantFrom(...faults), { maxLength: 5 }) },
    ),
  }),
  meanwhile: fc.record({ do: fc.constant('meanwhile'), on, row: oneOf, field: fc.nat({ max: 1 }), value: few }),
  restart: fc.record({ do: fc.constant('restart'), on }),
  together: fc.record({ do: fc.constant('together') }),
  late: fc.record({ do: fc.constant('late') }),
  crash: fc.record({ do: fc.constant('crash'), on, after: fc.nat({ max: 24 }) }),
  backup: fc.record({ do: fc.constant('backup'), on }),
  restore: fc.record({ do: fc.constant('restore'), on }),
  grant: fc.record({ do: fc.constant('grant'), on, mask: fc.integer({ min: 0, max: 7 }) }),
  clock: fc.record({ do: fc.constant('clock'), on, days: fc.constantFrom(-3650, -1, 1, 30, 3650) }),
  gateway: fc.record({ do: fc.constant('gateway') }),
};

const usual: { readonly [K in Kind]: number } = {
  edit: 12,
  note: 4,
  tag: 3,
  create: 2,
  remove: 2,
  move: 2,
  poison: 1,
  propose: 2,
  decide: 4,
  visit: 4,
  settle: 6,
  turn: 10,
  meanwhile: 6,
  restart: 3,
  together: 4,
  late: 1,
  crash: 3,
  backup: 1,
  restore: 1,
  grant: 3,
  clock: 1,
  gateway: 1,
};

export const allKinds = Object.keys(arbitraries) as Kind[];

/** Histories of steps. @param weights other weights than usual; 0 leaves a kind out */
export function histories(
  length: { readonly min: number; readonly max: number },
  weights: Partial<Record<Kind, number>> = {},
): fc.Arbitrary<Step[]> {
  const all = { ...usual, ...weights };
  const choices = allKinds.flatMap((kind) =>
    all[kind] > 0 ? [{ weight: all[kind], arbitrary: arbitraries[kind] as fc.Arbitrary<Step> }] : [],
  );
  return fc.array(fc.oneof(...choices), { minLength: length.min, maxLength: length.max, size: 'max' });
}
