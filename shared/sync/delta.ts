import { z } from 'zod';
import { AreaCode, FieldValue, Instant, OfferedValue, RowId } from '../domain/values.ts';
import { Source } from '../domain/sources.ts';
import { entityNames, type EntityName } from '../domain/entities.ts';

export const EntityNameSchema = z.enum(entityNames as [EntityName, ...EntityName[]]);

/** Why a row was changed: provenance is data. */
export const Reason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('visit'), visit: RowId }),
  z.strictObject({ kind: z.literal('proposal'), proposal: RowId, visit: RowId.optional() }),
  z.strictObject({ kind: z.literal('resolve'), conflict: RowId }),
  z.strictObject({ kind: z.literal('feed'), feed: z.string().max(200), line: z.int().nonnegative().optional() }),
  z.strictObject({ kind: z.literal('edit') }),
  z.strictObject({ kind: z.literal('undo'), of: RowId }),
  z.strictObject({ kind: z.literal('card') }),
  z.strictObject({ kind: z.literal('plan') }),
]);
export type Reason = z.infer<typeof Reason>;

/** What a delta does to one field: the value its author saw, and the value wanted. */
export const FieldDelta = z.strictObject({ base: FieldValue.optional(), value: OfferedValue });
export type FieldDelta = z.infer<typeof FieldDelta>;

/** Name of the pseudo-field that moves a row to another area. */
export const areaField = 'area';

const FieldKey = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/);

/**
 * One command's change to one row (sync contract, point 2).
 * `id` is random and never changes, so that a restored or re-enrolled device asks about the same change by the same name;
 * `opNo` has no gaps within `(device, epoch)`; `baseVersion` is the row version the author had seen, 0 for a row he creates.
 */
export const Delta = z.strictObject({
  id: z.uuid(),
  device: z.uuid(),
  epoch: z.int().positive(),
  opNo: z.int().positive(),
  txn: z.uuid(),
  entity: EntityNameSchema,
  row: RowId,
  op: z.enum(['create', 'update', 'delete']),
  area: AreaCode,
  schema: z.int().positive(),
  baseVersion: z.int().nonnegative(),
  fields: z.record(FieldKey, FieldDelta),
  /** Hybrid logical clock, `<instant>.<counter hex>`; shown to people, orders nothing. */
  hlc: z.string().max(64),
  actor: RowId,
  source: Source,
  reason: Reason,
});
export type Delta = z.infer<typeof Delta>;

export const rejectionCodes = [
  'delta.malformed',
  'delta.schema-unknown',
  'delta.wrong-device',
  'delta.wrong-actor',
  'delta.txn-rejected',
  'scope.outside',
  'role.forbidden',
  'row.missing',
  'field.owned',
  'field.unknown',
  'field.wrong-type',
  'proposal.closed',
  'proposal.needs-visit',
  'conflict.settled',
] as const;
export const RejectionCode = z.enum(rejectionCodes);
export type RejectionCode = z.infer<typeof RejectionCode>;

/** What became of a delta at the centre; asked again, the same answer is given. */
export const Outcome = z.strictObject({
  id: z.string().max(64),
  opNo: z.int().nonnegative(),
  result: z.enum(['applied', 'converged', 'merged', 'conflict', 'rejected']),
  /** Row version after the delta; 0 when the row does not exist. */
  version: z.int().nonnegative(),
  /** Ids of the conflict rows written with it. */
  conflicts: z.array(RowId).default([]),
  code: RejectionCode.optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Who last changed a field, as far as people need to know. */
export const Provenance = z.strictObject({
  version: z.int().positive(),
  by: RowId,
  source: Source,
  at: Instant,
  reason: Reason,
});
export type Provenance = z.infer<typeof Provenance>;
