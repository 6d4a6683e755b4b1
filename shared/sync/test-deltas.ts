import type { CentralRow, Head } from './judge.ts';
import { judge } from './judge.ts';
import type { Delta } from './delta.ts';
import type { EntityName } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';

/* Short ways to write deltas and rows in tests of this room. */

export const now = '2026-11-21T09:00:00.000Z';
export const area = '330211001001';
/** A device of its own for each letter. */
export const deviceOf = (letter: string): string =>
  `00000000-0000-4000-8000-0000000000${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
const uuidOf = (device: string, opNo: number): string =>
  `${device.slice(0, 24)}${device.slice(-2)}${String(opNo).padStart(10, '0')}`;

export interface DeltaWish extends Partial<Omit<Delta, 'fields' | 'device'>> {
  readonly fields: Delta['fields'] | Readonly<Record<string, FieldValue>>;
}

const isFieldDelta = (wish: unknown): wish is Delta['fields'][string] =>
  typeof wish === 'object' && wish !== null && !Array.isArray(wish) && 'value' in wish;

/** The `opNo`-th delta of device `letter`, an edit of resident `p1` unless it wishes otherwise; bare values get no base. */
export function deltaOf(letter: string, opNo: number, wish: DeltaWish): Delta {
  const device = deviceOf(letter);
  const fields = Object.fromEntries(
    Object.entries(wish.fields).map(([name, change]) => [
      name,
      isFieldDelta(change) ? change : { value: change as FieldValue },
    ]),
  );
  return {
    id: uuidOf(device, opNo),
    epoch: 1,
    opNo,
    txn: uuidOf(device, opNo),
    entity: 'resident',
    row: 'p1',
    op: 'update',
    area,
    schema: 1,
    baseVersion: 5,
    hlc: '2026-11-21T08:12:00.000Z.0001',
    actor: `w${letter}`,
    source: 'visit',
    reason: { kind: 'edit' },
    ...wish,
    device,
    fields,
  };
}

/** A row as loaded from the theme database: values without heads, unless given. */
export function rowOf(
  values: Readonly<Record<string, FieldValue>>,
  more: {
    entity?: EntityName;
    id?: string;
    version?: number;
    deleted?: boolean;
    heads?: Readonly<Record<string, Head>>;
  } = {},
): CentralRow {
  return { entity: 'resident', id: 'p1', area, version: 5, deleted: false, heads: {}, ...more, values };
}

/** Judges one delta after the other, as the gateway does; a verdict without a row leaves the row. */
export function judgeAll(
  row: CentralRow | null,
  deltas: readonly Delta[],
): { row: CentralRow | null; verdicts: ReturnType<typeof judge>[] } {
  let standing = row;
  const verdicts = deltas.map((delta) => {
    const verdict = judge(standing, delta, now);
    standing = verdict.row ?? standing;
    return verdict;
  });
  return { row: standing, verdicts };
}
