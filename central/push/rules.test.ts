import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../shared/sync/delta.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';

/*
 * A department's fields change by the department's word alone: a worker's report reaches the department, and neither
 * confirming his own report nor "taking back" something that never was opens the field.
 */

const area = '330211001001';
let centre: TestGateway;
let worker: TestDevice;
beforeAll(async () => {
  centre = await startTestGateway({
    rows: [{ entity: 'resident', id: 'r1', area, values: { name: '某人', phone: '1' } }],
  });
  worker = await TestDevice.enrol(centre.url, await centre.code('w1'));
});
afterAll(async () => {
  await centre.stop();
  await stopOwnCluster();
});

async function push(...deltas: unknown[]): Promise<readonly Outcome[]> {
  const answer = await worker.push(deltas);
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.body.outcomes;
}
const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((one) => one.code ?? one.result);

const report = (source: string, state: string) => ({
  entity: 'proposal' as const,
  row: `report-${source}-${state}`,
  op: 'create' as const,
  area,
  baseVersion: 0,
  source: 'visit' as const,
  reason: { kind: 'edit' as const },
  fields: {
    subject_entity: { value: 'resident' },
    subject_id: { value: 'r1' },
    field: { value: 'name' },
    old_value: { value: '"某人"' },
    new_value: { value: '"某仁"' },
    source: { value: source },
    state: { value: state },
    decided_by: { value: 'w1' },
    dispute_reason: { value: '身份证上是仁' },
  },
});

test('a report of a difference reaches the department, under no name but the worker’s', async () => {
  const outcomes = await push(
    worker.delta(report('visit', 'disputed')),
    worker.delta(report('police', 'disputed')),
    worker.delta(report('visit', 'pending')),
  );
  expect(results(outcomes)).toEqual(['applied', 'role.forbidden', 'role.forbidden']);
});

test('a worker’s own report cannot be confirmed into a department’s field', async () => {
  const reason = { kind: 'proposal' as const, proposal: 'report-visit-disputed' };
  const [reopened] = await push(
    worker.delta({
      entity: 'proposal',
      row: 'report-visit-disputed',
      baseVersion: 1,
      reason: { kind: 'undo', of: 'report-visit-disputed' },
      fields: { state: { base: 'disputed', value: 'pending' } },
    }),
  );
  expect(reopened?.result).toBe('applied');
  const tried = await push(
    worker.delta({
      entity: 'resident',
      row: 'r1',
      baseVersion: 1,
      reason,
      source: 'visit',
      fields: { name: { value: '某仁' } },
    }),
  );
  expect(results(tried)).toEqual(['field.owned']);
});

test('taking back gives an owned field what the proposal found there, and nothing else', async () => {
  const reason = { kind: 'undo' as const, of: 'report-visit-disputed' };
  const tried = await push(
    worker.delta({
      entity: 'resident',
      row: 'r1',
      baseVersion: 1,
      reason,
      source: 'visit',
      fields: { name: { value: '别人' } },
    }),
    worker.delta({
      entity: 'resident',
      row: 'r1',
      baseVersion: 1,
      reason: { kind: 'undo', of: 'no-such-proposal' },
      source: 'visit',
      fields: { name: { value: '某人' } },
    }),
    worker.delta({
      entity: 'resident',
      row: 'r1',
      baseVersion: 1,
      reason,
      source: 'visit',
      fields: { name: { value: '某人' } },
    }),
  );
  expect(results(tried)).toEqual(['field.owned', 'proposal.closed', 'applied']);
});
