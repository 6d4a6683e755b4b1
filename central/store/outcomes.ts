import { Outcome } from '../../shared/sync/delta.ts';
import type { Transaction } from './database.ts';

export interface KnownOutcome {
  readonly key: string;
  readonly opNo: number;
  readonly outcome: Outcome;
}

interface OutcomeLine {
  id: string;
  op_no: string;
  answer: unknown;
}

const known = (line: OutcomeLine): KnownOutcome => ({
  key: line.id,
  opNo: Number(line.op_no),
  outcome: Outcome.parse(line.answer),
});

/** Answers given before, by delta id (whichever device asked). */
export async function outcomesById(
  transaction: Transaction,
  ids: readonly string[],
): Promise<Map<string, KnownOutcome>> {
  const { rows } = await transaction.query<OutcomeLine>(
    'SELECT id, op_no::text, answer FROM outcome WHERE id = ANY($1::text[])',
    [ids],
  );
  return new Map(rows.map((line) => [line.id, known(line)]));
}

/** Answers given before, by op number of one device and epoch. */
export async function outcomesByOpNo(
  transaction: Transaction,
  device: string,
  epoch: number,
  opNumbers: readonly number[],
): Promise<Map<number, KnownOutcome>> {
  const { rows } = await transaction.query<OutcomeLine>(
    'SELECT id, op_no::text, answer FROM outcome WHERE device = $1 AND epoch = $2 AND op_no = ANY($3::bigint[])',
    [device, epoch, opNumbers],
  );
  return new Map(rows.map((line) => [Number(line.op_no), known(line)]));
}

export async function writeOutcomes(
  transaction: Transaction,
  device: string,
  epoch: number,
  outcomes: readonly KnownOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  await transaction.query(
    `INSERT INTO outcome (id, device, epoch, op_no, answer)
     SELECT o.id, $1, $2, o.op_no, o.answer FROM jsonb_to_recordset($3::jsonb) AS o(id text, op_no bigint, answer jsonb)`,
    [
      device,
      epoch,
      JSON.stringify(outcomes.map(({ key, opNo, outcome }) => ({ id: key, op_no: opNo, answer: outcome }))),
    ],
  );
}

export interface Rejected {
  readonly opNo: number;
  readonly id: string;
  readonly area: string | null;
  readonly code: string;
  /** The delta as it came, JSON text. */
  readonly content: string;
}

/** Keeps what was rejected, with its content, until a person deals with it. */
export async function writeRejected(
  transaction: Transaction,
  author: { readonly device: string; readonly epoch: number; readonly person: string },
  rejected: readonly Rejected[],
): Promise<void> {
  if (rejected.length === 0) return;
  await transaction.query(
    `INSERT INTO rejected (device, epoch, op_no, id, person, area, code, content)
     SELECT $1, $2, r.op_no, r.id, $3, r.area, r.code, r.content
     FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[]) AS r(op_no, id, area, code, content)`,
    [
      author.device,
      author.epoch,
      author.person,
      rejected.map((line) => line.opNo),
      rejected.map((line) => line.id),
      rejected.map((line) => line.area),
      rejected.map((line) => line.code),
      rejected.map((line) => line.content),
    ],
  );
}
