import { areaField, type Delta, type Outcome, type RejectionCode } from '../../shared/sync/delta.ts';
import { sameValue } from '../../shared/domain/values.ts';
import { conflictRow, hlcInstant, judge, type CentralRow, type Head } from '../../shared/sync/judge.ts';
import { fieldSpec } from '../../shared/domain/entities.ts';
import { systemAuthor } from '../store/records.ts';
import type { HistoryLine } from '../store/history.ts';
import type { Overlay } from './overlay.ts';
import type { Item } from './read-batch.ts';
import {
  checkAuthor,
  checkReason,
  checkRole,
  checkScope,
  decidedMeanwhile,
  isSubject,
  repeatsDecision,
  type Author,
  referencedRows,
} from './rules.ts';

/** What the judging of a batch needs to know besides the rows. */
export interface Surroundings {
  readonly author: Author;
  /** Server time. */
  readonly now: string;
  /** Version of the synced schema this gateway knows. */
  readonly schema: number;
  readonly isArea: (code: string) => boolean;
  /** Live residents by ID number, as the database has them. */
  readonly bearers: ReadonlyMap<string, readonly { readonly id: string; readonly area: string }[]>;
}

export interface Judged {
  readonly item: Item;
  readonly outcome: Outcome;
}

const rejection = (id: string, opNo: number, code: RejectionCode, version = 0): Outcome => ({
  id,
  opNo,
  result: 'rejected',
  version,
  conflicts: [],
  code,
});

/**
 * Judges new items in order. Deltas of one `txn` apply together or, when one of them is rejected, not at all.
 * Changes go to the overlay; nothing is written here.
 */
export function judgeBatch(overlay: Overlay, items: readonly Item[], around: Surroundings): readonly Judged[] {
  const judged: Judged[] = [];
  const broken = new Set(items.flatMap((item) => (item.kind === 'malformed' && item.txn !== null ? [item.txn] : [])));
  for (let start = 0; start < items.length;) {
    const first = items[start];
    if (first === undefined) break;
    let end = start + 1;
    if (first.kind === 'delta')
      for (let item = items[end]; item?.kind === 'delta' && item.delta.txn === first.delta.txn; item = items[end])
        end += 1;
    judged.push(...judgeGroup(overlay, items.slice(start, end), broken, around));
    start = end;
  }
  return judged;
}

function judgeGroup(
  overlay: Overlay,
  group: readonly Item[],
  broken: Set<string>,
  around: Surroundings,
): readonly Judged[] {
  const branch = overlay.branch();
  const deltas = group.flatMap((item) => (item.kind === 'delta' ? [item.delta] : []));
  const late = new Map(
    deltas
      .filter((delta) => decidedMeanwhile(delta, overlay.row(rowKey(delta))))
      .map((delta) => [delta.row, deltas.some((other) => meetsInSubject(overlay, delta, other))]),
  );
  const judged = group.map((item): Judged => ({ item, outcome: judgeItem(overlay, branch, item, around, late) }));
  const wasBroken = deltas.some((delta) => broken.has(delta.txn));
  if (!wasBroken && judged.every(({ outcome }) => outcome.result !== 'rejected')) {
    reopenProposals(branch, judged, around.now, late);
    overlay.adopt(branch);
    return judged;
  }
  for (const delta of deltas) broken.add(delta.txn);
  return judged.map(({ item, outcome }) => {
    if (outcome.result === 'rejected') return { item, outcome };
    const version = item.kind === 'delta' ? (overlay.row(rowKey(item.delta))?.version ?? 0) : 0;
    return { item, outcome: rejection(outcome.id, outcome.opNo, 'delta.txn-rejected', version) };
  });
}

const rowKey = (delta: Delta) => ({ entity: delta.entity, id: delta.row });

/**
 * True when the two decisions meet in the field that the proposal is about: this group writes it, and so did the decision that
 * stands. A correction of a department's field and a dispute write nothing there; those are asked about at the proposal.
 */
function meetsInSubject(overlay: Overlay, decision: Delta, other: Delta): boolean {
  const proposal = overlay.row(rowKey(decision));
  if (proposal === null || !isSubject(proposal, other)) return false;
  const head = overlay.row(rowKey(other))?.heads[String(proposal.values['field'])];
  return head !== undefined && head.version > other.baseVersion;
}

/** Proposals that a group decides too late, and whether the two decisions meet in the field that each is about. */
type LateDecisions = ReadonlyMap<string, boolean>;

/** @param before rows as they were before this item's transaction; @param branch rows as its earlier deltas left them */
function judgeItem(before: Overlay, branch: Overlay, item: Item, around: Surroundings, late: LateDecisions): Outcome {
  if (item.kind === 'malformed')
    return rejection(item.id, item.opNo ?? 0, item.newerSchema ? 'delta.schema-unknown' : 'delta.malformed');
  const { author } = around;
  const delta = withShowableClock(item.delta, around.now);
  const row = branch.row(rowKey(delta));
  const version = row?.version ?? 0;
  const reject = (code: RejectionCode): Outcome => rejection(delta.id, delta.opNo, code, version);
  const forbidden =
    checkAuthor(delta, author) ?? checkRole(delta, author) ?? checkScope(row, delta, author, around.isArea);
  // A row out of the author's reach is not even told by its version.
  if (forbidden !== null) return { ...reject(forbidden), version: forbidden === 'scope.outside' ? 0 : version };
  if (delta.schema > around.schema && hasUnknownFields(delta)) return reject('delta.schema-unknown');
  const reference = referenceOf(before, delta);
  const converged = (): Outcome => {
    // What differs beside the decision (who, when, in which words) loses, and is kept like everything that loses.
    if (row !== null) noteLost(branch, row, delta);
    return { id: delta.id, opNo: delta.opNo, result: 'converged', version, conflicts: [] };
  };
  if (repeatsDecision(delta, before.row(rowKey(delta)), reference)) return converged();
  const meanwhile = delta.reason.kind === 'proposal' && late.has(delta.reason.proposal);
  const unfounded = checkReason(delta, reference, meanwhile);
  if (unfounded !== null) return reject(unfounded);
  // The two values meet in the subject's field; asking about the proposal as well would be one dispute put twice.
  if (delta.entity === 'proposal' && row !== null && late.get(delta.row) === true) return converged();

  const verdict = judge(row, delta, around.now);
  if (verdict.row !== null) branch.put(verdict.row);
  for (const conflict of verdict.conflicts) branch.put(conflict);
  branch.note(verdict.changes.map((change): HistoryLine => ({ ...change, ...lineOf(delta, verdict.outcome.version) })));
  return markDuplicate(branch, delta, verdict.row, verdict.outcome, around);
}

/** Sets every value of a delta aside that is not the row's. */
function noteLost(branch: Overlay, row: CentralRow, delta: Delta): void {
  const lost = Object.entries(delta.fields).filter(([name, change]) => !sameValue(row.values[name], change.value));
  branch.note(
    lost.map(([field, change]): HistoryLine => ({
      ...{ field, before: row.values[field] ?? null, after: change.value, fate: 'aside' },
      ...lineOf(delta, row.version),
    })),
  );
}

function referenceOf(before: Overlay, delta: Delta): CentralRow | null {
  const [key] = referencedRows(delta);
  return key === undefined ? null : before.row(key);
}

const hasUnknownFields = (delta: Delta): boolean =>
  Object.keys(delta.fields).some((name) => name !== areaField && fieldSpec(delta.entity, name) === undefined);

const lineOf = (delta: Delta, version: number) => ({
  entity: delta.entity,
  id: delta.row,
  by: delta.actor,
  source: delta.source,
  at: hlcInstant(delta.hlc, ''),
  reason: delta.reason,
  version,
  delta: delta.id,
});

/** Clocks may be wrong by years; an instant that is none, or lies ahead of the centre, is shown as the centre's time. */
export const clockTolerance = 5 * 60_000;

export function clockIsAhead(hlc: string, now: string): boolean {
  const instant = Date.parse(hlcInstant(hlc, ''));
  return Number.isNaN(instant) || instant - Date.parse(now) > clockTolerance;
}

const withShowableClock = (delta: Delta, now: string): Delta =>
  clockIsAhead(delta.hlc, now) ? { ...delta, hlc: `${now}.0000` } : delta;

/** Two rows for one person, known by the ID number, become a duplicate to merge; both stay as they are. */
function markDuplicate(
  branch: Overlay,
  delta: Delta,
  row: CentralRow | null,
  outcome: Outcome,
  around: Surroundings,
): Outcome {
  const idNo = delta.entity === 'resident' ? delta.fields['id_no']?.value : null;
  if (typeof idNo !== 'string' || idNo === '' || row === null || row.values['id_no'] !== idNo) return outcome;
  const other = bearerBeside(branch, row.id, idNo, around);
  if (other === null) return outcome;
  const conflict = conflictRow(row, delta, hlcInstant(delta.hlc, around.now), {
    field: 'id_no',
    kind: 'duplicate',
    policy: 'ask',
    winner: null,
    base: null,
    current: other,
    offered: row.id,
    head: undefined,
    open: true,
  });
  if (outcome.conflicts.includes(conflict.id)) return outcome;
  branch.put(conflict);
  return { ...outcome, result: 'conflict', conflicts: [...outcome.conflicts, conflict.id] };
}

/** Another live resident with the ID number: in this batch first, then in the database as far as the batch has left it so. */
function bearerBeside(branch: Overlay, self: string, idNo: string, around: Surroundings): string | null {
  for (const row of branch.touched())
    if (row.entity === 'resident' && row.id !== self && !row.deleted && row.values['id_no'] === idNo) return row.id;
  for (const bearer of around.bearers.get(idNo) ?? []) {
    if (bearer.id === self) continue;
    const now = branch.row({ entity: 'resident', id: bearer.id });
    if (now === null || (!now.deleted && now.values['id_no'] === idNo)) return bearer.id;
  }
  return null;
}

/** A proposal whose value did not come through is no longer decided: it goes back to the list, in the same transaction. */
function reopenProposals(branch: Overlay, judged: readonly Judged[], now: string, late: LateDecisions): void {
  for (const { item, outcome } of judged) {
    if (item.kind !== 'delta' || outcome.result !== 'conflict') continue;
    const { delta } = item;
    if (delta.reason.kind !== 'proposal' || delta.entity === 'proposal') continue;
    // Somebody else's decision stands until the dispute about the value is settled.
    if (late.has(delta.reason.proposal)) continue;
    const row = branch.row(rowKey(delta));
    const cameThrough = Object.entries(delta.fields).every(([name, change]) =>
      sameValue(row?.values[name], change.value),
    );
    const proposal = branch.row({ entity: 'proposal', id: delta.reason.proposal });
    if (cameThrough || proposal === null || proposal.values['state'] === 'pending') continue;
    const version = proposal.version + 1;
    const reason = { kind: 'proposal', proposal: proposal.id } as const;
    const head: Head = { version, by: 'system', source: 'system', at: now, reason, ...systemAuthor };
    branch.put({
      ...proposal,
      version,
      values: { ...proposal.values, state: 'pending' },
      heads: { ...proposal.heads, state: head },
    });
    branch.note([
      {
        entity: 'proposal',
        id: proposal.id,
        field: 'state',
        before: proposal.values['state'] ?? null,
        after: 'pending',
        fate: 'set',
        by: 'system',
        source: 'system',
        at: now,
        reason,
        version,
        delta: null,
      },
    ]);
  }
}
