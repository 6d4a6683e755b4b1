import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Reader } from './database.ts';
import { createTestReplica, type TestReplica } from '../testing/test-replica.ts';
import { waitingByVisit, visitsOfDay } from './visits.ts';
import { householderName, householdOf, membersOf } from './households.ts';
import { linesByNumber } from './residents.ts';
import {
  countPendingAbout,
  countPendingOfHousehold,
  openProposalsOfHousehold,
  proposalsAbout,
  proposalsDecidedIn,
} from './proposals.ts';
import { openConflictsAbout, pendingClashesOf } from './conflicts.ts';
import { decisionOn, latestWorkIn, livesOf, originsOf } from './field-facts.ts';
import { attachmentsOf } from './attachments.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = createTestReplica();
});
afterEach(() => replica.close());

/** Plans of every statement some work runs. */
function plansOf(work: (reader: Reader) => void): string[] {
  const plans: string[] = [];
  const { reader } = replica.replica;
  work({
    prepare: <Row>(sql: string, name?: string) => {
      const query = reader.prepare<Row>(sql, name);
      const explain = reader.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      return {
        all: (...values) => {
          plans.push(...explain.all(...values).map(({ detail }) => detail));
          return query.all(...values);
        },
        get: (...values) => {
          plans.push(...explain.all(...values).map(({ detail }) => detail));
          return query.get(...values);
        },
      };
    },
  });
  return plans;
}

const tables = /^SCAN (?!wanted|CONSTANT|\(subquery|json_each)/;

test.each<[string, (reader: Reader) => void]>([
  ['the day', (reader) => void visitsOfDay(reader, 'w-li', '2026-11-21', '2026-11-20T16', '2026-11-21T16')],
  ['people of a household', (reader) => void membersOf(reader, 'h', '2026-11-21')],
  ['a householder', (reader) => void householderName(reader, 'h')],
  ['a home', (reader) => void householdOf(reader, 'r', '2026-11-21')],
  ['lines of a list', (reader) => void linesByNumber(reader, [1, 2], '2026-11-21')],
  ['changes of a household', (reader) => void openProposalsOfHousehold(reader, 'h', 10)],
  ['changes about a person', (reader) => void proposalsAbout(reader, 'resident', 'r')],
  ['decisions of a visit', (reader) => void proposalsDecidedIn(reader, 'v')],
  [
    'counts of changes',
    (reader) => {
      countPendingAbout(reader, 'r');
      countPendingOfHousehold(reader, 'h');
    },
  ],
  ['disputes about a person', (reader) => void openConflictsAbout(reader, 'resident', 'r')],
  ['clashes of a row', (reader) => void pendingClashesOf(reader, 'resident', 'r')],
  ['a history', (reader) => void livesOf(reader, 'resident', 'r', null, 10)],
  ['a decision', (reader) => void decisionOn(reader, 'resident', 'r', 'phone', 'p')],
  ['origins', (reader) => void originsOf(reader, 'resident', 'r')],
  ['the last work in a visit', (reader) => void latestWorkIn(reader, 'v')],
  ['photos of a visit', (reader) => void attachmentsOf(reader, 'v')],
])('%s is found by an index, not by reading a table through', (_what, work) => {
  const plans = plansOf(work);
  expect(plans.length).toBeGreaterThan(0);
  expect(plans.filter((step) => tables.test(step))).toEqual([]);
});

test('proposals of one person are not looked for among all that are pending', () => {
  const plans = plansOf((reader) => {
    linesByNumber(reader, [1], '2026-11-21');
    countPendingAbout(reader, 'r');
  });
  expect(plans.filter((step) => step.includes('proposal_state'))).toEqual([]);
});

test('unsent work is counted from the index over its visits', () => {
  expect(plansOf((reader) => void waitingByVisit(reader)).join()).toMatch(/outbox/);
});
