import type { z } from 'zod';
import { schemaVersion, type EntityName } from '../../../shared/domain/entities.ts';
import { Delta, type FieldDelta, type Outcome, type Reason } from '../../../shared/sync/delta.ts';
import { formatHybridTime, tick, type HybridTime } from '../../../shared/sync/hlc.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import { needMeta, readMeta, writeMeta } from './meta.ts';
import type { Reader, Writer } from './sqlite.ts';

/** A delta before it has its number. */
export interface NewDelta {
  readonly id: string;
  readonly txn: string;
  readonly entity: EntityName;
  readonly row: string;
  readonly op: Delta['op'];
  readonly area: string;
  readonly baseVersion: number;
  readonly fields: Readonly<Record<string, z.input<typeof FieldDelta>>>;
  readonly hlc: string;
  readonly actor: string;
  readonly source: Source;
  readonly reason: Reason;
}

export type OutboxState = 'waiting' | 'sent' | 'answered' | 'set-aside';

/** One line of the outbox. */
export interface OutboxEntry {
  readonly delta: Delta;
  readonly state: OutboxState;
  readonly result: Outcome['result'] | null;
  readonly version: number | null;
  readonly code: string | null;
  readonly at: string;
}

interface Raw {
  readonly body: string;
  readonly state: OutboxState;
  readonly result: Outcome['result'] | null;
  readonly version: number | null;
  readonly code: string | null;
  readonly at: string;
}

const columns = 'body, state, result, version, code, at';
const entryOf = (raw: Raw): OutboxEntry => ({ ...raw, delta: Delta.parse(JSON.parse(raw.body)) });

/** The next hybrid time of this device, kept so that it never goes back, whatever the clock does. */
export function nextHybridTime(writer: Writer, wall: string): string {
  const [millis = '0', counter = '0'] = (readMeta(writer, 'hlc') ?? '0:0').split(':');
  const last: HybridTime = { millis: Number(millis), counter: Number(counter) };
  const next = tick(last, Date.parse(wall));
  writeMeta(writer, 'hlc', `${String(next.millis)}:${String(next.counter)}`);
  return formatHybridTime(next);
}

/** Gives a delta the next number of this device and puts it into the outbox. */
export function appendDelta(writer: Writer, parts: NewDelta, at: string): Delta {
  const opNo = Number(readMeta(writer, 'op_no') ?? '0') + 1;
  const delta = Delta.parse({
    ...parts,
    opNo,
    device: needMeta(writer, 'device'),
    epoch: Number(needMeta(writer, 'epoch')),
    schema: schemaVersion,
  });
  writer
    .command(
      `INSERT INTO outbox (delta_id, device, epoch, op_no, txn, entity, row_id, op, body, state, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`,
      'outbox.append',
    )
    .run(
      delta.id,
      delta.device,
      delta.epoch,
      opNo,
      delta.txn,
      delta.entity,
      delta.row,
      delta.op,
      JSON.stringify(delta),
      at,
    );
  writeMeta(writer, 'op_no', String(opNo));
  return delta;
}

/** The next deltas to push, in op order: those never sent, and those sent whose answer did not come. */
export const nextBatch = (reader: Reader, limit: number): readonly Delta[] =>
  reader
    .prepare<Raw>(
      `SELECT ${columns} FROM outbox WHERE state IN ('waiting', 'sent') ORDER BY op_no LIMIT ?`,
      'outbox.next-batch',
    )
    .all(limit)
    .map((raw) => entryOf(raw).delta);

/** Must be durable before the request leaves: a sent delta is not changed any more. */
export function markSent(writer: Writer, deltas: readonly Delta[]): void {
  const command = writer.command(`UPDATE outbox SET state = 'sent' WHERE delta_id = ? AND state = 'waiting'`);
  for (const delta of deltas) command.run(delta.id);
}

export function findEntry(reader: Reader, id: string): OutboxEntry | undefined {
  const raw = reader.prepare<Raw>(`SELECT ${columns} FROM outbox WHERE delta_id = ?`, 'outbox.find').get(id);
  return raw === undefined ? undefined : entryOf(raw);
}

export function setOutcome(writer: Writer, outcome: Outcome): void {
  writer
    .command(
      `UPDATE outbox SET state = 'answered', result = ?, version = ?, code = ?, conflicts = ?
        WHERE delta_id = ? AND state <> 'set-aside'`,
      'outbox.outcome',
    )
    .run(outcome.result, outcome.version, outcome.code ?? null, JSON.stringify(outcome.conflicts), outcome.id);
}

export function setAside(writer: Writer, id: string): void {
  writer.command(`UPDATE outbox SET state = 'set-aside' WHERE delta_id = ?`).run(id);
}

/** Changes a delta that has never left. */
export function amend(writer: Writer, delta: Delta): void {
  writer
    .command(`UPDATE outbox SET body = ? WHERE delta_id = ? AND state = 'waiting'`)
    .run(JSON.stringify(Delta.parse(delta)), delta.id);
}

/** Deltas of a row that the pulled version of it does not contain yet, oldest first. */
export const outstanding = (reader: Reader, entity: EntityName, row: string, version: number): readonly OutboxEntry[] =>
  reader
    .prepare<Raw>(
      `SELECT ${columns} FROM outbox WHERE entity = ? AND row_id = ? AND (state IN ('waiting', 'sent')
         OR (state = 'answered' AND result <> 'rejected' AND version > ?)) ORDER BY op_no`,
      'outbox.outstanding',
    )
    .all(entity, row, version)
    .map(entryOf);

/** Refused deltas of one transaction that nobody has dealt with. */
export const rejectedOf = (reader: Reader, txn: string): readonly OutboxEntry[] =>
  reader
    .prepare<Raw>(
      `SELECT ${columns} FROM outbox WHERE txn = ? AND state = 'answered' AND result = 'rejected' ORDER BY op_no`,
    )
    .all(txn)
    .map(entryOf);

const count = (reader: Reader, sql: string): number => reader.prepare<{ n: number }>(sql).get()?.n ?? 0;

/** Deltas not yet answered by the centre. */
export const countWaiting = (reader: Reader): number =>
  count(reader, `SELECT count(*) AS n FROM outbox WHERE state IN ('waiting', 'sent')`);

/** Deltas refused, each waiting for a person. */
export const countRejected = (reader: Reader): number =>
  count(reader, `SELECT count(*) AS n FROM outbox WHERE state = 'answered' AND result = 'rejected'`);

const filters = {
  waiting: `state IN ('waiting', 'sent') ORDER BY op_no`,
  rejected: `state = 'answered' AND result = 'rejected' ORDER BY op_no DESC`,
  answered: `state = 'answered' AND result <> 'rejected' ORDER BY op_no DESC`,
  'set-aside': `state = 'set-aside' ORDER BY op_no DESC`,
} as const;

export const listOutbox = (reader: Reader, filter: keyof typeof filters, limit: number): readonly OutboxEntry[] =>
  reader
    .prepare<Raw>(`SELECT ${columns} FROM outbox WHERE ${filters[filter]} LIMIT ?`, `outbox.list-${filter}`)
    .all(limit)
    .map(entryOf);

/** The centre lacks numbers from here on (it was restored, say): all of them are sent again, the refused ones too. */
export function sendAgainFrom(writer: Writer, opNo: number): void {
  writer
    .command(
      `UPDATE outbox SET state = 'waiting', result = NULL, version = NULL, code = NULL
        WHERE op_no >= ? AND device = ? AND epoch = ? AND state <> 'waiting'`,
    )
    .run(opNo, needMeta(writer, 'device'), Number(needMeta(writer, 'epoch')));
}

/**
 * Puts unanswered work under a new identity of this device, in the same order and with the same delta ids, so that the
 * centre recognises what it already has. To be called once, when the identity in `meta` has just been replaced.
 */
export function renumber(writer: Writer): void {
  const device = needMeta(writer, 'device');
  const epoch = Number(needMeta(writer, 'epoch'));
  const open = writer
    .prepare<Raw>(`SELECT ${columns} FROM outbox WHERE state IN ('waiting', 'sent') ORDER BY op_no`)
    .all()
    .map((raw) => entryOf(raw).delta);
  const command = writer.command(
    `UPDATE outbox SET device = ?, epoch = ?, op_no = ?, body = ?, state = 'waiting' WHERE delta_id = ?`,
  );
  open.forEach((delta, index) => {
    const moved: Delta = { ...delta, device, epoch, opNo: index + 1 };
    command.run(device, epoch, index + 1, JSON.stringify(moved), delta.id);
  });
  writeMeta(writer, 'op_no', String(open.length));
}
