import { z } from 'zod';
import { AreaCode, CivilDate, FieldValue, Instant, RowId } from '../domain/values.ts';
import { Source } from '../domain/sources.ts';
import { fieldRoles, readingRoles } from '../domain/roles.ts';
import { EntityNameSchema } from '../sync/delta.ts';
import { command, query, resultOf } from './call.ts';
import {
  ConflictLine,
  ConflictPage,
  HistoryLine,
  HouseholdView,
  OutboxLine,
  ProposalView,
  ResidentLine,
  ResidentView,
  SyncStatus,
  VaultStatus,
  VisitCard,
  VisitKind,
  VisitView,
} from './views.ts';

const nothing = z.strictObject({});
const done = z.strictObject({ waiting: z.int().nonnegative() });
const Password = z.string().min(8).max(200);
const How = z.enum(['seen', 'phone', 'document']);
const Locale = z.enum(['zh-CN', 'en']);

export const Settings = z.strictObject({
  locale: Locale,
  textScale: z.union([z.literal(100), z.literal(125), z.literal(150), z.literal(200)]),
  idleLockMinutes: z.int().min(1).max(120),
  syncPaused: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

/**
 * Every call the window may make of the replica service, declared once: this types the client, validates in the
 * service, and documents the interface. Names are `noun.verb` in the worker's words.
 */
export const calls = {
  // Unlocking
  'vault.status': query('anyone', nothing, VaultStatus),
  'vault.enrol': command(
    'anyone',
    z.strictObject({
      gateway: z.url(),
      code: z.string().trim().min(6).max(64),
      password: Password,
      deviceName: z.string().min(1).max(100),
    }),
    resultOf(VaultStatus, [
      'code.unknown',
      'gateway.unreachable',
      'gateway.unavailable',
      'gateway.strange',
      'password.weak',
      'disk.full',
      'vault.exists',
    ]),
  ),
  'vault.unlock': command(
    'anyone',
    z.strictObject({ userId: RowId, password: z.string().max(200) }),
    resultOf(VaultStatus, [
      'password.wrong',
      'vault.locked-out',
      'lease.over',
      'replica.damaged',
      'replica.newer',
      'replica.foreign',
      'replica.half-written',
      'replica.migration-failed',
      'disk.full',
    ]),
  ),
  'vault.lock': command('anyone', nothing, VaultStatus),
  'vault.changePassword': command(
    fieldRoles,
    z.strictObject({ old: z.string().max(200), new: Password }),
    resultOf(nothing, ['password.wrong', 'password.weak']),
  ),

  // Today and visits
  'visits.today': query(
    fieldRoles,
    z.strictObject({ on: CivilDate }),
    z.strictObject({
      visits: z.array(VisitCard),
      done: z.int(),
      proposalsPending: z.int(),
      conflictsOpen: z.array(ConflictLine),
      /** Values others changed since the last unlock, newest first. */
      news: z.array(HistoryLine.extend({ subject: z.string(), entity: EntityNameSchema, rowId: RowId })),
    }),
  ),
  'visits.open': query(fieldRoles, z.strictObject({ visitId: RowId }), resultOf(VisitView, ['visit.unknown'])),
  'visits.start': command(
    fieldRoles,
    z.strictObject({ visitId: RowId }),
    resultOf(done, ['visit.unknown', 'visit.closed', 'disk.full']),
  ),
  'visits.answer': command(
    fieldRoles,
    z.strictObject({
      visitId: RowId,
      question: z.string().max(64),
      residentId: RowId.nullable(),
      value: z.string().max(2000).nullable(),
    }),
    resultOf(done, ['visit.unknown', 'visit.closed', 'answer.invalid', 'disk.full']),
  ),
  'visits.describe': command(
    fieldRoles,
    z.strictObject({
      visitId: RowId,
      summary: z.string().max(2000).optional(),
      mode: z.enum(['at-door', 'phone', 'video', 'neighbour']).optional(),
      located: z.boolean().optional(),
    }),
    resultOf(done, ['visit.unknown', 'visit.closed', 'disk.full']),
  ),
  'visits.attach': command(
    fieldRoles,
    z.strictObject({
      visitId: RowId,
      residentId: RowId.nullable(),
      kind: z.enum(['photo', 'signature', 'scan']),
      mime: z.enum(['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
      content: z.instanceof(Uint8Array),
      caption: z.string().max(200).nullable(),
    }),
    resultOf(z.strictObject({ attachmentId: RowId }), [
      'visit.unknown',
      'visit.closed',
      'attachment.too-large',
      'attachment.not-an-image',
      'disk.full',
    ]),
  ),
  'visits.detach': command(
    fieldRoles,
    z.strictObject({ attachmentId: RowId }),
    resultOf(done, ['attachment.unknown', 'visit.closed', 'disk.full']),
  ),
  'visits.finish': command(
    fieldRoles,
    z.strictObject({ visitId: RowId, unsignedReason: z.string().max(200).nullable() }),
    resultOf(done, ['visit.unknown', 'visit.closed', 'visit.incomplete', 'disk.full']),
  ),
  'visits.skip': command(
    fieldRoles,
    z.strictObject({ visitId: RowId, reason: z.string().min(1).max(200) }),
    resultOf(done, ['visit.unknown', 'visit.closed', 'disk.full']),
  ),
  'visits.reopen': command(
    fieldRoles,
    z.strictObject({ visitId: RowId }),
    resultOf(done, ['visit.unknown', 'visit.not-closed', 'disk.full']),
  ),
  'visits.unplanned': command(
    fieldRoles,
    z.strictObject({ householdId: RowId, kind: VisitKind, on: CivilDate }),
    resultOf(z.strictObject({ visitId: RowId }), ['household.unknown', 'disk.full']),
  ),
  'attachments.read': query(
    readingRoles,
    z.strictObject({ attachmentId: RowId }),
    resultOf(z.strictObject({ mime: z.string(), content: z.instanceof(Uint8Array) }), [
      'attachment.unknown',
      'attachment.elsewhere',
      'attachment.damaged',
    ]),
  ),

  // Changes that departments report
  'proposals.list': query(
    fieldRoles,
    z.strictObject({ householdId: RowId.optional(), limit: z.int().max(500).default(200) }),
    z.array(ProposalView),
  ),
  'proposals.confirm': command(
    fieldRoles,
    z.strictObject({ proposalIds: z.array(RowId).min(1).max(200), visitId: RowId.nullable(), how: How }),
    resultOf(
      z.strictObject({
        confirmed: z.array(RowId),
        /** Not confirmed, each with its code: the others are. */
        refused: z.array(
          z.strictObject({
            id: RowId,
            code: z.enum(['proposal.closed', 'proposal.unknown', 'proposal.needs-visit', 'proposal.one-by-one']),
          }),
        ),
        waiting: z.int(),
      }),
      ['disk.full'],
    ),
  ),
  'proposals.correct': command(
    fieldRoles,
    z.strictObject({ proposalId: RowId, value: FieldValue, visitId: RowId.nullable(), how: How }),
    resultOf(done, ['proposal.closed', 'proposal.unknown', 'proposal.needs-visit', 'value.invalid', 'disk.full']),
  ),
  'proposals.dispute': command(
    fieldRoles,
    z.strictObject({ proposalId: RowId, reason: z.string().min(1).max(500), visitId: RowId.nullable() }),
    resultOf(done, ['proposal.closed', 'proposal.unknown', 'disk.full']),
  ),
  'proposals.later': command(
    fieldRoles,
    z.strictObject({ proposalId: RowId }),
    resultOf(done, ['proposal.closed', 'proposal.unknown', 'disk.full']),
  ),
  'proposals.undo': command(
    fieldRoles,
    z.strictObject({ proposalId: RowId }),
    resultOf(done, ['proposal.unknown', 'proposal.not-decided', 'proposal.changed-since', 'disk.full']),
  ),

  // People and households
  'search.find': query(
    readingRoles,
    z.strictObject({ text: z.string().max(100), limit: z.int().min(1).max(100).default(20) }),
    z.strictObject({ hits: z.array(ResidentLine), more: z.boolean() }),
  ),
  'residents.list': query(
    readingRoles,
    z.strictObject({
      text: z.string().max(100).default(''),
      filter: z
        .enum(['all', 'elder', 'child', 'disabled', 'relief', 'alone', 'with-changes', 'deceased'])
        .default('all'),
      area: AreaCode.nullable().default(null),
      order: z.enum(['place', 'name', 'age']).default('place'),
      offset: z.int().nonnegative().default(0),
      limit: z.int().min(1).max(500).default(100),
    }),
    z.strictObject({ total: z.int(), rows: z.array(ResidentLine) }),
  ),
  'residents.open': query(
    readingRoles,
    z.strictObject({ residentId: RowId }),
    resultOf(ResidentView, ['resident.unknown']),
  ),
  'households.open': query(
    readingRoles,
    z.strictObject({ householdId: RowId }),
    resultOf(HouseholdView, ['household.unknown']),
  ),
  'fields.edit': command(
    fieldRoles,
    z.strictObject({
      entity: z.enum(['resident', 'household']),
      rowId: RowId,
      fields: z.record(z.string().max(64), FieldValue),
      source: Source,
      visitId: RowId.nullable(),
    }),
    resultOf(done, ['row.unknown', 'field.owned', 'field.unknown', 'value.invalid', 'disk.full']),
  ),
  /** A worker cannot edit a department's field; this opens a note to the department (核实反馈) as a disputed proposal. */
  'fields.report': command(
    fieldRoles,
    z.strictObject({
      entity: z.enum(['resident', 'household']),
      rowId: RowId,
      field: z.string().max(64),
      value: FieldValue,
      reason: z.string().min(1).max(500),
    }),
    resultOf(done, ['row.unknown', 'field.unknown', 'value.invalid', 'disk.full']),
  ),
  'fields.history': query(
    readingRoles,
    z.strictObject({ entity: EntityNameSchema, rowId: RowId, field: z.string().max(64).nullable() }),
    z.array(HistoryLine),
  ),
  /** Shows one masked value. Written to the audit log with its reason, whatever happens next. */
  'fields.unmask': command(
    readingRoles,
    z.strictObject({
      entity: EntityNameSchema,
      rowId: RowId,
      field: z.string().max(64),
      reason: z.string().min(1).max(200),
    }),
    resultOf(z.strictObject({ value: FieldValue }), ['row.unknown', 'field.unknown']),
  ),

  // What disagrees
  'conflicts.list': query(
    readingRoles,
    z.strictObject({ state: z.enum(['open', 'settled', 'noted']).default('open') }),
    z.array(ConflictLine),
  ),
  'conflicts.open': query(
    readingRoles,
    z.strictObject({ conflictId: RowId }),
    resultOf(ConflictPage, ['conflict.unknown']),
  ),
  'conflicts.settle': command(
    fieldRoles,
    z.strictObject({
      conflictId: RowId,
      choice: z.discriminatedUnion('side', [
        z.strictObject({ side: z.literal('current') }),
        z.strictObject({ side: z.literal('offered') }),
        z.strictObject({ side: z.literal('other'), value: FieldValue }),
      ]),
    }),
    resultOf(done, ['conflict.unknown', 'conflict.settled', 'value.invalid', 'disk.full']),
  ),

  // Exchange with the centre
  'sync.status': query('anyone', nothing, SyncStatus),
  'sync.now': command(fieldRoles, nothing, nothing),
  'sync.pause': command(fieldRoles, z.strictObject({ paused: z.boolean() }), nothing),
  'sync.outbox': query(
    readingRoles,
    z.strictObject({
      filter: z.enum(['waiting', 'rejected', 'answered', 'set-aside']).default('waiting'),
      limit: z.int().max(500).default(100),
    }),
    z.array(OutboxLine),
  ),
  /** Sends a refused change once more. */
  'sync.resend': command(
    fieldRoles,
    z.strictObject({ deltaId: z.string() }),
    resultOf(done, ['delta.unknown', 'delta.not-rejected', 'disk.full']),
  ),
  /** Takes a refused change out of the way; its content stays in the set-aside list. */
  'sync.setAside': command(
    fieldRoles,
    z.strictObject({ deltaId: z.string() }),
    resultOf(done, ['delta.unknown', 'delta.not-rejected', 'disk.full']),
  ),

  // Settings
  'settings.read': query('anyone', nothing, Settings),
  'settings.change': command('anyone', Settings.partial(), Settings),
  'device.describe': query(
    'anyone',
    nothing,
    z.strictObject({
      app: z.string(),
      electron: z.string(),
      sqlite: z.string().nullable(),
      schema: z.int(),
      migration: z.int().nullable(),
      fileBytes: z.int().nullable(),
      residents: z.int().nullable(),
      audit: z.strictObject({ entries: z.int(), intact: z.boolean() }).nullable(),
      lastCopy: Instant.nullable(),
      gateway: z.string().nullable(),
      device: z.string().nullable(),
    }),
  ),
  'audit.list': query(
    ['supervisor', 'auditor', 'administrator', 'community-worker', 'grid-leader'],
    z.strictObject({ limit: z.int().max(500).default(100) }),
    z.array(
      z.strictObject({
        seq: z.int(),
        at: Instant,
        by: z.string(),
        action: z.string(),
        subject: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  ),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
export type ParsedInput<N extends CallName> = z.output<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);
