import { describe, expect, test } from 'vitest';
import { hlcInstant, judge, wholeRow } from './judge.ts';
import vectors from '../../tests/vectors/sync-and-confirmation.json' with { type: 'json' };
import { Instant } from '../domain/values.ts';
import { deltaOf, judgeAll, now, rowOf } from './test-deltas.ts';

const phones = { a: '13800000001', b: '13800000002', old: '13800000000' };

test.each(vectors.judged)('vector $id', ({ field, base, server, offered, ...expected }) => {
  const start = rowOf({ [field]: base });
  // Colleagues bring the row to the server's version; the last of their writes is the value that stands.
  const steps = server.version - start.version;
  const before = Array.from({ length: steps }, (_, step) =>
    deltaOf('b', step + 1, { fields: step === steps - 1 ? { [field]: server.value } : { workplace: String(step) } }),
  );
  const { row, verdicts } = judgeAll(start, [
    ...before,
    deltaOf('a', 1, { fields: { [field]: { base, value: offered } } }),
  ]);
  const last = verdicts.at(-1);
  expect(last?.outcome).toMatchObject({ result: expected.result, version: expected.version });
  expect(last?.outcome.code).toBe('code' in expected ? expected.code : undefined);
  expect(last?.conflicts.filter((conflict) => conflict.values['state'] === 'open')).toHaveLength(expected.open);
  expect(row?.values[field]).toBe(expected.value);
  if (expected.open > 0)
    expect(last?.conflicts[0]?.values).toMatchObject({
      base_value: JSON.stringify(base),
      current_value: JSON.stringify(server.value),
      offered_value: JSON.stringify(offered),
    });
});

describe('the field rule', () => {
  test('SY-01 unchanged since the base version: applied, one version on, with its provenance', () => {
    const verdict = judge(
      rowOf({ phone: phones.old }),
      deltaOf('a', 1, { fields: { phone: { base: phones.old, value: phones.a } } }),
      now,
    );
    expect(verdict.outcome).toMatchObject({ result: 'applied', version: 6, conflicts: [] });
    expect(verdict.row).toMatchObject({ version: 6, values: { phone: phones.a } });
    expect(verdict.row?.heads['phone']).toMatchObject({
      version: 6,
      by: 'wa',
      source: 'visit',
      reason: { kind: 'edit' },
    });
    expect(verdict.changes).toEqual([{ field: 'phone', before: phones.old, after: phones.a, fate: 'set' }]);
  });

  test('SY-02 another value came meanwhile: the current one stays, the conflict holds base, theirs and mine', () => {
    const start = rowOf({ residence_status: 'resident' });
    const { row, verdicts } = judgeAll(start, [
      deltaOf('b', 1, { fields: { residence_status: { base: 'resident', value: 'moved-out' } } }),
      deltaOf('b', 2, { fields: { phone: phones.b } }),
      deltaOf('a', 1, { fields: { residence_status: { base: 'resident', value: 'away' } } }),
    ]);
    const last = verdicts[2];
    expect(last?.outcome).toMatchObject({ result: 'conflict', version: 7 });
    expect(row?.values['residence_status']).toBe('moved-out');
    expect(last?.conflicts[0]?.values).toMatchObject({
      subject_entity: 'resident',
      subject_id: 'p1',
      field: 'residence_status',
      policy: 'ask',
      base_value: '"resident"',
      current_value: '"moved-out"',
      current_by: 'wb',
      offered_value: '"away"',
      offered_by: 'wa',
      state: 'open',
      winner: null,
    });
    expect(last?.changes).toEqual([{ field: 'residence_status', before: 'moved-out', after: 'away', fate: 'aside' }]);
  });

  test('SY-03 the same value came meanwhile: converged, no question', () => {
    const { row, verdicts } = judgeAll(rowOf({ residence_status: 'resident' }), [
      deltaOf('b', 1, { fields: { residence_status: 'away' } }),
      deltaOf('a', 1, { fields: { residence_status: 'away' } }),
    ]);
    expect(verdicts[1]?.outcome).toMatchObject({ result: 'converged', version: 6, conflicts: [] });
    expect(verdicts[1]?.row).toBeNull();
    expect(row?.version).toBe(6);
  });

  test('another field changed meanwhile: both hold, and the answer says merged', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old, workplace: null }), [
      deltaOf('b', 1, { fields: { workplace: '镇海炼化' } }),
      deltaOf('a', 1, { fields: { phone: phones.a } }),
    ]);
    expect(verdicts[1]?.outcome).toMatchObject({ result: 'merged', version: 7, conflicts: [] });
    expect(row?.values).toEqual({ phone: phones.a, workplace: '镇海炼化' });
  });

  test('own chain: edits made offline on top of each other are no conflict', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('a', 1, { fields: { phone: { base: phones.old, value: phones.a } } }),
      deltaOf('a', 2, { fields: { phone: { base: phones.a, value: phones.b } } }),
    ]);
    expect(verdicts.map((verdict) => verdict.outcome.result)).toEqual(['applied', 'applied']);
    expect(row?.values['phone']).toBe(phones.b);
  });

  test('the chain of another epoch is not the own chain', () => {
    const { verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('a', 1, { fields: { phone: phones.a } }),
      deltaOf('a', 2, { epoch: 2, fields: { phone: phones.b } }),
    ]);
    expect(verdicts[1]?.outcome.result).toBe('conflict');
  });

  test('an old delta sent again, with no kept answer, does not undo a later one of its device', () => {
    const first = deltaOf('a', 1, { fields: { phone: phones.a } });
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      first,
      deltaOf('a', 2, { fields: { phone: phones.b } }),
      first,
    ]);
    expect(row?.values['phone']).toBe(phones.b);
    expect(verdicts[2]?.outcome.result).toBe('conflict');
  });

  test('writing what stands there already is no change: version and author stay', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('b', 1, { fields: { phone: phones.b } }),
      deltaOf('a', 1, { baseVersion: 6, fields: { phone: phones.b } }),
    ]);
    expect(verdicts[1]).toMatchObject({ outcome: { result: 'applied', version: 6 }, row: null, changes: [] });
    expect(row?.heads['phone']?.by).toBe('wb');
  });

  test('laundering: a second keystroke does not make an unseen remote write a seen one', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('a', 1, { fields: { phone: { base: phones.old, value: phones.a } } }),
      deltaOf('b', 1, { baseVersion: 6, fields: { phone: { base: phones.a, value: '13811111111' } } }),
      deltaOf('a', 2, { fields: { phone: { base: phones.a, value: phones.b } } }),
    ]);
    expect(verdicts[2]?.outcome.result).toBe('conflict');
    expect(row?.values['phone']).toBe('13811111111');
  });

  test('one field in dispute, one not: the one is asked about, the other applied', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old, workplace: null }), [
      deltaOf('b', 1, { fields: { phone: phones.b } }),
      deltaOf('a', 1, { fields: { phone: phones.a, workplace: '镇海炼化' } }),
    ]);
    expect(verdicts[1]?.outcome).toMatchObject({ result: 'conflict', version: 7 });
    expect(row?.values).toEqual({ phone: phones.b, workplace: '镇海炼化' });
  });

  test('a conflict has the id of its delta and field, so that a replay writes the same row', () => {
    const start = rowOf(
      { phone: phones.b },
      { version: 6, heads: judge(rowOf({}), deltaOf('b', 1, { fields: { phone: phones.b } }), now).row?.heads ?? {} },
    );
    const delta = deltaOf('a', 1, { fields: { phone: phones.a } });
    expect(judge(start, delta, now)).toEqual(judge(start, delta, now));
    expect(judge(start, delta, now).outcome.conflicts).toEqual([`${delta.id}.phone`]);
  });

  test('a move to another area against another move asks', () => {
    const { row, verdicts } = judgeAll(rowOf({}), [
      deltaOf('b', 1, { fields: { area: { base: '330211001001', value: '330211001002' } } }),
      deltaOf('a', 1, { fields: { area: { base: '330211001001', value: '330211001003' } } }),
    ]);
    expect(verdicts.map((verdict) => verdict.outcome.result)).toEqual(['applied', 'conflict']);
    expect(row?.area).toBe('330211001002');
  });
});

describe('combined fields', () => {
  test('two added tags both hold', () => {
    const { row, verdicts } = judgeAll(rowOf({ tags: ['aged'] }), [
      deltaOf('b', 1, { fields: { tags: { base: ['aged'], value: ['aged', 'veteran'] } } }),
      deltaOf('a', 1, { fields: { tags: { base: ['aged'], value: ['aged', 'alone'] } } }),
    ]);
    expect(verdicts[1]?.outcome).toMatchObject({ result: 'merged', conflicts: [] });
    expect(row?.values['tags']).toEqual(['aged', 'veteran', 'alone']);
    // What each side said stays readable in history, beside what came of it.
    expect(verdicts[1]?.changes).toEqual([
      { field: 'tags', before: ['aged', 'veteran'], after: ['aged', 'alone'], fate: 'aside' },
      { field: 'tags', before: ['aged', 'veteran'], after: ['aged', 'veteran', 'alone'], fate: 'set' },
    ]);
  });

  test('the second add of a device keeps what its first one was combined with', () => {
    const { row } = judgeAll(rowOf({ tags: [] }), [
      deltaOf('b', 1, { fields: { tags: { base: [], value: ['veteran'] } } }),
      deltaOf('a', 1, { fields: { tags: { base: [], value: ['alone'] } } }),
      deltaOf('a', 2, { fields: { tags: { base: ['alone'], value: ['alone', 'aged'] } } }),
    ]);
    expect(row?.values['tags']).toEqual(['veteran', 'alone', 'aged']);
  });

  test('a tag taken away after adding it is away, and the colleague’s stays', () => {
    const { row } = judgeAll(rowOf({ tags: [] }), [
      deltaOf('a', 1, { fields: { tags: { base: [], value: ['alone'] } } }),
      deltaOf('b', 1, { fields: { tags: { base: [], value: ['veteran'] } } }),
      deltaOf('a', 2, { fields: { tags: { base: ['alone'], value: [] } } }),
    ]);
    expect(row?.values['tags']).toEqual(['veteran']);
  });

  test('a deletion by the device whose tag was combined with an unseen one asks', () => {
    const { row, verdicts } = judgeAll(rowOf({ tags: [] }), [
      deltaOf('b', 1, { fields: { tags: { base: [], value: ['veteran'] } } }),
      deltaOf('a', 1, { fields: { tags: { base: [], value: ['alone'] } } }),
      deltaOf('a', 2, { op: 'delete', fields: {} }),
    ]);
    expect(verdicts[2]?.outcome.result).toBe('conflict');
    expect(row?.deleted).toBe(false);
  });

  test('a device alone may take back its own note and delete its own row', () => {
    const { row, verdicts } = judgeAll(rowOf({ notes: [] }), [
      deltaOf('a', 1, { fields: { notes: { base: [], value: ['错'] } } }),
      deltaOf('a', 2, { fields: { notes: { base: ['错'], value: ['对'] } } }),
      deltaOf('a', 3, { op: 'delete', fields: {} }),
    ]);
    expect(verdicts.map((verdict) => verdict.outcome.result)).toEqual(['applied', 'applied', 'applied']);
    expect(row).toMatchObject({ deleted: true, values: { notes: ['对'] } });
  });

  test('notes of two people follow each other', () => {
    const { row } = judgeAll(rowOf({ notes: ['旧'] }), [
      deltaOf('b', 1, { fields: { notes: { base: ['旧'], value: ['旧', '敲门无人'] } } }),
      deltaOf('a', 1, { fields: { notes: { base: ['旧'], value: ['旧', '敲门无人'] } } }),
      deltaOf('a', 2, { fields: { notes: { base: ['旧', '敲门无人'], value: ['旧', '敲门无人', '敲门无人'] } } }),
    ]);
    expect(row?.values['notes']).toEqual(['旧', '敲门无人', '敲门无人']);
  });

  test.each([
    ['last_visit_on', '2026-11-20', '2026-11-21', '2026-11-21'],
    ['next_visit_on', '2026-12-20', '2026-12-21', '2026-12-20'],
  ])('%s: the later or the earlier day stands, whatever the order', (field, theirs, mine, expected) => {
    for (const [first, second] of [
      [theirs, mine],
      [mine, theirs],
    ]) {
      const { row, verdicts } = judgeAll(rowOf({}, { entity: 'household' }), [
        deltaOf('b', 1, { entity: 'household', fields: { [field]: first ?? null } }),
        deltaOf('a', 1, { entity: 'household', fields: { [field]: second ?? null } }),
      ]);
      expect(row?.values[field]).toBe(expected);
      expect(verdicts[1]?.conflicts).toEqual([]);
    }
  });
});

describe('authority', () => {
  const card = { source: 'card-read', reason: { kind: 'card' } } as const;
  const police = { source: 'police', reason: { kind: 'feed', feed: 'births' } } as const;

  test('the higher rank comes second and wins; the loser stands in a noted conflict', () => {
    const { row, verdicts } = judgeAll(rowOf({ name: '测试甲' }), [
      deltaOf('b', 1, { ...card, fields: { name: '测试乙' } }),
      deltaOf('a', 1, { ...police, fields: { name: '测试丙' } }),
    ]);
    expect(row?.values['name']).toBe('测试丙');
    expect(verdicts[1]?.conflicts[0]?.values).toMatchObject({
      state: 'noted',
      winner: 'offered',
      current_value: '"测试乙"',
    });
    expect(verdicts[1]?.changes).toContainEqual({ field: 'name', before: null, after: '测试乙', fate: 'aside' });
  });

  test('the lower rank comes second and is noted', () => {
    const { row, verdicts } = judgeAll(rowOf({ name: '测试甲' }), [
      deltaOf('b', 1, { ...police, fields: { name: '测试丙' } }),
      deltaOf('a', 1, { ...card, fields: { name: '测试乙' } }),
    ]);
    expect(row?.values['name']).toBe('测试丙');
    expect(verdicts[1]?.conflicts[0]?.values).toMatchObject({
      state: 'noted',
      winner: 'current',
      offered_value: '"测试乙"',
    });
  });

  test('equal ranks ask', () => {
    const { verdicts } = judgeAll(rowOf({ name: '测试甲' }), [
      deltaOf('b', 1, { ...card, fields: { name: '测试乙' } }),
      deltaOf('a', 1, { ...card, fields: { name: '测试丙' } }),
    ]);
    expect(verdicts[1]?.conflicts[0]?.values).toMatchObject({ state: 'open', winner: null });
  });

  test('rank compares concurrent writes only: who saw the higher one may replace it', () => {
    const { row, verdicts } = judgeAll(rowOf({ name: '测试甲' }), [
      deltaOf('b', 1, { ...police, fields: { name: '测试丙' } }),
      deltaOf('a', 1, { ...card, baseVersion: 6, fields: { name: '测试乙' } }),
    ]);
    expect(row?.values['name']).toBe('测试乙');
    expect(verdicts[1]?.outcome.result).toBe('applied');
  });
});

describe('delete and edit', () => {
  const gone = (letter: string, opNo: number, more = {}) =>
    deltaOf(letter, opNo, { op: 'delete', fields: {}, ...more });

  test('a deletion that saw everything deletes, keeps the values in history, and is idempotent in effect', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [gone('a', 1), gone('b', 1)]);
    expect(row).toMatchObject({ deleted: true, version: 6, values: { phone: phones.old } });
    expect(verdicts[0]?.changes[0]).toMatchObject({ field: wholeRow, before: JSON.stringify({ phone: phones.old }) });
    expect(verdicts[1]?.outcome).toMatchObject({ result: 'converged', version: 6 });
  });

  test('deletion against an unseen edit asks, and the row stays', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('b', 1, { fields: { phone: phones.b } }),
      gone('a', 1),
    ]);
    expect(row?.deleted).toBe(false);
    expect(verdicts[1]?.outcome.result).toBe('conflict');
    expect(verdicts[1]?.conflicts[0]?.values).toMatchObject({
      kind: 'delete-edited',
      field: wholeRow,
      current_by: 'wb',
      state: 'open',
    });
  });

  test('edit against an unseen deletion asks, and the edit is kept', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      gone('b', 1),
      deltaOf('a', 1, { fields: { phone: phones.a } }),
    ]);
    expect(row?.deleted).toBe(true);
    expect(verdicts[1]?.conflicts[0]?.values).toMatchObject({
      kind: 'edit-deleted',
      current_by: 'wb',
      offered_by: 'wa',
    });
    expect(verdicts[1]?.conflicts[0]?.values['offered_value']).toContain(phones.a);
    expect(verdicts[1]?.changes).toEqual([{ field: 'phone', before: phones.old, after: phones.a, fate: 'aside' }]);
  });

  test.each([
    ['with another value', { phone: phones.a }, phones.a],
    ['with the value it had', { phone: phones.old }, phones.old],
    ['with nothing', {}, phones.old],
  ])('who saw the deletion and writes again brings the row back, %s', (_how, fields, expected) => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }), [
      gone('b', 1),
      deltaOf('a', 1, { baseVersion: 6, fields }),
    ]);
    expect(row).toMatchObject({ deleted: false, version: 7, values: { phone: expected } });
    expect(verdicts[1]?.outcome.result).toBe('applied');
  });

  test('own deletes and edits follow each other', () => {
    const { row } = judgeAll(rowOf({ phone: phones.old }), [
      deltaOf('a', 1, { fields: { phone: phones.a } }),
      gone('a', 2),
      deltaOf('a', 3, { fields: { phone: phones.b } }),
    ]);
    expect(row).toMatchObject({ deleted: false, version: 8, values: { phone: phones.b } });
  });
});

describe('creating', () => {
  test('a new row starts at version 1 in its area', () => {
    const verdict = judge(
      null,
      deltaOf('a', 1, { op: 'create', baseVersion: 0, fields: { name: '测试甲', phone: phones.a } }),
      now,
    );
    expect(verdict.row).toMatchObject({
      version: 1,
      area: '330211001001',
      values: { name: '测试甲', phone: phones.a },
    });
    expect(verdict.outcome).toMatchObject({ result: 'applied', version: 1 });
  });

  test('two devices answer the same question: equal values converge, others ask', () => {
    const answer = (letter: string, value: string, origin: string) =>
      deltaOf(letter, 1, {
        entity: 'visit_answer',
        row: 'v1.alone.p1',
        op: 'create',
        baseVersion: 0,
        fields: { value, origin },
      });
    const same = judgeAll(null, [answer('a', 'yes', 'prefilled'), answer('b', 'yes', 'typed')]);
    expect(same.verdicts[1]?.outcome).toMatchObject({ result: 'converged', conflicts: [] });
    const other = judgeAll(null, [answer('a', 'yes', 'prefilled'), answer('b', 'no', 'typed')]);
    expect(other.verdicts[1]?.conflicts.map((conflict) => conflict.values['field'])).toEqual(['value']);
  });

  test('creating a row that was loaded long ago replaces nothing unseen', () => {
    const { row, verdicts } = judgeAll(rowOf({ phone: phones.old }, { version: 1 }), [
      deltaOf('a', 1, { op: 'create', baseVersion: 0, fields: { phone: phones.a, workplace: '码头' } }),
    ]);
    expect(verdicts[0]?.outcome.result).toBe('conflict');
    expect(row?.values).toEqual({ phone: phones.old, workplace: '码头' });
  });

  test('a card read for a row believed new does not outrank what the police loaded', () => {
    const { row, verdicts } = judgeAll(rowOf({ name: '测试甲' }, { version: 1 }), [
      deltaOf('a', 1, {
        op: 'create',
        baseVersion: 0,
        source: 'card-read',
        reason: { kind: 'card' },
        fields: { name: '测试乙' },
      }),
    ]);
    expect(row?.values['name']).toBe('测试甲');
    expect(verdicts[0]?.conflicts[0]?.values).toMatchObject({ state: 'noted', winner: 'current' });
  });

  test('a second creation is no way around the owner of a field', () => {
    const row = rowOf({ name: '测试甲' }, { version: 1 });
    const create = (name: string) => deltaOf('a', 1, { op: 'create', baseVersion: 0, fields: { name } });
    expect(judge(row, create('测试乙'), now).outcome).toMatchObject({ result: 'rejected', code: 'field.owned' });
    expect(judge(row, create('测试甲'), now).outcome.result).toBe('converged');
  });
});

describe('refusals change nothing', () => {
  test.each([
    ['an edit of a row that is not there', null, { fields: { phone: phones.a } }, 'row.missing'],
    [
      'SY-05 a police name edited by a worker',
      rowOf({ name: '测试甲' }),
      { fields: { name: '测试乙' } },
      'field.owned',
    ],
    ['a field of a newer release', rowOf({}), { fields: { shoe_size: '42' } }, 'field.unknown'],
    ['a field named like a method', rowOf({}), { fields: { constructor: 'x' } }, 'field.unknown'],
    [
      'a date that does not exist',
      rowOf({}),
      { reason: { kind: 'card' }, fields: { death_date: '2026-02-29' } },
      'field.wrong-type',
    ],
    ['half a fen', rowOf({}), { fields: { monthly_income_fen: 0.5 } }, 'field.wrong-type'],
    ['a list where a text belongs', rowOf({}), { fields: { phone: ['1'] } }, 'field.wrong-type'],
    ['an area that is no code', rowOf({}), { fields: { area: '3302' } }, 'field.wrong-type'],
    ['a text no database keeps', rowOf({}), { fields: { phone: 'a\u0000b' } }, 'field.wrong-type'],
    ['a base no database keeps', rowOf({}), { fields: { phone: { base: '\ud800', value: '1' } } }, 'field.wrong-type'],
  ] as const)('%s', (_what, row, wish, code) => {
    const verdict = judge(row, deltaOf('a', 1, wish as never), now);
    expect(verdict).toEqual({
      outcome: {
        id: deltaOf('a', 1, wish as never).id,
        opNo: 1,
        result: 'rejected',
        version: row?.version ?? 0,
        conflicts: [],
        code,
      },
      row: null,
      changes: [],
      conflicts: [],
    });
  });

  test.each(['proposal', 'feed', 'resolve', 'card', 'undo'])('an owned field may change with reason %s', (kind) => {
    const reasons = {
      proposal: { kind: 'proposal', proposal: 'x' },
      feed: { kind: 'feed', feed: 'x' },
      resolve: { kind: 'resolve', conflict: 'x' },
      card: { kind: 'card' },
      undo: { kind: 'undo', of: 'x' },
    } as const;
    const reason = reasons[kind as keyof typeof reasons];
    expect(
      judge(rowOf({ name: '测试甲' }), deltaOf('a', 1, { reason, fields: { name: '测试乙' } }), now).outcome.result,
    ).toBe('applied');
  });
});

describe('one decision, one question', () => {
  const proposal = rowOf({ state: 'pending', final_value: null }, { entity: 'proposal', version: 1 });
  const decide = (letter: string, state: string, found: string | null) =>
    deltaOf(letter, 1, {
      entity: 'proposal',
      baseVersion: 1,
      reason: { kind: 'proposal', proposal: 'p1' },
      fields: {
        state,
        ...(found === null ? {} : { final_value: found }),
        decided_by: `w${letter}`,
        decided_at: `2026-11-21T0${letter === 'a' ? '8' : '9'}:00:00.000Z`,
        decided_how: letter === 'a' ? 'seen' : 'phone',
      },
    });

  test.each([
    ['both confirm one value', decide('b', 'confirmed', '"x"'), []],
    ['one confirms, one corrects to the same', decide('b', 'corrected', '"x"'), []],
    ['one confirms, one corrects', decide('b', 'corrected', '"y"'), ['final_value']],
    ['one confirms, one disputes', decide('b', 'disputed', null), ['state']],
  ])('%s', (_what, second, asked) => {
    const { row, verdicts } = judgeAll(proposal, [decide('a', 'confirmed', '"x"'), second]);
    expect(verdicts[1]?.conflicts.map((conflict) => conflict.values['field'])).toEqual(asked);
    expect(verdicts[1]?.outcome.result).toBe(asked.length === 0 ? 'converged' : 'conflict');
    expect(row?.values).toMatchObject({
      state: 'confirmed',
      final_value: '"x"',
      decided_by: 'wa',
      decided_how: 'seen',
    });
    expect(verdicts[1]?.changes).toContainEqual({ field: 'decided_by', before: 'wa', after: 'wb', fate: 'aside' });
  });

  test('the second settler is told; who settled the same way agrees', () => {
    const open = rowOf({ state: 'open' }, { entity: 'conflict', id: 'c1', version: 1 });
    const settle = (letter: string, chosen: string) =>
      deltaOf(letter, 1, {
        entity: 'conflict',
        row: 'c1',
        baseVersion: 1,
        reason: { kind: 'resolve', conflict: 'c1' },
        fields: { state: 'settled', choice: 'other', chosen_value: chosen, settled_by: `w${letter}`, settled_at: now },
      });
    const { row, verdicts } = judgeAll(open, [settle('a', '"x"'), settle('b', '"y"'), settle('c', '"x"')]);
    expect(verdicts.map((verdict) => verdict.outcome.result)).toEqual(['applied', 'rejected', 'converged']);
    expect(verdicts[1]?.outcome.code).toBe('conflict.settled');
    expect(row?.values).toMatchObject({ chosen_value: '"x"', settled_by: 'wa' });
  });
});

test('only a settled conflict is closed to settlers', () => {
  const open = rowOf({ state: 'open' }, { entity: 'conflict', id: 'c1', version: 1 });
  const set = (letter: string, state: string) =>
    deltaOf(letter, 1, { entity: 'conflict', row: 'c1', baseVersion: 1, fields: { state } });
  expect(judgeAll(open, [set('a', 'noted'), set('b', 'settled')]).verdicts[1]?.outcome.result).toBe('conflict');
});

test.each([
  ['2026-11-21T08:12:00.000Z.0001', '2026-11-21T08:12:00.000Z'],
  ['2036-01-01T00:00:00.000Z.0001', '2036-01-01T00:00:00.000Z'],
  ['2026-02-30T08:12:00.000Z.0001', now],
  ['2026-11-21T99:12:00.000Z.0001', now],
  ['yesterday', now],
  ['', now],
])('the instant of stamp %j is one that every device can read', (stamp, expected) => {
  expect(hlcInstant(stamp, now)).toBe(expected);
  expect(Instant.safeParse(hlcInstant(stamp, now)).success).toBe(true);
});
