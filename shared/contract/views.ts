import { z } from 'zod';
import { AreaCode, CivilDate, FieldValue, Instant, RowId } from '../domain/values.ts';
import { Source } from '../domain/sources.ts';
import { Role } from '../domain/roles.ts';
import { EntityNameSchema, Reason } from '../sync/delta.ts';

/*
 * What the window gets to see. Identity numbers and phones arrive masked; `fields.unmask` shows one value for a reason.
 * Texts are data; wording is the renderer's.
 */

/** A person as others see him: the author of a change. */
export const Author = z.strictObject({ id: RowId, name: z.string(), self: z.boolean() });
export type Author = z.infer<typeof Author>;

/** One field with all that is known about it. */
export const FieldView = z.strictObject({
  field: z.string(),
  value: FieldValue,
  masked: z.boolean(),
  /** Present where the value did not come with the first load. */
  source: Source.nullable(),
  at: Instant.nullable(),
  by: Author.nullable(),
  reason: Reason.nullable(),
  /** Changed here and not yet at the centre. */
  waiting: z.boolean(),
  /** A department owns it: a worker reports a difference instead of editing. */
  owned: Source.nullable(),
});
export type FieldView = z.infer<typeof FieldView>;

/** One line of a value's life. */
export const HistoryLine = z.strictObject({
  field: z.string(),
  before: FieldValue,
  after: FieldValue,
  /** `aside`: it lost and is kept; it can be brought back. */
  fate: z.enum(['set', 'aside']),
  at: Instant,
  by: Author,
  source: Source,
  reason: Reason,
  waiting: z.boolean(),
});
export type HistoryLine = z.infer<typeof HistoryLine>;

export const ProposalView = z.strictObject({
  id: RowId,
  subject: z.strictObject({ entity: EntityNameSchema, id: RowId, name: z.string() }),
  householdId: RowId.nullable(),
  field: z.string(),
  before: FieldValue,
  after: FieldValue,
  /** The value the field shows now; differs from `before` when somebody changed it since. */
  current: FieldValue,
  source: Source,
  observedOn: CivilDate.nullable(),
  evidence: z.string().nullable(),
  grade: z.enum(['G', 'Y', 'R']),
  dueOn: CivilDate.nullable(),
  state: z.enum(['pending', 'confirmed', 'corrected', 'disputed', 'later', 'void']),
  finalValue: FieldValue,
  decidedAt: Instant.nullable(),
  decidedBy: Author.nullable(),
  /** The decision can still be taken back with one tap. */
  undoable: z.boolean(),
});
export type ProposalView = z.infer<typeof ProposalView>;

export const VisitKind = z.enum(['elder', 'relief', 'child', 'disabled', 'new-arrival', 'after-change', 'ad-hoc']);
export type VisitKind = z.infer<typeof VisitKind>;
export const VisitState = z.enum(['planned', 'started', 'done', 'skipped']);
export type VisitState = z.infer<typeof VisitState>;

/** One line of today's route. */
export const VisitCard = z.strictObject({
  id: RowId,
  householdId: RowId,
  /** `城东社区 12 幢 2 单元 502`, in parts so that the window can shorten it. */
  place: z.strictObject({
    community: z.string(),
    compound: z.string(),
    building: z.string(),
    unit: z.string(),
    room: z.string(),
  }),
  householder: z.string(),
  members: z.int().nonnegative(),
  kind: VisitKind,
  reason: z.string().nullable(),
  state: VisitState,
  plannedOn: CivilDate,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  lastVisitOn: CivilDate.nullable(),
  /** Fields with a pending proposal, the most telling first. */
  changes: z.array(
    z.strictObject({ field: z.string(), after: FieldValue, source: Source, observedOn: CivilDate.nullable() }),
  ),
  changeCount: z.int().nonnegative(),
  flags: z.array(z.enum(['minor', 'elder-alone', 'relief', 'disabled', 'expense-alert', 'deceased'])),
  /** Self-paid medical cost as a share of yearly household income in percent, when both are known. */
  expenseShare: z.number().nullable(),
  /** Changes of this visit not yet at the centre. */
  waiting: z.int().nonnegative(),
});
export type VisitCard = z.infer<typeof VisitCard>;

export const ConflictLine = z.strictObject({
  id: RowId,
  /** `local`: seen on this device between a pulled value and unsent work; `central`: recorded at the centre. */
  place: z.enum(['local', 'central']),
  kind: z.enum(['field', 'edit-deleted', 'delete-edited', 'duplicate']),
  subject: z.strictObject({ entity: EntityNameSchema, id: RowId, name: z.string() }),
  householdId: RowId.nullable(),
  placeText: z.string(),
  field: z.string(),
  first: FieldValue,
  second: FieldValue,
  at: Instant,
  state: z.enum(['open', 'settled', 'noted']),
});
export type ConflictLine = z.infer<typeof ConflictLine>;

export const Truth = z.strictObject({
  side: z.enum(['current', 'offered']),
  value: FieldValue,
  by: Author,
  at: Instant.nullable(),
  source: Source,
  reason: Reason.nullable(),
  /** Photos and scans taken at the visit this value came from. */
  evidence: z.int().nonnegative(),
  waiting: z.boolean(),
  suggested: z.boolean(),
});
export type Truth = z.infer<typeof Truth>;

export const ConflictPage = z.strictObject({
  line: ConflictLine,
  base: FieldValue,
  truths: z.tuple([Truth, Truth]),
  history: z.array(HistoryLine),
  settled: z.strictObject({ by: Author, at: Instant, value: FieldValue }).nullable(),
});
export type ConflictPage = z.infer<typeof ConflictPage>;

export const ResidentLine = z.strictObject({
  id: RowId,
  name: z.string(),
  sex: z.string().nullable(),
  age: z.int().nullable(),
  idMasked: z.string().nullable(),
  phoneMasked: z.string().nullable(),
  placeText: z.string(),
  householdId: RowId.nullable(),
  relation: z.string().nullable(),
  tags: z.array(z.string()),
  deceased: z.boolean(),
  proposals: z.int().nonnegative(),
});
export type ResidentLine = z.infer<typeof ResidentLine>;

export const MemberView = z.strictObject({
  id: RowId,
  name: z.string(),
  sex: z.string().nullable(),
  age: z.int().nullable(),
  relation: z.string().nullable(),
  isHouseholder: z.boolean(),
  deceased: z.boolean(),
  tags: z.array(z.string()),
  pending: z.int().nonnegative(),
  decided: z.int().nonnegative(),
});
export type MemberView = z.infer<typeof MemberView>;

export const AttachmentView = z.strictObject({
  id: RowId,
  kind: z.enum(['photo', 'signature', 'scan']),
  mime: z.string(),
  bytes: z.int().nonnegative(),
  caption: z.string().nullable(),
  takenAt: Instant,
  takenBy: Author,
  sent: z.boolean(),
  /** False when the bytes are at the centre only. */
  here: z.boolean(),
});
export type AttachmentView = z.infer<typeof AttachmentView>;

/** One question of a visit, with what is known already. */
export const QuestionView = z.strictObject({
  key: z.string(),
  residentId: RowId.nullable(),
  residentName: z.string().nullable(),
  input: z.enum(['yes-no-unknown', 'choice', 'money', 'text', 'date', 'phone']),
  options: z.array(z.string()),
  prefilled: z.string().nullable(),
  prefilledFrom: z.strictObject({ source: Source.nullable(), at: Instant.nullable() }).nullable(),
  answer: z.string().nullable(),
  origin: z.enum(['prefilled', 'corrected', 'typed']).nullable(),
  required: z.boolean(),
});
export type QuestionView = z.infer<typeof QuestionView>;

export const HouseholdView = z.strictObject({
  id: RowId,
  area: AreaCode,
  place: VisitCard.shape.place,
  householder: z.string(),
  fields: z.array(FieldView),
  members: z.array(MemberView),
  flags: VisitCard.shape.flags,
  visits: z.array(
    z.strictObject({
      id: RowId,
      kind: VisitKind,
      state: VisitState,
      plannedOn: CivilDate,
      endedAt: Instant.nullable(),
      by: Author.nullable(),
      summary: z.string().nullable(),
    }),
  ),
});
export type HouseholdView = z.infer<typeof HouseholdView>;

export const ResidentView = z.strictObject({
  id: RowId,
  area: AreaCode,
  name: z.string(),
  age: z.int().nullable(),
  deceased: z.boolean(),
  household: z.strictObject({ id: RowId, placeText: z.string(), relation: z.string().nullable() }).nullable(),
  fields: z.array(FieldView),
  proposals: z.array(ProposalView),
  conflicts: z.array(ConflictLine),
  history: z.array(HistoryLine),
});
export type ResidentView = z.infer<typeof ResidentView>;

export const VisitView = z.strictObject({
  card: VisitCard,
  household: HouseholdView,
  proposals: z.array(ProposalView),
  questions: z.array(QuestionView),
  attachments: z.array(AttachmentView),
  summary: z.string().nullable(),
  mode: z.enum(['at-door', 'phone', 'video', 'neighbour']),
  located: z.boolean().nullable(),
  savedAt: Instant.nullable(),
  /** What keeps the visit from being finished; empty when it can be. */
  missing: z.array(z.enum(['proposals', 'answers', 'signature'])),
  conflicts: z.array(ConflictLine),
});
export type VisitView = z.infer<typeof VisitView>;

export const SyncProblem = z.enum([
  'offline', // nobody answers
  'unavailable', // the gateway has no database: it said when to come back
  'device.revoked',
  'device.forked',
  'schema.too-old',
  'lease.over',
  'disk.full',
  'refused', // the gateway refuses what we send: see the outbox
]);
export type SyncProblem = z.infer<typeof SyncProblem>;

export const SyncStatus = z.strictObject({
  phase: z.enum(['idle', 'connecting', 'pushing', 'pulling', 'loading', 'files', 'paused']),
  online: z.boolean(),
  /** First load: rows so far and in all; a half-loaded replica never passes for whole. */
  load: z.strictObject({ done: z.int(), total: z.int(), areasDone: z.int(), areas: z.int(), complete: z.boolean() }),
  /** Deltas not yet answered by the centre. */
  waiting: z.int().nonnegative(),
  waitingFiles: z.int().nonnegative(),
  /** Deltas the centre refused, each waiting for a person. */
  rejected: z.int().nonnegative(),
  conflicts: z.int().nonnegative(),
  lastSuccess: Instant.nullable(),
  nextTry: Instant.nullable(),
  bytesUp: z.int().nonnegative(),
  bytesDown: z.int().nonnegative(),
  rowsPulled: z.int().nonnegative(),
  problem: SyncProblem.nullable(),
  areas: z.array(
    z.strictObject({
      code: AreaCode,
      name: z.string(),
      rows: z.int(),
      complete: z.boolean(),
      checkedAt: Instant.nullable(),
    }),
  ),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

export const OutboxLine = z.strictObject({
  id: z.string(),
  opNo: z.int(),
  entity: EntityNameSchema,
  subject: z.string(),
  op: z.enum(['create', 'update', 'delete']),
  fields: z.array(z.strictObject({ field: z.string(), before: FieldValue, after: FieldValue })),
  at: Instant,
  by: Author,
  state: z.enum(['waiting', 'sent', 'applied', 'converged', 'merged', 'conflict', 'rejected', 'set-aside']),
  code: z.string().nullable(),
});
export type OutboxLine = z.infer<typeof OutboxLine>;

export const VaultUser = z.strictObject({ id: RowId, name: z.string(), role: Role, post: z.string() });
export type VaultUser = z.infer<typeof VaultUser>;

export const VaultStatus = z.strictObject({
  state: z.enum(['new', 'locked', 'unlocked', 'refused']),
  /** Why a replica file is refused: the file stays untouched. */
  refusal: z
    .enum(['replica.damaged', 'replica.newer', 'replica.foreign', 'replica.half-written', 'replica.migration-failed'])
    .nullable(),
  users: z.array(VaultUser),
  current: VaultUser.nullable(),
  countyName: z.string().nullable(),
  deviceName: z.string().nullable(),
  leaseUntil: Instant.nullable(),
  failuresLeft: z.int().nullable(),
  lockedUntil: Instant.nullable(),
});
export type VaultStatus = z.infer<typeof VaultStatus>;
