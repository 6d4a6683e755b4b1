import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { ConflictLine, ConflictPage, Truth } from '../../../shared/contract/views.ts';
import { fieldSpec, isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import { rankOf, Source } from '../../../shared/domain/sources.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { fail, ok } from '../../../shared/result.ts';
import { quietFields } from '../../../shared/sync/companions.ts';
import { Reason } from '../../../shared/sync/delta.ts';
import type { Context } from '../commands/writing.ts';
import { countEvidence } from '../store/attachments.ts';
import {
  conflictsInState,
  findConflict,
  openConflictsAbout,
  pendingClash,
  pendingClashes,
  pendingClashesOf,
  type PendingClash,
} from '../store/conflicts.ts';
import { valueOfJson, type EntityRow } from '../store/decoding.ts';
import { lastReceived, lastLocal, type FieldOrigin } from '../store/field-facts.ts';
import { pendingOf } from '../store/pending.ts';
import { authorOf } from '../store/workers.ts';
import { historyLines } from './history.ts';
import { shownAt } from './masking.ts';
import { subjectOf } from './subjects.ts';

const mostConflicts = 200;
const beginning = '1970-01-01T00:00:00.000Z';

const subjectEntity = (name: string | null): EntityName => (name !== null && isEntityName(name) ? name : 'resident');

/**
 * Only where a machine may not choose: sets, logs and high-water marks combine by themselves, and nobody is asked who decided
 * when the decision itself agrees or is asked about.
 */
function asksSomebody(context: Context, clash: PendingClash): boolean {
  const merge = fieldSpec(clash.entity, clash.field)?.merge;
  if (merge !== 'ask' && merge !== 'authority') return false;
  const lines = [...pendingOf(context.reader, clash.entity, clash.rowId).values()];
  const received = Object.fromEntries(lines.map((line) => [line.field, line.receivedValue]));
  const wanted = Object.fromEntries(lines.map((line) => [line.field, { value: line.mine }]));
  return !quietFields(clash.entity, received, wanted).has(clash.field);
}

/** Id under which a clash of this device is opened and settled. */
export const localId = (clash: Pick<PendingClash, 'entity' | 'rowId' | 'field'>): string =>
  `local.${clash.entity}.${clash.rowId}.${clash.field}`;

/** Reads a local id apart; row ids may hold dots, entity and field names cannot. */
export function parseLocalId(id: string): { entity: EntityName; rowId: string; field: string } | undefined {
  const parts = /^local\.([a-z_]+)\.(.+)\.([a-z][a-z0-9_]*)$/.exec(id);
  const [, entity, rowId, field] = parts ?? [];
  if (entity === undefined || rowId === undefined || field === undefined || !isEntityName(entity)) return undefined;
  return { entity, rowId, field };
}

/** The clash a local id names, or undefined when it is none or none any more. */
export function clashOf(context: Context, id: string): PendingClash | undefined {
  const parts = parseLocalId(id);
  if (parts === undefined) return undefined;
  const clash = pendingClash(context.reader, parts.entity, parts.rowId, parts.field);
  return clash !== undefined && asksSomebody(context, clash) ? clash : undefined;
}

/** Both sides of one dispute before it is put into lines and pages. */
interface Dispute {
  readonly line: ConflictLine;
  readonly base: FieldValue;
  readonly current: Side;
  readonly offered: Side;
  readonly settled: ConflictPage['settled'];
}

interface Side extends Omit<FieldOrigin, 'at' | 'reason'> {
  readonly at: string | null;
  readonly reason: FieldOrigin['reason'] | null;
  readonly value: FieldValue;
  readonly waiting: boolean;
}

function sideOf(origin: FieldOrigin | undefined, value: FieldValue, waiting: boolean): Side {
  if (origin === undefined) return { by: 'system', source: 'system', at: null, reason: null, value, waiting };
  return { ...origin, value, waiting };
}

function localDispute(context: Context, clash: PendingClash): Dispute {
  const { entity, rowId, field } = clash;
  const mask = (value: FieldValue): FieldValue => shownAt(context.reader, entity, rowId, field, value);
  const subject = subjectOf(context.reader, entity, rowId, context.today());
  const theirs = sideOf(lastReceived(context.reader, entity, rowId, field), valueOfJson(clash.receivedValue), false);
  const mine = sideOf(lastLocal(context.reader, entity, rowId, field), valueOfJson(clash.mine), true);
  return {
    line: {
      id: localId(clash),
      place: 'local',
      kind: 'field',
      subject: { entity, id: rowId, name: subject.name },
      householdId: subject.householdId,
      placeText: subject.placeText,
      field,
      first: mask(theirs.value),
      second: mask(mine.value),
      at: [theirs.at, mine.at].reduce<string>((latest, at) => (at !== null && at > latest ? at : latest), beginning),
      state: 'open',
    },
    base: mask(valueOfJson(clash.baseValue)),
    current: theirs,
    offered: mine,
    settled: null,
  };
}

const kinds = ['field', 'edit-deleted', 'delete-edited', 'duplicate'] as const;
const states = ['open', 'settled', 'noted'] as const;

function centralSide(row: EntityRow<'conflict'>, side: 'current' | 'offered'): Side {
  const { values } = row;
  const told = side === 'current' ? values.current_reason : values.offered_reason;
  const reason = Reason.safeParse(told === null ? null : JSON.parse(told));
  const source = Source.safeParse(side === 'current' ? values.current_source : values.offered_source);
  return {
    by: (side === 'current' ? values.current_by : values.offered_by) ?? 'system',
    source: source.success ? source.data : 'system',
    at: side === 'current' ? values.current_at : values.offered_at,
    reason: reason.success ? reason.data : null,
    value: valueOfJson(side === 'current' ? values.current_value : values.offered_value),
    waiting: false,
  };
}

function centralDispute(context: Context, row: EntityRow<'conflict'>): Dispute {
  const { values } = row;
  const entity = subjectEntity(values.subject_entity);
  const field = values.field ?? 'row';
  const subjectId = values.subject_id ?? row.id;
  const mask = (value: FieldValue): FieldValue => shownAt(context.reader, entity, subjectId, field, value);
  const subject = subjectOf(context.reader, entity, subjectId, context.today());
  const current = centralSide(row, 'current');
  const offered = centralSide(row, 'offered');
  return {
    line: {
      id: row.id,
      place: 'central',
      kind: kinds.find((kind) => kind === values.kind) ?? 'field',
      subject: { entity, id: subjectId, name: subject.name },
      householdId: subject.householdId,
      placeText: subject.placeText,
      field,
      first: mask(current.value),
      second: mask(offered.value),
      at: offered.at ?? current.at ?? beginning,
      state: states.find((state) => state === values.state) ?? 'open',
    },
    base: mask(valueOfJson(values.base_value)),
    current,
    offered,
    settled:
      values.state === 'settled' && values.settled_by !== null && values.settled_at !== null
        ? {
            by: authorOf(context.reader, values.settled_by, context.person.id),
            at: values.settled_at,
            value: mask(valueOfJson(values.chosen_value)),
          }
        : null,
  };
}

/**
 * Clashes of this device that the centre has not recorded yet: once its record is here, that is the one to settle, also
 * while the answer to our own delta is still on its way.
 */
function localDisputes(
  context: Context,
  found: readonly PendingClash[],
  central: readonly EntityRow<'conflict'>[],
): ConflictLine[] {
  const recorded = new Set(
    central.map(({ values }) => `${values.subject_entity ?? ''}/${values.subject_id ?? ''}/${values.field ?? ''}`),
  );
  return found
    .filter(({ entity, rowId, field }) => !recorded.has(`${entity}/${rowId}/${field}`))
    .filter((clash) => asksSomebody(context, clash))
    .map((clash) => localDispute(context, clash).line);
}

/** Open disputes, those of this device first: they are seen before anybody else can see them. */
export function openConflicts(context: Context): ConflictLine[] {
  const central = conflictsInState(context.reader, 'open', mostConflicts);
  return [
    ...localDisputes(context, pendingClashes(context.reader, mostConflicts), central),
    ...central.map((row) => centralDispute(context, row).line),
  ].slice(0, mostConflicts);
}

/** Open disputes about one row. */
export function openConflictsOf(context: Context, entity: EntityName, id: string): ConflictLine[] {
  const central = openConflictsAbout(context.reader, entity, id);
  return [
    ...localDisputes(context, pendingClashesOf(context.reader, entity, id), central),
    ...central.map((row) => centralDispute(context, row).line),
  ];
}

/** The side a machine would bet on: the better source, then the later observation, then what stands. */
function suggestedSide(field: string, entity: EntityName, current: Side, offered: Side): Truth['side'] {
  const owner = fieldSpec(entity, field)?.owner;
  const difference = rankOf(offered.source, owner) - rankOf(current.source, owner);
  if (difference !== 0) return difference > 0 ? 'offered' : 'current';
  return (offered.at ?? '') > (current.at ?? '') ? 'offered' : 'current';
}

function truth(context: Context, dispute: Dispute, side: Truth['side'], suggested: boolean): Truth {
  const { line } = dispute;
  const chosen = side === 'current' ? dispute.current : dispute.offered;
  const visit = chosen.reason !== null && 'visit' in chosen.reason ? chosen.reason.visit : undefined;
  return {
    side,
    value: shownAt(context.reader, line.subject.entity, line.subject.id, line.field, chosen.value),
    by: authorOf(context.reader, chosen.by, context.person.id),
    at: chosen.at,
    source: chosen.source,
    reason: chosen.reason,
    evidence: visit === undefined ? 0 : countEvidence(context.reader, visit),
    waiting: chosen.waiting,
    suggested,
  };
}

function page(context: Context, dispute: Dispute): ConflictPage {
  const { line } = dispute;
  const suggested = suggestedSide(line.field, line.subject.entity, dispute.current, dispute.offered);
  return {
    line,
    base: dispute.base,
    truths: [
      truth(context, dispute, 'current', suggested === 'current'),
      truth(context, dispute, 'offered', suggested === 'offered'),
    ],
    history: historyLines(context, line.subject.entity, line.subject.id, line.field, 50),
    settled: dispute.settled,
  };
}

export const conflictQueries = {
  'conflicts.list': (context: Context, input: ParsedInput<'conflicts.list'>): CallOutput<'conflicts.list'> =>
    input.state === 'open'
      ? openConflicts(context)
      : conflictsInState(context.reader, input.state, mostConflicts).map((row) => centralDispute(context, row).line),

  'conflicts.open': (context: Context, input: ParsedInput<'conflicts.open'>): CallOutput<'conflicts.open'> => {
    const clash = clashOf(context, input.conflictId);
    if (clash !== undefined) return ok(page(context, localDispute(context, clash)));
    const row = findConflict(context.reader, input.conflictId);
    if (row === undefined) return fail('conflict.unknown', 'reload');
    return ok(page(context, centralDispute(context, row)));
  },
};
