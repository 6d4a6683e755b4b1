import { createTestReplica, type TestReplica } from './test-replica.ts';

/*
 * A replica with one household to visit today and two more on the road: 许国强 with wife and daughter, on relief, whose
 * data three departments changed. All of it is made up; ID numbers carry a prefix that was never assigned.
 */

export const today = '2026-11-21';

/** JSON text as proposals keep their values. */
export const json = (value: unknown): string => JSON.stringify(value);

export interface ProposalFacts {
  readonly id: string;
  readonly subject: string;
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly source: string;
  readonly grade: 'G' | 'Y' | 'R';
  readonly household?: string;
}

export function seedProposal(test: TestReplica, facts: ProposalFacts): void {
  test.seed('proposal', facts.id, {
    subject_entity: 'resident',
    subject_id: facts.subject,
    household_id: facts.household ?? 'h-xu',
    field: facts.field,
    old_value: json(facts.from),
    new_value: json(facts.to),
    source: facts.source,
    observed_on: '2026-11-18',
    received_at: '2026-11-19T00:00:00.000Z',
    grade: facts.grade,
    state: 'pending',
  });
}

export function seedHousehold(
  test: TestReplica,
  id: string,
  door: { readonly building: string; readonly unit: string; readonly room: string },
  householder: { readonly id: string; readonly name: string; readonly birth: string },
): void {
  test.seed('address', `a-${id}`, { street: '招宝山街道', community: '城东社区', compound: '', ...door });
  test.seed('household', id, { householder_id: householder.id, address_id: `a-${id}`, last_visit_on: '2026-10-18' });
  test.seed('resident', householder.id, {
    name: householder.name,
    birth_date: householder.birth,
    living_status: 'alive',
    sex: '1',
  });
  test.seed('membership', `m-${householder.id}`, { household_id: id, resident_id: householder.id, relation: '01' });
}

export function xuFamily(): TestReplica {
  const test = createTestReplica();
  seedHousehold(
    test,
    'h-xu',
    { building: '12', unit: '2', room: '502' },
    { id: 'r-xu', name: '许国强', birth: '1980-05-04' },
  );
  test.seed('household', 'h-xu', {
    householder_id: 'r-xu',
    address_id: 'a-h-xu',
    relief_category: 'minimum',
    monthly_income_fen: 320_000,
    last_visit_on: '2026-10-18',
  });
  test.seed('resident', 'r-xu', {
    name: '许国强',
    id_no: '330299198005040016',
    sex: '1',
    birth_date: '1980-05-04',
    phone: '13800000417',
    living_status: 'alive',
    employment: 'employed',
    medical_insurance: 'employee',
    medical_self_paid_fen: 2_130_000,
    tags: ['veteran'],
  });
  test.seed('resident', 'r-he', { name: '何丽芬', sex: '2', birth_date: '1985-02-01', living_status: 'alive' });
  test.seed('membership', 'm-r-he', { household_id: 'h-xu', resident_id: 'r-he', relation: '10' });
  test.seed('resident', 'r-nuo', { name: '许诺', sex: '2', birth_date: '2013-03-08', living_status: 'alive' });
  test.seed('membership', 'm-r-nuo', { household_id: 'h-xu', resident_id: 'r-nuo', relation: '30' });
  test.seed('visit', 'v-xu', {
    household_id: 'h-xu',
    kind: 'relief',
    reason: '低保季度复核',
    planned_on: today,
    worker_id: 'w-li',
    state: 'planned',
  });
  seedProposal(test, {
    id: 'p-cost',
    subject: 'r-xu',
    field: 'medical_self_paid_fen',
    from: 2_130_000,
    to: 3_842_000,
    source: 'medical-insurance',
    grade: 'G',
  });
  seedProposal(test, {
    id: 'p-phone',
    subject: 'r-xu',
    field: 'phone',
    from: '13800000417',
    to: '15800002263',
    source: 'human-resources',
    grade: 'Y',
  });
  return test;
}
