import { fieldSpec, type EntityName, type MergeClass } from '../domain/entities.ts';
import { rankOf } from '../domain/sources.ts';
import { Instant, sameValue, type FieldValue } from '../domain/values.ts';
import { combine } from './combine.ts';
import { areaField, type Delta, type Outcome, type Provenance, type RejectionCode } from './delta.ts';
import { checkValue, isStorable } from './check-value.ts';
import { quietFields } from './companions.ts';

/** Last change of a field at the centre: provenance for people, authorship for the own-chain rule. */
export interface Head extends Provenance {
  readonly device: string;
  readonly epoch: number;
  readonly opNo: number;
}

/** A row as the centre keeps it. */
export interface CentralRow {
  readonly entity: EntityName;
  readonly id: string;
  readonly area: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly heads: Readonly<Record<string, Head>>;
}

/** One line of history: a value that came, or one that lost and was set aside. */
export interface FieldChange {
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
  /** `set`: it is current now; `aside`: it lost to the current value and is kept here. */
  readonly fate: 'set' | 'aside';
}

/** What the gateway does about one delta; all of it in one database transaction. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The row to write, or null when it stays as it is. */
  readonly row: CentralRow | null;
  readonly changes: readonly FieldChange[];
  /** Conflict rows to create, entity `conflict`. */
  readonly conflicts: readonly CentralRow[];
}

/** Field name under which a conflict about the whole row (delete against edit) is kept. */
export const wholeRow = 'row';

const json = (value: FieldValue | undefined): string => JSON.stringify(value ?? null);

function reject(delta: Delta, code: RejectionCode, version: number): Verdict {
  return {
    outcome: { id: delta.id, opNo: delta.opNo, result: 'rejected', version, conflicts: [], code },
    row: null,
    changes: [],
    conflicts: [],
  };
}

/** The instant inside an HLC stamp, or the fallback when the stamp is no instant. */
export function hlcInstant(hlc: string, fallback: string): string {
  const instant = hlc.slice(0, 24);
  // Days that do not exist look like instants too, and would be refused by every device that pulls them.
  return instant.length === 24 && Instant.safeParse(instant).success ? instant : fallback;
}

/**
 * Judges one delta against the row it names (sync contract, points 3 to 5; mechanics 1.4).
 * Pure: the same row, delta and time give the same verdict. The caller holds the row's lock, has checked scope, role
 * and device, and writes row, history and conflicts in one transaction.
 * @param row the row at the centre, or null when there is none
 * @param now server time, used where the device's clock is no instant
 */
export function judge(row: CentralRow | null, delta: Delta, now: string): Verdict {
  const at = hlcInstant(delta.hlc, now);
  const version = row?.version ?? 0;
  for (const [name, change] of Object.entries(delta.fields)) {
    // The base is kept in conflict rows, so it must be storable like a value.
    if (!isStorable(change.base ?? null)) return reject(delta, 'field.wrong-type', version);
    if (name === areaField) {
      if (typeof change.value !== 'string' || !/^\d{12}$/.test(change.value))
        return reject(delta, 'field.wrong-type', version);
      continue;
    }
    const spec = fieldSpec(delta.entity, name);
    if (spec === undefined) return reject(delta, 'field.unknown', version);
    if (!checkValue(spec.type, change.value)) return reject(delta, 'field.wrong-type', version);
    if (!mayWrite(delta, name, row)) return reject(delta, 'field.owned', version);
  }
  if (row === null) {
    if (delta.op !== 'create') return reject(delta, 'row.missing', 0);
    return create(delta, at);
  }
  // The second settler is told, instead of getting a conflict about a conflict.
  if (delta.entity === 'conflict' && row.values['state'] === 'settled' && unseen(row, 'state', delta)) {
    const same = Object.entries(delta.fields).every(
      ([name, change]) => name === 'settled_by' || name === 'settled_at' || sameValue(row.values[name], change.value),
    );
    if (!same) return reject(delta, 'conflict.settled', row.version);
    // Who settled it second, and when, is kept beside the first.
    const beside = Object.entries(delta.fields)
      .filter(([name, change]) => !sameValue(row.values[name], change.value))
      .map(([field, change]): FieldChange => ({
        ...{ field, before: row.values[field] ?? null, after: change.value, fate: 'aside' },
      }));
    return settle(delta, 'converged', row.version, null, beside, []);
  }
  if (delta.op === 'delete') return remove(row, delta, at);
  if (row.deleted) return editDeleted(row, delta, at);
  return edit(row, delta, at);
}

/** Owned fields change by their department, by a confirmed proposal, a card read, or a person's resolution (domain facts 1.9). */
function mayWrite(delta: Delta, name: string, row: CentralRow | null): boolean {
  if (row === null) return true;
  // A second creation of a row is an edit of it, and no way around the owner; saying what stands there already is no edit.
  if (delta.op === 'create' && sameValue(row.values[name], delta.fields[name]?.value)) return true;
  const owner = fieldSpec(delta.entity, name)?.owner;
  if (owner === undefined || delta.source === owner) return true;
  const { kind } = delta.reason;
  return kind === 'proposal' || kind === 'feed' || kind === 'resolve' || kind === 'card' || kind === 'undo';
}

/** True when the field was changed after what the author had seen, by somebody else than his own earlier deltas. */
function unseen(row: CentralRow, name: string, delta: Delta): boolean {
  const head = row.heads[name];
  // Without a head the value dates from the row's first version: unseen only by whoever believes that he creates the row.
  if (head === undefined) return delta.baseVersion === 0 && (row.values[name] ?? null) !== null;
  if (head.version <= delta.baseVersion) return false;
  return !(head.device === delta.device && head.epoch === delta.epoch && head.opNo < delta.opNo);
}

/**
 * Author's device of a value that was combined from two sides: nobody's own chain goes through it. A device whose earlier
 * delta was combined with values it never saw would otherwise wipe them out with its next one, or with a deletion.
 */
export const combinedDevice = 'combined';

const headOf = (delta: Delta, at: string, version: number): Head => ({
  version,
  by: delta.actor,
  source: delta.source,
  at,
  reason: delta.reason,
  device: delta.device,
  epoch: delta.epoch,
  opNo: delta.opNo,
});

function settle(
  delta: Delta,
  result: Outcome['result'],
  version: number,
  row: CentralRow | null,
  changes: readonly FieldChange[],
  conflicts: readonly CentralRow[],
): Verdict {
  const ids = conflicts.map((conflict) => conflict.id);
  return { outcome: { id: delta.id, opNo: delta.opNo, result, version, conflicts: ids }, row, changes, conflicts };
}

function create(delta: Delta, at: string): Verdict {
  const head = headOf(delta, at, 1);
  const values: Record<string, FieldValue> = {};
  const heads: Record<string, Head> = {};
  const changes: FieldChange[] = [];
  for (const [name, change] of Object.entries(delta.fields)) {
    if (name === areaField) continue;
    values[name] = change.value;
    heads[name] = head;
    changes.push({ field: name, before: null, after: change.value, fate: 'set' });
  }
  const row: CentralRow = {
    entity: delta.entity,
    id: delta.row,
    area: delta.area,
    version: 1,
    deleted: false,
    values,
    heads,
  };
  return settle(delta, 'applied', 1, row, changes, []);
}

interface ConflictFacts {
  readonly field: string;
  readonly kind: 'field' | 'edit-deleted' | 'delete-edited' | 'duplicate';
  readonly policy: MergeClass;
  readonly winner: 'current' | 'offered' | null;
  readonly base: FieldValue | undefined;
  readonly current: FieldValue | undefined;
  readonly offered: FieldValue | undefined;
  readonly head: Head | undefined;
  readonly open: boolean;
}

/** Builds the conflict row for a dispute; the id follows from delta and field, so that a replay writes the same row. */
export function conflictRow(row: CentralRow, delta: Delta, at: string, facts: ConflictFacts): CentralRow {
  const head: Head = { ...headOf(delta, at, 1), by: 'system', source: 'system' };
  const values: Record<string, FieldValue> = {
    subject_entity: row.entity,
    subject_id: row.id,
    field: facts.field,
    kind: facts.kind,
    policy: facts.policy,
    winner: facts.winner,
    base_value: json(facts.base),
    current_value: json(facts.current),
    current_by: facts.head?.by ?? null,
    current_at: facts.head?.at ?? null,
    current_source: facts.head?.source ?? null,
    current_reason: facts.head === undefined ? null : JSON.stringify(facts.head.reason),
    current_version: row.version,
    offered_value: json(facts.offered),
    offered_by: delta.actor,
    offered_at: at,
    offered_source: delta.source,
    offered_reason: JSON.stringify(delta.reason),
    state: facts.open ? 'open' : 'noted',
  };
  const heads = Object.fromEntries(Object.keys(values).map((name) => [name, head]));
  return {
    entity: 'conflict',
    id: `${delta.id}.${facts.field}`,
    area: row.area,
    version: 1,
    deleted: false,
    values,
    heads,
  };
}

function remove(row: CentralRow, delta: Delta, at: string): Verdict {
  if (row.deleted) return settle(delta, 'converged', row.version, null, [], []);
  const later = Object.entries(row.heads).find(([name]) => unseen(row, name, delta));
  if (later !== undefined) {
    const conflict = conflictRow(row, delta, at, {
      field: wholeRow,
      kind: 'delete-edited',
      policy: 'ask',
      winner: 'current',
      base: null,
      current: JSON.stringify(row.values),
      offered: null,
      head: later[1],
      open: true,
    });
    return settle(delta, 'conflict', row.version, null, [], [conflict]);
  }
  const version = row.version + 1;
  const next: CentralRow = {
    ...row,
    version,
    deleted: true,
    heads: { ...row.heads, [wholeRow]: headOf(delta, at, version) },
  };
  return settle(
    delta,
    'applied',
    version,
    next,
    [{ field: wholeRow, before: JSON.stringify(row.values), after: null, fate: 'set' }],
    [],
  );
}

function editDeleted(row: CentralRow, delta: Delta, at: string): Verdict {
  const head = row.heads[wholeRow];
  const sawDeletion = head !== undefined && !unseen(row, wholeRow, delta);
  if (sawDeletion) {
    // Whoever saw the row deleted and writes it again brings it back.
    const revived = edit({ ...row, deleted: false }, delta, at);
    if (revived.row !== null || revived.outcome.result === 'conflict') return revived;
    const version = row.version + 1;
    const next: CentralRow = {
      ...row,
      version,
      deleted: false,
      heads: { ...row.heads, [wholeRow]: headOf(delta, at, version) },
    };
    return settle(
      delta,
      'applied',
      version,
      next,
      [{ field: wholeRow, before: null, after: JSON.stringify(row.values), fate: 'set' }],
      [],
    );
  }
  const offered = Object.fromEntries(Object.entries(delta.fields).map(([name, change]) => [name, change.value]));
  const conflict = conflictRow(row, delta, at, {
    field: wholeRow,
    kind: 'edit-deleted',
    policy: 'ask',
    winner: 'current',
    base: null,
    current: null,
    offered: JSON.stringify(offered),
    head,
    open: true,
  });
  const changes = Object.entries(delta.fields).map(([name, change]): FieldChange => ({
    field: name,
    before: row.values[name] ?? null,
    after: change.value,
    fate: 'aside',
  }));
  return settle(delta, 'conflict', row.version, null, changes, [conflict]);
}

function edit(row: CentralRow, delta: Delta, at: string): Verdict {
  const version = row.version + 1;
  const head = headOf(delta, at, version);
  const values: Record<string, FieldValue> = { ...row.values };
  const heads: Record<string, Head> = { ...row.heads };
  const changes: FieldChange[] = [];
  const conflicts: CentralRow[] = [];
  let area = row.area;
  const quiet = quietFields(delta.entity, row.values, delta.fields);
  let agreed = 0;
  const merged = row.version > delta.baseVersion && Object.keys(row.heads).some((name) => unseen(row, name, delta));
  const set = (name: string, value: FieldValue, author = head): void => {
    const before = name === areaField ? area : (values[name] ?? null);
    if (sameValue(before, value)) return;
    changes.push({ field: name, before, after: value, fate: 'set' });
    if (name === areaField && typeof value === 'string') area = value;
    else values[name] = value;
    heads[name] = author;
  };
  for (const [name, change] of Object.entries(delta.fields)) {
    const current = name === areaField ? area : (values[name] ?? null);
    const spec = name === areaField ? undefined : fieldSpec(delta.entity, name);
    const policy: MergeClass = spec?.merge ?? 'ask';
    if (!unseen(row, name, delta)) {
      set(name, change.value);
      continue;
    }
    if (sameValue(current, change.value)) {
      agreed += 1;
      continue;
    }
    if (quiet.has(name)) {
      changes.push({ field: name, before: current, after: change.value, fate: 'aside' });
      agreed += 1;
      continue;
    }
    const theirs = row.heads[name];
    const together = combine(policy, change.base, current, change.value);
    if (together !== undefined) {
      const whole = sameValue(together, change.value);
      // The value that was offered is kept where the combination is not that value.
      if (!whole) changes.push({ field: name, before: current, after: change.value, fate: 'aside' });
      set(name, together, whole ? head : { ...head, device: combinedDevice });
      continue;
    }
    const mine = rankOf(delta.source, spec?.owner);
    // A value without a head came with the theme database: from its owner, where it has one.
    const other = rankOf(theirs?.source ?? spec?.owner ?? 'system', spec?.owner);
    const ranked = policy === 'authority' && mine !== other;
    const facts = {
      field: name,
      kind: 'field',
      policy,
      base: change.base,
      current,
      offered: change.value,
      head: theirs,
    } as const;
    if (ranked && mine > other) {
      conflicts.push(conflictRow(row, delta, at, { ...facts, winner: 'offered', open: false }));
      changes.push({ field: name, before: change.base ?? null, after: current, fate: 'aside' });
      set(name, change.value);
    } else {
      conflicts.push(conflictRow(row, delta, at, { ...facts, winner: ranked ? 'current' : null, open: !ranked }));
      changes.push({ field: name, before: current, after: change.value, fate: 'aside' });
    }
  }
  const result = resultOf(conflicts.length > 0, merged, agreed === Object.keys(delta.fields).length && agreed > 0);
  if (!changes.some((change) => change.fate === 'set'))
    return settle(delta, result, row.version, null, changes, conflicts);
  const next: CentralRow = { ...row, area, version, deleted: false, values, heads };
  return settle(delta, result, version, next, changes, conflicts);
}

function resultOf(disputed: boolean, merged: boolean, agreed: boolean): Outcome['result'] {
  if (disputed) return 'conflict';
  if (agreed) return 'converged';
  return merged ? 'merged' : 'applied';
}
