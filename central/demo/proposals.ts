import { gradeOf } from '../../shared/domain/proposals.ts';
import { addDays, instantInChina } from './calendar.ts';
import * as changes from './changes.ts';
import type { Change, ChangeKind } from './changes.ts';
import type { DrawnCommunity, DrawnHousehold } from './community.ts';
import type { Registry } from './people.ts';
import { weights, type Random } from './random.ts';
import { demoRow, rowId, type DemoRow } from './rows.ts';

/** Days a worker has, by grade: a death is looked into at once. */
const daysToDecide = { G: 15, Y: 7, R: 3 } as const;

const everyday = weights<ChangeKind>([
  [changes.selfPaid(9000), 20],
  [changes.insurance, 10],
  [changes.phone, 12],
  [changes.chronic, 14],
  [changes.birth, 5],
  [changes.death, 3],
  [changes.move, 6],
  [changes.residence, 8],
  [changes.workplace, 6],
  [changes.unemployment, 4],
  [changes.income(), 6],
  [changes.pension, 12],
  [changes.disability, 7],
  [changes.marriage, 6],
]);

/** A change as the row that waits for a worker. */
export function proposalRow(
  id: string,
  area: string,
  householdId: string,
  change: Change,
  today: string,
): DemoRow<'proposal'> {
  const grade = gradeOf(change.entity, change.field, change.after, change.before);
  // Feeds come at night, within a day or two of what they report.
  const received = addDays(change.observedOn, 1) < today ? addDays(change.observedOn, 1) : today;
  return demoRow('proposal', id, area, {
    subject_entity: change.entity,
    subject_id: change.subject,
    household_id: householdId,
    field: change.field,
    old_value: JSON.stringify(change.before),
    new_value: JSON.stringify(change.after),
    source: change.source,
    observed_on: change.observedOn,
    received_at: instantInChina(received, 3, 30),
    evidence: change.evidence,
    grade,
    due_on: addDays(today, daysToDecide[grade]),
    state: 'pending',
    final_value: null,
    decided_by: null,
    decided_at: null,
    decided_how: null,
    dispute_reason: null,
    visit_id: null,
  });
}

/** Waiting changes of one community: those a story wants, then everyday ones up to about the number asked for. */
export function drawProposals(
  random: Random,
  registry: Registry,
  community: DrawnCommunity,
  wanted: ReadonlyMap<string, readonly ChangeKind[]>,
  atLeast: number,
): DemoRow<'proposal'>[] {
  const rows: DemoRow<'proposal'>[] = [];
  const taken = new Set<string>();
  const take = (household: DrawnHousehold, found: readonly Change[]): number => {
    const fresh = found.filter((change) => !taken.has(`${change.subject}.${change.field}`));
    // Two fields of one event (a death) come together or not at all.
    if (fresh.length < found.length) return 0;
    for (const change of fresh) {
      taken.add(`${change.subject}.${change.field}`);
      rows.push(
        proposalRow(
          rowId('prop', community.place, rows.length + 1),
          community.area.code,
          household.id,
          change,
          registry.today,
        ),
      );
    }
    return fresh.length;
  };

  for (const household of community.households) {
    const kinds = wanted.get(household.id);
    if (kinds === undefined) continue;
    let found = 0;
    for (const kind of kinds) {
      // The householder first; whoever of the others it fits, else.
      for (const subject of household.people) {
        const made = take(household, kind({ random, registry, household, subject }));
        found += made;
        if (made > 0) break;
      }
    }
    for (const kind of [changes.phone, changes.selfPaid(6000), changes.insurance, changes.workplace]) {
      if (found >= 3) break;
      const subject = household.people[0];
      if (subject !== undefined) found += take(household, kind({ random, registry, household, subject }));
    }
    if (found < 3) throw new Error(`household ${household.id} has too little to decide`);
  }

  const others = community.households.filter((household) => !wanted.has(household.id));
  for (let attempt = 0; rows.length < atLeast && attempt < atLeast * 20 && others.length > 0; attempt += 1) {
    const household = random.pick(others);
    const subject = random.pick(household.people);
    take(household, random.weighted(everyday)({ random, registry, household, subject }));
  }
  return rows;
}
