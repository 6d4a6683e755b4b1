import { createHash } from 'node:crypto';
import { sameAddress } from '../../shared/domain/place.ts';
import { gradeOf } from '../../shared/domain/proposals.ts';
import { sameValue, type FieldValue } from '../../shared/domain/values.ts';
import type { CentralRow, Head } from '../../shared/sync/judge.ts';
import type { Transaction } from '../store/database.ts';
import { householdsOf, proposalsAbout } from '../store/feeds.ts';
import { writeHistory, type HistoryLine } from '../store/history.ts';
import {
  keyText,
  lockRows,
  readRows,
  systemAuthor,
  systemRow,
  transactionId,
  writeRows,
  type RowWrite,
} from '../store/records.ts';
import { addDays } from './civil-day.ts';
import type { Claim } from './kinds.ts';

/** What the whole import shares. */
export interface ImportScope {
  readonly county: string;
  readonly today: string;
  /** UTC instant of the import. */
  readonly now: string;
  /** Name of the file, for provenance. */
  readonly feed: string;
}

/** A claim about a resident who is here. */
export interface Candidate {
  readonly resident: CentralRow;
  readonly claim: Claim;
  /** Line it came from; 0 where it sums up several. */
  readonly line: number;
}

export interface ProposeCounts {
  /** New proposals. */
  proposals: number;
  /** What was claimed stands there already. */
  alreadyTrue: number;
  /** The same was proposed before. */
  repeated: number;
  /** A later observation is known from the same department. */
  outdated: number;
  /** Waiting proposals that a later observation made void. */
  superseded: number;
}

export const noCounts = (): ProposeCounts => ({
  proposals: 0,
  alreadyTrue: 0,
  repeated: 0,
  outdated: 0,
  superseded: 0,
});

const daysToDecide = { G: 15, Y: 7, R: 3 } as const;

/** Same source, subject, field, value and day: same proposal, however often the file comes. */
export function proposalId(claim: Claim, subject: string): string {
  const identity = JSON.stringify([claim.source, claim.on, subject, claim.field, claim.value, claim.observedOn]);
  return `prop-${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
}

const stands = (claim: Claim, current: FieldValue): boolean => {
  if (claim.adds === true)
    return Array.isArray(current) && typeof claim.value === 'string' && current.includes(claim.value);
  if (claim.field === 'registered_address' && typeof current === 'string' && typeof claim.value === 'string')
    return sameAddress(current, claim.value);
  return sameValue(current, claim.value);
};

const isOpen = (row: CentralRow): boolean => row.values['state'] === 'pending' || row.values['state'] === 'later';
const observedOn = (row: CentralRow): string => String(row.values['observed_on'] ?? '');

/** Proposals of one batch while it is worked through: those at the centre and those just made. */
class Desk {
  readonly counts = noCounts();
  readonly history: HistoryLine[] = [];
  private readonly scope: ImportScope;
  private readonly before: ReadonlyMap<string, CentralRow>;
  private readonly after = new Map<string, CentralRow>();
  /** Proposal ids by subject, field and source. */
  private readonly byField = new Map<string, Set<string>>();

  constructor(scope: ImportScope, proposals: ReadonlyMap<string, CentralRow>) {
    this.scope = scope;
    this.before = new Map([...proposals.values()].map((row) => [row.id, row]));
    for (const row of this.before.values()) this.index(row);
  }

  weigh(candidate: Candidate, subject: CentralRow, household: string | null): void {
    const { claim } = candidate;
    const id = proposalId(claim, subject.id);
    if (this.find(id) !== undefined) {
      this.counts.repeated += 1;
      return;
    }
    const current = subject.values[claim.field] ?? null;
    const others = this.othersOf(claim, subject);
    if (claim.adds === true) {
      if (stands(claim, current)) this.counts.alreadyTrue += 1;
      else
        this.create(candidate, id, subject, household, [
          ...(Array.isArray(current) ? current : []),
          String(claim.value),
        ]);
      return;
    }
    if (others.some((row) => observedOn(row) > claim.observedOn)) {
      this.counts.outdated += 1;
      return;
    }
    if (stands(claim, current)) {
      // The department came back to what stands: what it said in between waits for nobody any more.
      this.counts.alreadyTrue += 1;
      for (const row of others) if (isOpen(row)) this.void(row, candidate.line);
      return;
    }
    const value = JSON.stringify(claim.value);
    if (
      others.some(
        (row) =>
          row.values['new_value'] === value && row.values['state'] !== 'void' && row.values['state'] !== 'confirmed',
      )
    ) {
      this.counts.repeated += 1;
      return;
    }
    for (const row of others) if (isOpen(row)) this.void(row, candidate.line);
    this.create(candidate, id, subject, household, claim.value);
  }

  writes(): RowWrite[] {
    return [...this.after.values()].map((after) => ({ before: this.before.get(after.id) ?? null, after }));
  }

  private find(id: string): CentralRow | undefined {
    return this.after.get(id) ?? this.before.get(id);
  }

  private othersOf(claim: Claim, subject: CentralRow): CentralRow[] {
    const ids = this.byField.get(`${claim.on} ${subject.id} ${claim.field} ${claim.source}`) ?? new Set<string>();
    return [...ids].flatMap((id) => this.find(id) ?? []);
  }

  private index(row: CentralRow): void {
    const { subject_entity: entity, subject_id: subject, field, source } = row.values;
    const key = `${String(entity)} ${String(subject)} ${String(field)} ${String(source)}`;
    this.byField.set(key, (this.byField.get(key) ?? new Set()).add(row.id));
  }

  private why(line: number): Pick<Head, 'source' | 'at' | 'reason'> {
    return {
      source: 'system',
      at: this.scope.now,
      reason: { kind: 'feed', feed: this.scope.feed.slice(0, 200), line },
    };
  }

  private create(
    candidate: Candidate,
    id: string,
    subject: CentralRow,
    household: string | null,
    value: FieldValue,
  ): void {
    const { claim, line } = candidate;
    const { now, today } = this.scope;
    const before = subject.values[claim.field] ?? null;
    const grade = gradeOf(claim.on, claim.field, value, before);
    const values: Record<string, FieldValue> = {
      subject_entity: claim.on,
      subject_id: subject.id,
      household_id: household,
      field: claim.field,
      old_value: JSON.stringify(before),
      new_value: JSON.stringify(value),
      source: claim.source,
      observed_on: claim.observedOn,
      received_at: now,
      evidence: claim.evidence,
      grade,
      due_on: addDays(today, daysToDecide[grade]),
      state: 'pending',
    };
    const row = systemRow({ entity: 'proposal', id }, subject.area, values, this.why(line));
    this.after.set(id, row);
    this.index(row);
    this.counts.proposals += 1;
  }

  private void(row: CentralRow, line: number): void {
    // One just made in this batch is a version of its own too: the count of versions tells nothing, its state does.
    const version = this.before.has(row.id) ? row.version + 1 : row.version;
    const head: Head = { version, by: 'system', ...this.why(line), ...systemAuthor };
    const { by, source, at, reason } = head;
    this.history.push({
      entity: 'proposal',
      id: row.id,
      field: 'state',
      before: row.values['state'] ?? null,
      after: 'void',
      fate: 'set',
      by,
      source,
      at,
      reason,
      version,
      delta: null,
    });
    this.after.set(row.id, {
      ...row,
      version,
      values: { ...row.values, state: 'void' },
      heads: { ...row.heads, state: head },
    });
    this.counts.superseded += 1;
  }
}

/**
 * Turns claims into proposals, in the order given. Writes them with their feed entries; what is known already changes nothing.
 * @param refuse told of claims that have nobody to go to
 */
export async function proposeAll(
  transaction: Transaction,
  scope: ImportScope,
  candidates: readonly Candidate[],
  refuse: (candidate: Candidate) => void,
): Promise<ProposeCounts> {
  if (candidates.length === 0) return noCounts();
  const { county } = scope;
  const residents = [...new Set(candidates.map((candidate) => candidate.resident.id))];
  const households = await householdsOf(transaction, county, residents);
  const homes = [
    ...new Set(
      candidates
        .filter(({ claim }) => claim.on === 'household')
        .flatMap(({ resident }) => households.get(resident.id) ?? []),
    ),
  ];
  const homeRows = await readRows(
    transaction,
    county,
    homes.map((id) => ({ entity: 'household', id })),
  );
  const known = await proposalsAbout(transaction, county, [...residents, ...homes]);
  // Locked, so that a worker's decision that arrives now is either seen here or waits for us.
  const proposals = await lockRows(
    transaction,
    county,
    known.map((id) => ({ entity: 'proposal', id })),
  );
  const desk = new Desk(scope, proposals);
  for (const candidate of candidates) {
    const home = households.get(candidate.resident.id) ?? null;
    const subject =
      candidate.claim.on === 'resident'
        ? candidate.resident
        : homeRows.get(keyText({ entity: 'household', id: home ?? '' }));
    if (subject === undefined || subject.deleted) refuse(candidate);
    else desk.weigh(candidate, subject, home);
  }
  const writes = desk.writes();
  if (writes.length > 0) {
    await writeRows(transaction, county, await transactionId(transaction), writes);
    await writeHistory(transaction, county, desk.history);
  }
  return desk.counts;
}
