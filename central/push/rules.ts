import { fieldSpec } from '../../shared/domain/entities.ts';
import { fieldRoles, type Role } from '../../shared/domain/roles.ts';
import { isDepartment } from '../../shared/domain/sources.ts';
import { areaField, type Delta, type RejectionCode } from '../../shared/sync/delta.ts';
import type { CentralRow } from '../../shared/sync/judge.ts';
import { sameValue } from '../../shared/domain/values.ts';
import type { RowKey } from '../store/records.ts';

/** Who pushes. */
export interface Author {
  readonly device: string;
  readonly epoch: number;
  readonly person: string;
  readonly role: Role;
  readonly county: string;
  /** Area prefixes the person may write, as read in the push's own transaction. */
  readonly grants: readonly string[];
}

const writers: ReadonlySet<Role> = new Set(fieldRoles);

/** Identity: a delta speaks for the device and the person of its session only. */
export function checkAuthor(delta: Delta, author: Author): RejectionCode | null {
  if (delta.device !== author.device || delta.epoch !== author.epoch) return 'delta.wrong-device';
  return delta.actor === author.person ? null : 'delta.wrong-actor';
}

/** Role: field roles change people's records; nobody in the field makes staff, conflicts or proposals. */
export function checkRole(delta: Delta, author: Author): RejectionCode | null {
  if (!writers.has(author.role) || delta.entity === 'worker') return 'role.forbidden';
  const madeByCentre = delta.entity === 'conflict' || delta.entity === 'proposal';
  if (madeByCentre && delta.op !== 'update' && !isReport(delta)) return 'role.forbidden';
  return delta.reason.kind === 'feed' || delta.source === 'system' ? 'role.forbidden' : null;
}

/**
 * A worker's note to a department (核实反馈): a proposal that is disputed from the start, under his own name and never under
 * a department's, so that it can open no field that a department owns.
 */
function isReport(delta: Delta): boolean {
  const { state, source, decided_by: author } = delta.fields;
  return (
    delta.entity === 'proposal' &&
    delta.op === 'create' &&
    delta.reason.kind === 'edit' &&
    state?.value === 'disputed' &&
    source?.value === 'visit' &&
    author?.value === delta.actor
  );
}

/** Scope: where the row is, where it shall be created, and where it shall go must all be the author's. */
export function checkScope(
  row: CentralRow | null,
  delta: Delta,
  author: Author,
  isArea: (code: string) => boolean,
): RejectionCode | null {
  const holds = (area: string): boolean =>
    area.startsWith(author.county) && author.grants.some((prefix) => area.startsWith(prefix));
  if (!holds(row?.area ?? delta.area)) return 'scope.outside';
  const target = delta.fields[areaField]?.value;
  const areas = [row === null ? delta.area : null, typeof target === 'string' ? target : null];
  return areas.every((area) => area === null || (holds(area) && isArea(area))) ? null : 'scope.outside';
}

/** Rows besides its own that a delta's rules must see. */
export function referencedRows(delta: Delta): readonly RowKey[] {
  if (delta.reason.kind === 'proposal') return [{ entity: 'proposal', id: delta.reason.proposal }];
  if (delta.reason.kind === 'undo') return [{ entity: 'proposal', id: delta.reason.of }];
  if (delta.reason.kind === 'resolve') return [{ entity: 'conflict', id: delta.reason.conflict }];
  return [];
}

const openStates: ReadonlySet<unknown> = new Set(['pending', 'later']);
const decidedStates: ReadonlySet<unknown> = new Set(['confirmed', 'corrected', 'disputed']);

export const isSubject = (record: CentralRow, delta: Delta): boolean =>
  record.values['subject_entity'] === delta.entity && record.values['subject_id'] === delta.row;

/** A department's word comes with a proposal of that department, or with a choice between values that were already here. */
function checkSource(delta: Delta): RejectionCode | null {
  if (delta.reason.kind === 'card' && delta.source !== 'card-read') return 'field.owned';
  if (!isDepartment(delta.source)) return null;
  const { kind } = delta.reason;
  return kind === 'proposal' || kind === 'resolve' || kind === 'undo' ? null : 'field.owned';
}

/**
 * Somebody else decided the proposal while this delta's author, out of coverage, decided it too: no fault of either. What
 * they found is judged like any other field, so that a difference becomes a question to people and not a refusal.
 * @param delta the proposal's own half of a decision
 * @param proposal as it was before the delta's transaction
 */
export function decidedMeanwhile(delta: Delta, proposal: CentralRow | null): boolean {
  const head = proposal?.heads['state'];
  return (
    delta.entity === 'proposal' &&
    delta.reason.kind === 'proposal' &&
    delta.row === proposal?.id &&
    head !== undefined &&
    head.device !== delta.device &&
    head.version > delta.baseVersion &&
    decidedStates.has(proposal.values['state'])
  );
}

function checkProposal(delta: Delta, proposal: CentralRow | null, meanwhile: boolean): RejectionCode | null {
  if (proposal === null || proposal.deleted) return 'proposal.closed';
  const open = meanwhile || openStates.has(proposal.values['state']);
  if (delta.entity === 'proposal') {
    if (delta.row !== proposal.id || !open) return 'proposal.closed';
    return needsVisit(delta, proposal) ? 'proposal.needs-visit' : null;
  }
  const { field, source } = proposal.values;
  const names = Object.keys(delta.fields);
  const matches = isSubject(proposal, delta) && delta.source === source && names.every((name) => name === field);
  // A worker's own report may not be confirmed into a field that a department owns.
  if (!isDepartment(delta.source) && names.some((name) => fieldSpec(delta.entity, name)?.owner !== undefined))
    return 'field.owned';
  return matches && open ? null : 'proposal.closed';
}

/** Grade R is confirmed at the door or by a document, never from a desk (domain facts, grades of changes). */
function needsVisit(delta: Delta, proposal: CentralRow): boolean {
  if (proposal.values['grade'] !== 'R' || delta.fields['state']?.value !== 'confirmed') return false;
  const visited = delta.reason.kind === 'proposal' && delta.reason.visit !== undefined;
  const how = delta.fields['decided_how']?.value;
  return !visited && (delta.fields['visit_id']?.value ?? null) === null && how !== 'document';
}

/** Taking a decision back touches the proposal itself and its subject's field; an owned field gets back what the proposal found. */
function checkUndo(delta: Delta, proposal: CentralRow | null): RejectionCode | null {
  if (proposal === null || proposal.deleted) return 'proposal.closed';
  if (delta.entity === 'proposal') return delta.row === proposal.id ? null : 'proposal.closed';
  const { field, old_value: before } = proposal.values;
  const restores = Object.entries(delta.fields).every(([name, change]) => {
    if (fieldSpec(delta.entity, name)?.owner === undefined) return name === field;
    return name === field && typeof before === 'string' && sameValue(parsed(before), change.value);
  });
  return isSubject(proposal, delta) && restores ? null : 'field.owned';
}

function checkResolution(delta: Delta, conflict: CentralRow | null): RejectionCode | null {
  if (conflict === null) return 'row.missing';
  if (delta.entity === 'conflict') return delta.row === conflict.id ? null : 'row.missing';
  if (!isSubject(conflict, delta)) return 'row.missing';
  const known = [conflict.values['current_source'], conflict.values['offered_source']];
  if (isDepartment(delta.source) && !known.includes(delta.source)) return 'field.owned';
  if (conflict.values['state'] !== 'settled') return null;
  // A settled conflict may be settled again in the same words; the judge finds that nothing is left to do.
  const chosen = conflict.values['chosen_value'];
  const [change] = Object.values(delta.fields);
  const same = change !== undefined && typeof chosen === 'string' && sameValue(parsed(chosen), change.value);
  return same ? null : 'conflict.settled';
}

function parsed(text: string): ReturnType<typeof asValue> {
  return asValue(JSON.parse(text));
}

const asValue = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : Array.isArray(value)
      ? value.filter((item) => typeof item === 'string')
      : null;

/**
 * What a delta's reason promises must hold.
 * @param reference the row the reason names, as it was before this delta's transaction
 * @param meanwhile the reason is a proposal that somebody else decided before this author could know
 */
export function checkReason(delta: Delta, reference: CentralRow | null, meanwhile = false): RejectionCode | null {
  const bySource = checkSource(delta);
  if (bySource !== null) return bySource;
  if (delta.reason.kind === 'proposal') return checkProposal(delta, reference, meanwhile);
  if (delta.reason.kind === 'undo') return checkUndo(delta, reference);
  if (delta.reason.kind === 'resolve') return checkResolution(delta, reference);
  return null;
}

/**
 * Two colleagues confirmed the same proposal with the same result: the second changes nothing, and is no dispute.
 * @param row the delta's row as it was before its transaction
 */
export function repeatsDecision(delta: Delta, row: CentralRow | null, proposal: CentralRow | null): boolean {
  if (delta.reason.kind !== 'proposal' || row === null || proposal === null || row.deleted) return false;
  if (openStates.has(proposal.values['state'])) return false;
  if (delta.entity === 'proposal')
    return delta.row === proposal.id && ['state', 'final_value'].every((name) => agrees(delta, row, name));
  return isSubject(proposal, delta) && Object.keys(delta.fields).every((name) => agrees(delta, row, name));
}

const agrees = (delta: Delta, row: CentralRow, name: string): boolean => {
  const change = delta.fields[name];
  return change === undefined || sameValue(row.values[name], change.value);
};
