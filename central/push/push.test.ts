import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Delta, Outcome } from '../../shared/sync/delta.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';
import { transactionId, systemRow, writeRows } from '../store/records.ts';

const area = '330211001001';
const elsewhere = '330211001002';
const residents = Array.from({ length: 40 }, (_, index) => ({
  entity: 'resident' as const,
  id: `r${String(index)}`,
  area,
  values: {
    name: '某人',
    phone: '1',
    id_no: `33029919500101${String(index).padStart(4, '0')}`,
    tags: ['a'],
    notes: [],
  },
}));

let centre: TestGateway;
beforeAll(async () => {
  centre = await startTestGateway({ rows: residents });
});
afterAll(async () => {
  await centre.stop();
  await stopOwnCluster();
});

const enrol = async (person: string): Promise<TestDevice> => TestDevice.enrol(centre.url, await centre.code(person));
let used = 0;
/** A resident nobody has touched yet. */
const fresh = (): string => `r${String(used++)}`;

async function push(device: TestDevice, ...deltas: unknown[]): Promise<Outcome[]> {
  const answer = await device.push(deltas);
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.body.outcomes;
}
const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((one) => one.code ?? one.result);

async function valuesOf(device: TestDevice, id: string, entity = 'resident'): Promise<Record<string, unknown>> {
  const answer = await device.rows([{ entity, id }]);
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.body.rows[0]?.row.fields ?? {};
}
async function countRecords(entity: string, like: string): Promise<number> {
  const { rows } = await centre.database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM record WHERE entity = $1 AND id LIKE $2',
    [entity, like],
  );
  return rows[0]?.n ?? -1;
}
const phone = (row: string, value: string, more: Partial<Delta> = {}) => ({
  entity: 'resident' as const,
  row,
  fields: { phone: { base: '1', value } },
  ...more,
});

describe('verdicts', () => {
  test('a change nobody contests is applied, and an own later one on the same base too', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const outcomes = await push(device, device.delta(phone(row, '2')), device.delta(phone(row, '3')));
    expect(outcomes.map(({ result, version }) => [result, version])).toEqual([
      ['applied', 2],
      ['applied', 3],
    ]);
    expect((await valuesOf(device, row))['phone']).toBe('3');
  });

  test('two people, two phones: the second becomes a conflict and both values stand in it', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    await push(one, one.delta(phone(row, '2')));
    const [outcome] = await push(two, two.delta(phone(row, '3')));
    expect(outcome).toMatchObject({ result: 'conflict', version: 2 });
    const conflict = await valuesOf(one, outcome?.conflicts[0] ?? '', 'conflict');
    expect(conflict).toMatchObject({ current_value: '"2"', offered_value: '"3"', current_by: 'w1', offered_by: 'w2' });
    expect((await valuesOf(one, row))['phone']).toBe('2');
    const history = await one.get(`/v1/history/resident/${row}`, { parse: (body) => body as { entries: unknown[] } });
    expect(history.ok && history.body.entries).toMatchObject([
      { field: 'phone', before: '2', after: '3', fate: 'aside', by: 'w2' },
      { field: 'phone', before: '1', after: '2', fate: 'set', by: 'w1' },
    ]);
  });

  test('agreeing converges, sets merge', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    const tags = (value: string[]) => ({ entity: 'resident' as const, row, fields: { tags: { base: ['a'], value } } });
    await push(one, one.delta(phone(row, '2')), one.delta(tags(['a', 'b'])));
    expect(results(await push(two, two.delta(phone(row, '2')), two.delta(tags(['c']))))).toEqual([
      'converged',
      'merged',
    ]);
    expect((await valuesOf(two, row))['tags']).toEqual(['b', 'c']);
  });

  test('identity, role, scope, ownership, types: each refused with its own code', async () => {
    const [worker, auditor] = [await enrol('w1'), await enrol('a1')];
    const row = fresh();
    const refused = await push(
      worker,
      worker.delta(phone(row, '2', { device: randomUUID() })),
      worker.delta(phone(row, '2', { actor: 'w2' })),
      worker.delta({ entity: 'worker', row: 'w1', fields: { name: { value: '我' } }, area: '330211000000' }),
      worker.delta({ ...phone('new1', '2'), op: 'create', area: elsewhere, baseVersion: 0 }),
      worker.delta({ ...phone('new2', '2'), op: 'create', area: '330211001999', baseVersion: 0 }),
      worker.delta({ entity: 'resident', row, fields: { area: { base: area, value: elsewhere } } }),
      worker.delta({ entity: 'resident', row, fields: { name: { value: '改名' } } }),
      worker.delta({ entity: 'resident', row, fields: { name: { value: '改名' } }, source: 'police' }),
      worker.delta({ entity: 'resident', row, op: 'create', baseVersion: 0, fields: { name: { value: '改名' } } }),
      worker.delta({ entity: 'resident', row, fields: { phone: { value: 7 } } }),
      worker.delta({ entity: 'resident', row, fields: { shoe_size: { value: 42 } } }),
      worker.delta(phone('nobody', '2')),
      worker.delta({
        entity: 'conflict',
        row: 'c1',
        op: 'create',
        baseVersion: 0,
        fields: { state: { value: 'open' } },
      }),
      worker.delta(phone(row, '2', { reason: { kind: 'feed', feed: 'x' } })),
    );
    expect(results(refused)).toEqual([
      'delta.wrong-device',
      'delta.wrong-actor',
      'role.forbidden',
      'scope.outside',
      'scope.outside',
      'scope.outside',
      'field.owned',
      'field.owned',
      'field.owned',
      'field.wrong-type',
      'field.unknown',
      'row.missing',
      'role.forbidden',
      'role.forbidden',
    ]);
    expect(results(await push(auditor, auditor.delta(phone(row, '2'))))).toEqual(['role.forbidden']);
    expect(await valuesOf(worker, row)).toMatchObject({ phone: '1', name: '某人' });
    const { rows } = await centre.database.query('SELECT FROM rejected WHERE device = $1', [worker.identity.device]);
    expect(rows).toHaveLength(refused.length);
  });

  test('one person created twice becomes a duplicate to merge; both rows stay', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const person = (row: string) => ({
      entity: 'resident' as const,
      row,
      op: 'create' as const,
      baseVersion: 0,
      fields: { id_no: { value: '330299199001011234' }, phone: { value: row } },
    });
    const outcomes = await Promise.all([
      push(one, one.delta(person('twin-1'))),
      push(two, two.delta(person('twin-2'))),
    ]);
    expect(results(outcomes.flat()).sort()).toEqual(['applied', 'conflict']);
    const [disputed] = outcomes.flat().filter((outcome) => outcome.result === 'conflict');
    const conflict = await valuesOf(one, disputed?.conflicts[0] ?? '', 'conflict');
    expect(conflict).toMatchObject({ kind: 'duplicate', state: 'open', field: 'id_no' });
    expect([conflict['current_value'], conflict['offered_value']].sort()).toEqual(['"twin-1"', '"twin-2"']);
    expect(await countRecords('resident', 'twin-%')).toBe(2);
    // Within one batch as well.
    const again = await push(one, one.delta(person('twin-3')));
    expect(results(again)).toEqual(['conflict']);
  });

  test('a clock ahead of the centre is shown as the centre’s time, and nothing is refused for it', async () => {
    const device = await enrol('w1');
    const row = fresh();
    await push(device, device.delta(phone(row, '2', { hlc: '2099-01-01T00:00:00.000Z.0000' })));
    await push(device, device.delta(phone(row, '3', { hlc: 'no clock at all' })));
    const answer = await device.rows([{ entity: 'resident', id: row }]);
    const at = answer.ok ? (answer.body.rows[0]?.row.provenance['phone']?.at ?? '') : '';
    expect(at.slice(0, 4)).toBe(new Date().toISOString().slice(0, 4));
    expect(await centre.gateway.metrics.registry.metrics()).toMatch(/doorstep_clock_ahead_total [1-9]/);
  });
});

describe('order and repetition', () => {
  test('the same batch, any prefix of it, and a mix of old and new: same answers, no more effects', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const written: string[] = [];
    const note = (text: string) => {
      const base = [...written];
      written.push(text);
      return device.delta({ entity: 'resident', row, fields: { notes: { base, value: [...written] } } });
    };
    const batch = [note('a'), { opNo: ++device.opNo, id: 'broken' }, note('b'), note('c')];
    const first = await push(device, ...batch);
    expect(results(first)).toEqual(['applied', 'delta.malformed', 'applied', 'applied']);
    const notes = (await valuesOf(device, row))['notes'];
    for (let length = 1; length <= batch.length; length += 1)
      expect(await push(device, ...batch.slice(0, length))).toEqual(first.slice(0, length));
    const more = note('d');
    expect((await push(device, ...batch.slice(2), more)).slice(0, 2)).toEqual(first.slice(2));
    expect((await valuesOf(device, row))['notes']).toEqual([...(notes as string[]), 'd']);
  });

  test('a gap refuses the whole push and names what was expected', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const [first, , third] = [1, 2, 3].map((value) => device.delta(phone(row, String(value))));
    const answer = await device.push([first, third]);
    expect(answer).toMatchObject({ ok: false, status: 409, problem: { code: 'gap', facts: { expected: 2, got: 3 } } });
    expect((await valuesOf(device, row))['phone']).toBe('1');
    const state = await device.session();
    expect(state.ok && state.body.lastOpNo).toBe(0);
  });

  test('malformed lines among good ones cost nobody anything, not even one without a number or with poison in it', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const good = (value: string) => device.delta(phone(row, value));
    const lines: unknown[] = [good('2')];
    device.opNo += 1;
    lines.push('not even an object');
    lines.push({ ...good('NUL \0 inside'), hlc: 'x' });
    lines.push({ ...good('half \ud800 pair') });
    const taken = good('9');
    lines.push(taken);
    device.opNo += 1;
    lines.push({ ...taken, opNo: device.opNo, txn: randomUUID() });
    lines.push(good('5'));
    const outcomes = await push(device, ...lines);
    expect(results(outcomes)).toEqual([
      'applied',
      'delta.malformed',
      'delta.malformed',
      'delta.malformed',
      'applied',
      'delta.malformed',
      'applied',
    ]);
    expect((await valuesOf(device, row))['phone']).toBe('5');
    expect(await push(device, ...lines)).toEqual(outcomes);
  });

  test('a re-enrolled device asks about the same delta by its name and gets the same verdict', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const delta = device.delta(phone(row, '2'));
    const [first] = await push(device, delta);
    const again = await enrol('w1');
    const renamed = { ...delta, device: again.identity.device, epoch: again.identity.epoch, opNo: 1 };
    expect(await push(again, renamed)).toEqual([{ ...first, opNo: 1 }]);
    expect((await valuesOf(again, row))['phone']).toBe('2');
    const { rows } = await centre.database.query('SELECT version FROM record WHERE id = $1', [row]);
    expect(rows).toEqual([{ version: 2 }]);
  });

  test('a copy that numbers on its own is told that it is one', async () => {
    const device = await enrol('w1');
    const copy = device.clone();
    const row = fresh();
    await push(device, device.delta(phone(row, '2')));
    expect(await copy.push([copy.delta(phone(row, '3'))])).toMatchObject({
      ok: false,
      status: 409,
      problem: { code: 'device.forked' },
    });
  });
});

describe('one transaction of the device', () => {
  test('one rejected delta takes its companions along, and nothing of theirs stays', async () => {
    const device = await enrol('w1');
    const [row, other] = [fresh(), fresh()];
    const txn = randomUUID();
    const outcomes = await push(
      device,
      device.delta(phone(row, '2', { txn })),
      device.delta({
        entity: 'visit',
        row: 'v-torn',
        op: 'create',
        baseVersion: 0,
        txn,
        fields: { kind: { value: 'x' } },
      }),
      device.delta({ entity: 'resident', row, txn, fields: { name: { value: '不许' } } }),
      device.delta(phone(other, '2')),
    );
    expect(results(outcomes)).toEqual(['delta.txn-rejected', 'delta.txn-rejected', 'field.owned', 'applied']);
    expect((await valuesOf(device, row))['phone']).toBe('1');
    expect(await countRecords('visit', 'v-torn')).toBe(0);
  });

  test('a conflict does not break it', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    await push(one, one.delta(phone(row, '2')));
    const txn = randomUUID();
    const visit = {
      entity: 'visit',
      row: `v-${row}`,
      op: 'create',
      baseVersion: 0,
      fields: { kind: { value: 'x' } },
    } as const;
    const outcomes = await push(two, two.delta(phone(row, '3', { txn })), two.delta({ ...visit, txn }));
    expect(results(outcomes)).toEqual(['conflict', 'applied']);
  });
});

describe('proposals and resolutions', () => {
  async function propose(row: string, more: Record<string, string> = {}): Promise<string> {
    const id = `p-${row}-${randomUUID().slice(0, 8)}`;
    await centre.database.write(async (transaction) => {
      const values = {
        ...{ subject_entity: 'resident', subject_id: row, field: 'living_status', new_value: '"deceased"' },
        ...{ source: 'funeral', grade: 'Y', state: 'pending', ...more },
      };
      const why = { source: 'system', at: new Date().toISOString(), reason: { kind: 'feed', feed: 'test' } } as const;
      const proposal = systemRow({ entity: 'proposal', id }, area, values, why);
      await writeRows(transaction, '330211', await transactionId(transaction), [{ before: null, after: proposal }]);
    });
    return id;
  }
  const confirm = (
    device: TestDevice,
    row: string,
    proposal: string,
    value = 'deceased',
    more: Partial<Delta> = {},
  ) => {
    const txn = randomUUID();
    const reason = { kind: 'proposal', proposal } as const;
    const decided = {
      state: { base: 'pending', value: 'confirmed' },
      decided_by: { value: device.identity.person.id },
    };
    return [
      device.delta({
        entity: 'resident',
        row,
        txn,
        reason,
        source: 'funeral',
        fields: { living_status: { value } },
        ...more,
      }),
      device.delta({ entity: 'proposal', row: proposal, txn, reason, fields: decided }),
    ];
  };

  test('confirming writes an owned field in the name of its department', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const proposal = await propose(row);
    expect(results(await push(device, ...confirm(device, row, proposal)))).toEqual(['applied', 'applied']);
    expect(await valuesOf(device, row)).toMatchObject({ living_status: 'deceased' });
    expect(await valuesOf(device, proposal, 'proposal')).toMatchObject({ state: 'confirmed', decided_by: 'w1' });
  });

  test('a colleague who confirmed the same changes nothing; one who found otherwise unknowing opens a dispute', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    const proposal = await propose(row);
    await push(one, ...confirm(one, row, proposal));
    expect(results(await push(two, ...confirm(two, row, proposal)))).toEqual(['converged', 'converged']);
    const otherwise = confirm(two, row, proposal, 'alive');
    expect(results(await push(two, ...otherwise))).toEqual(['conflict', 'converged']);
    const knowing = confirm(two, row, proposal, 'alive').map((delta) => ({ ...delta, baseVersion: 2 }));
    expect(results(await push(two, ...knowing))).toEqual(['proposal.closed', 'delta.txn-rejected']);
    expect(await valuesOf(one, proposal, 'proposal')).toMatchObject({ state: 'confirmed', decided_by: 'w1' });
  });

  test('a correction that wrote no field and an unknowing confirmation are asked about at the proposal', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    const proposal = await propose(row);
    const [, decision] = confirm(one, row, proposal, 'alive');
    if (decision === undefined) throw new Error('no decision');
    const corrected = { ...decision.fields, state: { base: 'pending', value: 'corrected' } };
    expect(results(await push(one, { ...decision, opNo: decision.opNo - 1, fields: corrected }))).toEqual(['applied']);
    expect(results(await push(two, ...confirm(two, row, proposal)))).toEqual(['applied', 'conflict']);
  });

  test('a proposal for something else, from somebody else, or that does not exist opens no door', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const proposal = await propose(row);
    const reason = { kind: 'proposal', proposal } as const;
    const refused = await push(
      device,
      device.delta({ entity: 'resident', row, reason, source: 'funeral', fields: { name: { value: '改' } } }),
      device.delta({ entity: 'resident', row, reason, source: 'police', fields: { living_status: { value: 'x' } } }),
      device.delta({
        entity: 'resident',
        row: 'r0',
        reason,
        source: 'funeral',
        fields: { living_status: { value: 'x' } },
      }),
      ...confirm(device, row, 'no-such-proposal'),
    );
    expect(new Set(results(refused))).toEqual(new Set(['proposal.closed']));
  });

  test('grade R is confirmed at the door or by a document', async () => {
    const device = await enrol('w1');
    const row = fresh();
    const proposal = await propose(row, { grade: 'R' });
    expect(results(await push(device, ...confirm(device, row, proposal)))).toContain('proposal.needs-visit');
    const txn = randomUUID();
    const reason = { kind: 'proposal', proposal, visit: 'v1' } as const;
    const fields = { state: { base: 'pending', value: 'confirmed' } };
    expect(
      results(await push(device, device.delta({ entity: 'proposal', row: proposal, txn, reason, fields }))),
    ).toEqual(['applied']);
  });

  test('when the confirmed value loses, the proposal is open again', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    const [police, funeral] = [await propose(row, { source: 'police' }), await propose(row)];
    await push(one, ...confirm(one, row, police, 'alive', { source: 'police' }));
    expect(results(await push(two, ...confirm(two, row, funeral)))).toEqual(['conflict', 'applied']);
    expect(await valuesOf(two, funeral, 'proposal')).toMatchObject({ state: 'pending' });
    expect(await valuesOf(two, row)).toMatchObject({ living_status: 'alive' });
  });

  test('a conflict is settled once; the second settler is told, unless both chose alike', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const row = fresh();
    await push(one, one.delta(phone(row, '2')));
    const [lost] = await push(two, two.delta(phone(row, '3')));
    const conflict = lost?.conflicts[0] ?? '';
    const settle = (device: TestDevice, value: string, choice: string) => {
      const txn = randomUUID();
      const reason = { kind: 'resolve', conflict } as const;
      const settled = { state: { value: 'settled' }, choice: { value: choice }, chosen_value: { value: `"${value}"` } };
      return [
        device.delta({ entity: 'resident', row, txn, reason, baseVersion: 2, fields: { phone: { base: '2', value } } }),
        device.delta({ entity: 'conflict', row: conflict, txn, reason, fields: settled }),
      ];
    };
    expect(results(await push(one, ...settle(one, '3', 'offered')))).toEqual(['applied', 'applied']);
    expect(results(await push(two, ...settle(two, '2', 'current')))).toEqual(['conflict.settled', 'conflict.settled']);
    expect(results(await push(two, ...settle(two, '3', 'offered')))).toEqual(['converged', 'converged']);
    expect((await valuesOf(two, row))['phone']).toBe('3');
    expect(await countRecords('conflict', `%`)).toBeGreaterThan(0);
  });
});

test('many pushers on the same rows through two gateways: no deadlock, no lost note, no answer twice', async () => {
  const second = await centre.another();
  const people = ['w1', 'w2', 's1', 'w1', 'w2', 's1'];
  const devices = await Promise.all(
    people.map(async (person, index) =>
      TestDevice.enrol(index % 2 === 0 ? centre.url : second.url, await centre.code(person)),
    ),
  );
  const rows = Array.from({ length: 8 }, fresh);
  await Promise.all(
    devices.map(async (device, index) => {
      for (let round = 0; round < 3; round += 1) {
        // Each in another order: the gateway takes the locks in one.
        const order = index % 2 === 0 ? rows : [...rows].reverse();
        const batch = order.map((row) => {
          // What a device has noted itself it knows of, whoever else has been there.
          const own = Array.from({ length: round + 1 }, (_, before) => `${String(index)}.${String(before)}`);
          return device.delta({
            entity: 'resident',
            row,
            fields: { notes: { base: own.slice(0, -1), value: own } },
          });
        });
        expect(new Set(results(await push(device, ...batch)))).not.toContain('rejected');
      }
    }),
  );
  const [reader] = devices;
  if (reader === undefined) throw new Error('no device');
  for (const row of rows) {
    const notes = (await valuesOf(reader, row))['notes'] as string[];
    expect([...notes].sort()).toEqual(
      [0, 1, 2, 3, 4, 5].flatMap((d) => [0, 1, 2].map((r) => `${String(d)}.${String(r)}`)),
    );
  }
});
