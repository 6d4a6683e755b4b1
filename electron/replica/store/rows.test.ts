import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Outcome } from '../../../shared/sync/delta.ts';
import type { PulledRow } from '../../../shared/sync/wire.ts';
import { createTestReplica, testArea, type TestReplica } from '../testing/test-replica.ts';
import { readRow } from './entity-table.ts';
import { countAside } from './history.ts';
import { listOutbox, renumber } from './outbox.ts';
import { clashes, pendingOf } from './pending.ts';
import { writeMeta } from './meta.ts';
import { receiveOutcome, receiveRow, rowLeft, type Received } from './receive.ts';
import { rebasePending, withdrawPending } from './rows.ts';
import { findResidents, SearchUpdate } from './search-index.ts';

let bench: TestReplica;
beforeEach(() => {
  bench = createTestReplica();
  bench.seed('resident', 'r-1', { name: '王秀英', phone: '100', workplace: '菜场' }, 3);
});
afterEach(() => bench.close());

const edit = (fields: Record<string, FieldValue>, op: 'create' | 'update' | 'delete' = 'update', row = 'r-1') =>
  bench.context.write(
    [{ entity: 'resident', row, op, area: testArea, fields, source: 'visit', reason: { kind: 'edit' } }],
    { action: 't' },
  );
function pull(version: number, fields: Record<string, FieldValue>, more: Partial<PulledRow> = {}): Received {
  const row: PulledRow = {
    entity: 'resident',
    id: 'r-1',
    version,
    whole: false,
    deleted: false,
    fields,
    provenance: {},
    ...more,
  };
  let received: Received = 'known';
  bench.replica.transaction((writer) => {
    const search = new SearchUpdate(writer);
    received = receiveRow(writer, search, testArea, row, bench.context.now());
    search.finish();
  });
  return received;
}
function answer(index: number, result: Outcome['result'], version: number, conflicts: string[] = []): void {
  const entry = [
    ...listOutbox(bench.replica.reader, 'waiting', 100),
    ...listOutbox(bench.replica.reader, 'answered', 100),
  ].find(({ delta }) => delta.opNo === index);
  if (entry === undefined) throw new Error('no such delta');
  const { id } = entry.delta;
  bench.replica.transaction((writer) => {
    const search = new SearchUpdate(writer);
    receiveOutcome(writer, search, {
      id,
      opNo: index,
      result,
      version,
      conflicts: conflicts.map((field) => `${id}.${field}`),
    });
    search.finish();
  });
}
const value = (field: string, entity: EntityName = 'resident', row = 'r-1'): FieldValue =>
  readRow(bench.replica.reader, entity, row)?.values[field] ?? null;
const line = (field: string) => pendingOf(bench.replica.reader, 'resident', 'r-1').get(field);
const bases = (): unknown[] => bench.deltas().map(({ baseVersion, fields }) => [baseVersion, fields]);

describe('writing', () => {
  test('a delta names what its author had seen; what is the same already is left out', () => {
    edit({ phone: '200', workplace: '菜场' });
    expect(bases()).toEqual([[3, { phone: { base: '100', value: '200' } }]]);
    expect(edit({ phone: '200' }).waiting).toBe(1);
  });

  test('an edit on top of an unsent one inherits its base, whatever was pulled since', () => {
    edit({ phone: '200' });
    pull(7, { phone: '900' });
    expect(line('phone')).toMatchObject({ mine: '200', receivedValue: '900', receivedVersion: 7, baseVersion: 3 });
    edit({ phone: '300' });
    expect(bases()[1]).toEqual([3, { phone: { base: '200', value: '300' } }]);
  });

  test('fields seen at different versions travel in deltas of their own, in one txn', () => {
    edit({ phone: '200' });
    pull(7, { phone: '900', workplace: '学校' });
    edit({ phone: '300', workplace: '医院' });
    expect(bases().slice(1)).toEqual([
      [3, { phone: { base: '200', value: '300' } }],
      [7, { workplace: { base: '学校', value: '医院' } }],
    ]);
    expect(bench.deltas()[1]?.txn).toBe(bench.deltas()[2]?.txn);
  });

  test('what cannot be is refused and leaves nothing', () => {
    expect(() => edit({ nonsense: '1' })).toThrow(/no field/);
    expect(() => edit({ living_alone: 'yes' })).toThrow(/cannot hold/);
    expect(() => edit({ phone: '1' }, 'update', 'r-none')).toThrow(/no resident/);
    expect(bench.deltas()).toEqual([]);
  });

  test('a deleted row is hidden, and writing it again brings it back', () => {
    edit({}, 'delete');
    expect(readRow(bench.replica.reader, 'resident', 'r-1')?.deleted).toBe(true);
    expect(findResidents(bench.replica.reader, '王秀英', 5)).toEqual([]);
    edit({ phone: '5' }, 'create');
    expect(readRow(bench.replica.reader, 'resident', 'r-1')?.deleted).toBe(false);
    expect(bench.deltas().map(({ op }) => op)).toEqual(['delete', 'update']);
    expect(findResidents(bench.replica.reader, '王秀英', 5)).toEqual(['r-1']);
  });
});

describe('receiving', () => {
  test('twice is as once, and an older state changes nothing', () => {
    expect(pull(5, { phone: '500' })).toBe('applied');
    expect(pull(5, { phone: '500' })).toBe('known');
    expect(pull(4, { phone: '400' })).toBe('known');
    expect(value('phone')).toBe('500');
  });

  test('a part of a row that is not held, and a value that fits no field, are told', () => {
    expect(pull(5, { phone: '1' }, { id: 'r-none' })).toBe('missing');
    expect(pull(5, { living_alone: 'perhaps' })).toBe('malformed');
    expect(value('phone')).toBe('100');
  });

  test('the overlay goes when the row has the version of the answer, not before', () => {
    edit({ phone: '200' });
    answer(1, 'applied', 4);
    expect(line('phone')).toBeDefined();
    pull(4, { phone: '200' });
    expect(line('phone')).toBeUndefined();
    expect(countAside(bench.replica.reader, 'resident', 'r-1')).toBe(0);
  });

  test('an answer that comes after the pull lets the overlay go too', () => {
    edit({ phone: '200' });
    pull(4, { phone: '200' });
    expect(line('phone')).toBeDefined();
    answer(1, 'applied', 4);
    expect(line('phone')).toBeUndefined();
  });

  test('the echo of an own earlier delta is no clash', () => {
    edit({ phone: '200' });
    edit({ phone: '300' });
    answer(1, 'applied', 4);
    pull(4, { phone: '200' });
    const pending = line('phone');
    expect(pending).toMatchObject({ mine: '300', baseValue: '200', baseVersion: 4 });
    expect(pending !== undefined && clashes(pending)).toBe(false);
    expect(value('phone')).toBe('300');
  });

  test('a lost dispute shows the other value and keeps the own one aside', () => {
    edit({ phone: '200' });
    pull(5, { phone: '900' });
    expect(value('phone')).toBe('200');
    answer(1, 'conflict', 5, ['phone']);
    expect(value('phone')).toBe('900');
    expect(countAside(bench.replica.reader, 'resident', 'r-1')).toBe(1);
  });

  test('a refused creation leaves the view, not the outbox', () => {
    edit({ name: '李四' }, 'create', 'r-2');
    answer(1, 'rejected', 0);
    expect(readRow(bench.replica.reader, 'resident', 'r-2')).toBeUndefined();
    expect(listOutbox(bench.replica.reader, 'rejected', 5)[0]?.delta.fields['name']).toEqual({ value: '李四' });
  });

  test('a deletion at the centre does not hide a row that somebody here has worked on', () => {
    edit({ phone: '200' });
    pull(5, {}, { deleted: true });
    expect(readRow(bench.replica.reader, 'resident', 'r-1')?.deleted).toBe(false);
    answer(1, 'conflict', 5, ['row']);
    expect(readRow(bench.replica.reader, 'resident', 'r-1')?.deleted).toBe(true);
  });

  test('fields of a newer schema wait, the newest value wins', () => {
    pull(5, { blood_group: 'A' });
    pull(6, { blood_group: 'B' });
    expect(bench.replica.reader.prepare('SELECT field, value, version FROM deferred').all()).toEqual([
      { field: 'blood_group', value: '"B"', version: 6 },
    ]);
  });

  test('a row that left takes everything along but the outbox; back again, unsent work is on top', () => {
    edit({ phone: '200' });
    bench.replica.transaction((writer) => {
      const search = new SearchUpdate(writer);
      expect(rowLeft(writer, search, testArea, 'resident', 'r-1')).toBe(true);
      search.finish();
    });
    expect(readRow(bench.replica.reader, 'resident', 'r-1')).toBeUndefined();
    expect(findResidents(bench.replica.reader, '王秀英', 5)).toEqual([]);
    expect(bench.replica.reader.prepare('SELECT count(*) AS n FROM field_history').get()).toEqual({ n: 0 });
    expect(bench.deltas()).toHaveLength(1);
    pull(6, { name: '王秀英', phone: '100' }, { whole: true });
    expect(value('phone')).toBe('200');
    expect(line('phone')).toMatchObject({ receivedValue: '100', baseVersion: 3 });
  });
});

describe('settling a local clash', () => {
  beforeEach(() => {
    edit({ phone: '200' });
    pull(7, { phone: '900' });
  });
  test('mine: the edit is based on what was shown, and the unsent one is emptied', () => {
    bench.replica.transaction((writer) => rebasePending(writer, 'resident', 'r-1', 'phone'));
    expect(bases()).toEqual([
      [3, {}],
      [7, { phone: { base: '900', value: '200' } }],
    ]);
    expect(value('phone')).toBe('200');
  });
  test('theirs: the received value is visible, mine is kept aside, nothing is sent about it', () => {
    bench.replica.transaction((writer) => withdrawPending(writer, 'resident', 'r-1', 'phone'));
    expect(bases()).toEqual([[3, {}]]);
    expect(value('phone')).toBe('900');
    expect(countAside(bench.replica.reader, 'resident', 'r-1')).toBe(1);
  });
});

test('a new identity renumbers unanswered work from one, in order, under the same delta ids', () => {
  for (const phone of ['1', '2', '3']) edit({ phone });
  answer(1, 'applied', 4);
  const before = listOutbox(bench.replica.reader, 'waiting', 5).map(({ delta }) => delta.id);
  const device = randomUUID();
  bench.replica.transaction((writer) => {
    writeMeta(writer, 'device', device);
    renumber(writer);
  });
  const after = listOutbox(bench.replica.reader, 'waiting', 5).map(({ delta }) => delta);
  expect(after.map(({ id }) => id)).toEqual(before);
  expect(after.map(({ opNo }) => opNo)).toEqual([1, 2]);
  expect(new Set(after.map((delta) => delta.device))).toEqual(new Set([device]));
});
