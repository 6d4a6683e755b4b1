import { fail, ok, type Result } from '../../shared/result.ts';
import type { Outcome } from '../../shared/sync/delta.ts';
import type { PushAnswer } from '../../shared/sync/wire.ts';
import type { Role } from '../../shared/domain/roles.ts';
import type { Database, Transaction } from '../store/database.ts';
import { findDevice, lockCursor, moveCursor } from '../store/devices.ts';
import { writeHistory } from '../store/history.ts';
import {
  outcomesById,
  outcomesByOpNo,
  writeOutcomes,
  writeRejected,
  type KnownOutcome,
  type Rejected,
} from '../store/outcomes.ts';
import { grantsOf, knownAreas } from '../store/people.ts';
import { lockIdNumbers, lockRows, residentsByIdNo, transactionId, writeRows, type RowKey } from '../store/records.ts';
import { clockIsAhead, judgeBatch, type Judged } from './judge-batch.ts';
import { Overlay } from './overlay.ts';
import { readBatch, type Item } from './read-batch.ts';
import { referencedRows } from './rules.ts';

export interface Pusher {
  readonly device: string;
  readonly epoch: number;
  readonly person: string;
  readonly role: Role;
  readonly county: string;
}

export interface Pushed extends PushAnswer {
  /** Deltas whose clock was no instant or lay ahead of the centre's; for metrics. */
  readonly clockDrift: number;
  /** Outcomes given for the first time now, without repeated ones; for metrics. */
  readonly fresh: readonly Outcome[];
}

export type PushFailure = 'gap' | 'device.revoked' | 'device.forked';

/**
 * Takes the next deltas of a device, in one transaction: answers, rows, history, conflicts, feed and the device's cursor
 * become visible together or not at all, so that a push cut off anywhere can simply be sent again.
 * @param raws lines as they came; each is judged by itself
 * @param now server time
 * @param schema version of the synced schema this gateway knows
 */
export function push(
  database: Database,
  pusher: Pusher,
  raws: readonly unknown[],
  now: string,
  schema: number,
): Promise<Result<Pushed, PushFailure>> {
  return database.write((transaction) => pushWithin(transaction, pusher, raws, now, schema));
}

async function pushWithin(
  transaction: Transaction,
  pusher: Pusher,
  raws: readonly unknown[],
  now: string,
  schema: number,
): Promise<Result<Pushed, PushFailure>> {
  const device = await findDevice(transaction, pusher.device, 'share');
  if (device === null || device.revoked) return fail('device.revoked', 'enrol-again');
  const last = await lockCursor(transaction, pusher.device, pusher.epoch);
  const items = readBatch(raws, pusher, last + 1, schema);
  const sorted = await tellKnown(transaction, pusher, items, last);
  if (!sorted.ok) return sorted;
  const { known, fresh } = sorted.value;
  const judged = fresh.length === 0 ? [] : await apply(transaction, pusher, fresh, now, schema);
  const answers = new Map(judged.map(({ item, outcome }) => [item, outcome]));
  const outcomes = items.flatMap((item) => {
    const outcome = answers.get(item) ?? known.get(item);
    return outcome === undefined ? [] : [outcome];
  });
  const reached = fresh.reduce((highest, item) => Math.max(highest, item.opNo ?? 0), last);
  if (reached > last) await moveCursor(transaction, pusher.device, pusher.epoch, reached);
  return ok({
    outcomes,
    lastOpNo: reached,
    fresh: judged.map(({ outcome }) => outcome),
    clockDrift: fresh.filter((item) => item.kind === 'delta' && clockIsAhead(item.delta.hlc, now)).length,
  });
}

interface Sorted {
  /** Items answered before, with that answer. */
  readonly known: Map<Item, Outcome>;
  readonly fresh: readonly Item[];
}

/** Tells what was answered before from what is new, and refuses numbers that do not follow on. */
async function tellKnown(
  transaction: Transaction,
  pusher: Pusher,
  items: readonly Item[],
  last: number,
): Promise<Result<Sorted, 'gap' | 'device.forked'>> {
  const byId = await outcomesById(
    transaction,
    items.flatMap((item) => (item.key === null ? [] : [item.key])),
  );
  const old = items.flatMap((item) => (item.opNo !== null && item.opNo <= last ? [item.opNo] : []));
  const byPlace = await outcomesByOpNo(transaction, pusher.device, pusher.epoch, old);
  const known = new Map<Item, Outcome>();
  const fresh: Item[] = [];
  const inBatch = new Set<string>();
  let reached = last;
  for (const item of items) {
    const before = item.key === null ? undefined : byId.get(item.key);
    if (item.opNo !== null && item.opNo > reached + 1)
      return fail('gap', 'retry', { expected: reached + 1, got: item.opNo });
    if (item.opNo !== null && item.opNo <= last) {
      const answer = before ?? byPlace.get(item.opNo);
      // The place is taken by another delta: two copies of this device are numbering on their own.
      if (answer === undefined || (item.key !== answer.key && item.kind === 'delta'))
        return fail('device.forked', 'enrol-again', { opNo: item.opNo });
      known.set(item, answer.outcome);
      continue;
    }
    if (item.opNo !== null && item.opNo <= reached) {
      // A line that stands twice in one batch is judged once; `answers` are per item, so it needs no second one.
      if (item.key !== null && inBatch.has(item.key)) continue;
      return fail('gap', 'retry', { expected: reached + 1, got: item.opNo });
    }
    if (item.key !== null) inBatch.add(item.key);
    reached = item.opNo ?? reached;
    // A re-enrolled device asks again under a new number about a delta that was judged before.
    if (before !== undefined) known.set(item, { ...before.outcome, opNo: item.opNo ?? before.outcome.opNo });
    else fresh.push(item);
  }
  return ok({ known, fresh });
}

/** Locks what the deltas touch, judges them in memory, writes everything. */
async function apply(
  transaction: Transaction,
  pusher: Pusher,
  fresh: readonly Item[],
  now: string,
  schema: number,
): Promise<readonly Judged[]> {
  const deltas = fresh.flatMap((item) => (item.kind === 'delta' ? [item.delta] : []));
  const keys = deltas.flatMap((delta): RowKey[] => [{ entity: delta.entity, id: delta.row }, ...referencedRows(delta)]);
  const idNumbers = deltas.flatMap((delta) => {
    const value = delta.entity === 'resident' ? delta.fields['id_no']?.value : null;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
  const grants = await grantsOf(transaction, pusher.person);
  const targets = deltas.flatMap((delta) => [delta.area, delta.fields['area']?.value ?? null]);
  const areas = await knownAreas(
    transaction,
    pusher.county,
    targets.filter((area) => typeof area === 'string'),
  );
  // ID numbers before rows, each in one order for everybody.
  await lockIdNumbers(transaction, pusher.county, idNumbers);
  const overlay = new Overlay(await lockRows(transaction, pusher.county, uniqueKeys(keys)));
  const judged = judgeBatch(overlay, fresh, {
    author: { ...pusher, grants },
    now,
    schema,
    isArea: (code) => areas.has(code),
    bearers: await residentsByIdNo(transaction, pusher.county, idNumbers),
  });
  await writeRows(transaction, pusher.county, await transactionId(transaction), overlay.writes());
  await writeHistory(transaction, pusher.county, overlay.history);
  await keepAnswers(transaction, pusher, judged);
  return judged;
}

const uniqueKeys = (keys: readonly RowKey[]): readonly RowKey[] => [
  ...new Map(keys.map((key) => [`${key.entity} ${key.id}`, key])).values(),
];

async function keepAnswers(transaction: Transaction, pusher: Pusher, judged: readonly Judged[]): Promise<void> {
  const outcomes: KnownOutcome[] = [];
  const rejected: Rejected[] = [];
  for (const { item, outcome } of judged) {
    // Without a number of its own there is no place to keep an answer at.
    if (item.key === null || item.opNo === null) continue;
    outcomes.push({ key: item.key, opNo: item.opNo, outcome });
    if (outcome.code === undefined) continue;
    rejected.push({
      opNo: item.opNo,
      id: item.key,
      area: item.kind === 'delta' ? item.delta.area : null,
      code: outcome.code,
      content: JSON.stringify(item.raw),
    });
  }
  await writeOutcomes(transaction, pusher.device, pusher.epoch, outcomes);
  await writeRejected(transaction, pusher, rejected);
}
