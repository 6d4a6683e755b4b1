import { expect } from 'vitest';
import { fieldSpec } from '../../shared/domain/entities.ts';
import { sameValue, type FieldValue } from '../../shared/domain/values.ts';
import { Delta } from '../../shared/sync/delta.ts';
import type { HistoryRow, KnownAnswer } from './centre.ts';
import { firstRows } from './district.ts';
import type { World } from './world.ts';

/** What came of everything, put side by side. */
interface Evidence {
  readonly answers: ReadonlyMap<string, KnownAnswer>;
  /** Deltas as the gateway got them. */
  readonly pushed: ReadonlyMap<string, Delta>;
  readonly conflicts: ReadonlySet<string>;
  readonly lines: ReadonlyMap<string, readonly HistoryRow[]>;
  readonly current: (entity: string, id: string, field: string) => FieldValue;
  readonly first: (entity: string, id: string, field: string) => FieldValue;
}

const place = (entity: string, id: string, field: string): string => `${entity} ${id} ${field}`;

async function gather(world: World): Promise<Evidence> {
  const records = new Map((await world.centre.records()).map((row) => [`${row.entity} ${row.id}`, row]));
  const firsts = new Map([...firstRows, ...world.added].map((row) => [`${row.entity} ${row.id}`, row]));
  const lines = new Map<string, HistoryRow[]>();
  for (const line of await world.centre.history()) {
    const key = place(line.entity, line.id, line.field);
    lines.set(key, [...(lines.get(key) ?? []), line]);
  }
  const pushed = new Map<string, Delta>();
  for (const { path, status, body } of world.wire.exchanges) {
    if (path !== '/v1/push' || status !== 200) continue;
    for (const raw of (JSON.parse(body.toString('utf8')) as { deltas: unknown[] }).deltas) {
      const delta = Delta.safeParse(raw);
      if (delta.success && !pushed.has(delta.data.id)) pushed.set(delta.data.id, delta.data);
    }
  }
  return {
    answers: new Map((await world.centre.answers()).map((answer) => [answer.id, answer])),
    pushed,
    conflicts: new Set([...records.values()].filter((row) => row.entity === 'conflict').map((row) => row.id)),
    lines,
    current: (entity, id, field) => {
      const row = records.get(`${entity} ${id}`);
      return (field === 'area' ? row?.area : row?.values[field]) ?? null;
    },
    first: (entity, id, field) => {
      const row = firsts.get(`${entity} ${id}`);
      return (field === 'area' ? row?.area : row?.values[field]) ?? null;
    },
  };
}

/**
 * I2: whatever was acknowledged is current, or was replaced by somebody who had seen it, or stands in a conflict, a rejection
 * or the history. Read from the centre's tables alone, without the code that wrote them.
 */
export async function checkNoLoss(world: World): Promise<void> {
  const evidence = await gather(world);
  const refused = await world.centre.rejected();
  for (const device of world.devices)
    for (const { id, state } of device.outbox())
      if (state === 'answered') expect(evidence.answers.has(id), `answer to ${id} of ${device.name}`).toBe(true);
  for (const [id, { answer }] of evidence.answers) {
    const delta = evidence.pushed.get(id);
    if (delta === undefined) continue;
    if (answer.result === 'rejected') {
      expect(refused.get(id), `content of the refused ${id}`).toContain(delta.row);
      continue;
    }
    if (answer.result === 'conflict') expect(answer.conflicts.length, `conflicts of ${id}`).toBeGreaterThan(0);
    for (const conflict of answer.conflicts) expect(evidence.conflicts, `conflict ${conflict}`).toContain(conflict);
    for (const [field, change] of Object.entries(delta.fields)) checkValueKept(evidence, delta, field, change.value);
  }
  for (const [key, lines] of evidence.lines) checkChain(evidence, key, lines);
}

/** The value of one field of one answered delta is somewhere a person can find it. */
function checkValueKept(evidence: Evidence, delta: Delta, field: string, value: FieldValue): void {
  const { entity, row } = delta;
  if (sameValue(evidence.current(entity, row, field), value)) return;
  const lines = evidence.lines.get(place(entity, row, field)) ?? [];
  const own = lines.some((line) => line.delta === delta.id);
  // Nothing was written for it where the same value stood there already.
  const stood =
    sameValue(evidence.first(entity, row, field), value) || lines.some((line) => sameValue(line.after, value));
  const name = `${entity}/${row}.${field} = ${JSON.stringify(value)} of ${delta.id}`;
  expect(own || stood, `lost in silence: ${name}`).toBe(true);
}

/** Changes of one field hang together, and each replaced a value that its author had seen, or there is a record. */
function checkChain(evidence: Evidence, key: string, lines: readonly HistoryRow[]): void {
  const [entity = '', id = '', field = ''] = key.split(' ');
  if (field === 'row') return;
  let last: HistoryRow | null = null;
  let value = evidence.first(entity, id, field);
  // Where a row was created is no change of its area.
  if (field === 'area' && value === null) value = lines[0]?.before ?? null;
  // The gateway writes a conflict's row beside the delta that it is about.
  if (entity === 'conflict' && field === 'state') value = lines[0]?.before ?? null;
  for (const line of lines) {
    const told = `${key}: ${JSON.stringify(line)}`;
    if (line.fate === 'aside') {
      checkAside(evidence, line, told);
      continue;
    }
    expect(sameValue(line.before, value), `written over unrecorded: ${told}`).toBe(true);
    if (last !== null)
      expect(mayReplace(evidence, last, line), `replaced unseen: ${told} after ${JSON.stringify(last)}`).toBe(true);
    value = line.after;
    last = line;
  }
  expect(sameValue(evidence.current(entity, id, field), value), `${key} is not what history says`).toBe(true);
}

function mayReplace(evidence: Evidence, old: HistoryRow, line: HistoryRow): boolean {
  // The centre's own doing: it says so in the line.
  if (line.delta === null) return true;
  const delta = evidence.pushed.get(line.delta);
  if (delta === undefined || delta.baseVersion >= old.version) return true;
  const before = old.delta === null ? undefined : evidence.answers.get(old.delta);
  const after = evidence.answers.get(line.delta);
  const ownChain =
    before !== undefined &&
    after !== undefined &&
    before.device === after.device &&
    before.epoch === after.epoch &&
    before.opNo < after.opNo;
  const merge = fieldSpec(line.entity, line.field)?.merge;
  if (merge === 'union' || merge === 'append') return combines(delta, old, line);
  if (merge === 'max' || merge === 'min') return true;
  return ownChain || evidence.conflicts.has(`${line.delta}.${line.field}`);
}

/** What others added stays, unless the author had it before him and took it out. */
function combines(delta: Delta, old: HistoryRow, line: HistoryRow): boolean {
  const list = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);
  const seen = list(delta.fields[line.field]?.base);
  const after = list(line.after);
  return list(old.after).every((item) => after.includes(item) || seen.includes(item));
}

/** A value that lost where nobody may choose but a person has its conflict. */
function checkAside(evidence: Evidence, line: HistoryRow, told: string): void {
  const merge = fieldSpec(line.entity, line.field)?.merge;
  if (line.delta === null || (merge !== 'ask' && merge !== 'authority')) return;
  // About companions of a decision nobody is asked; they are kept in this line.
  if (line.entity === 'proposal' || line.entity === 'visit_answer' || line.entity === 'conflict') return;
  const known = evidence.conflicts.has(`${line.delta}.${line.field}`) || evidence.conflicts.has(`${line.delta}.row`);
  expect(known, `no conflict for ${told}`).toBe(true);
}

/** I5: whatever was asked how often, each delta had its effect once. */
export async function checkOnce(world: World): Promise<void> {
  const answers = await world.centre.answers();
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  expect(byId.size).toBe(answers.length);
  for (const [id] of world.written)
    if (!world.goneWithDisk.has(id)) expect(byId.has(id), `${id} was never judged`).toBe(true);
  const history = await world.centre.history();
  const versions = new Map<string, Set<number>>();
  for (const line of history) {
    if (line.fate !== 'set') continue;
    const key = `${line.entity} ${line.id}`;
    versions.set(key, (versions.get(key) ?? new Set()).add(line.version));
  }
  const revived = new Set(history.filter((line) => line.field === 'row' && line.after === null).map((line) => line.id));
  for (const row of await world.centre.records()) {
    const known = versions.get(`${row.entity} ${row.id}`) ?? new Set();
    // A row first loaded, or made by the centre, has version 1 without a line about it.
    expect(known.size + (known.has(1) ? 0 : 1), `versions of ${row.entity}/${row.id}`).toBe(row.version);
    const notes = row.values['notes'];
    if (!Array.isArray(notes)) continue;
    expect(new Set(notes).size, `doubled notes of ${row.id}: ${notes.join()}`).toBe(notes.length);
    if (row.entity !== 'resident' || revived.has(row.id)) continue;
    for (const [id, delta] of world.written) {
      if (delta.row !== row.id || delta.fields['notes'] === undefined || byId.get(id)?.answer.result === 'rejected')
        continue;
      const added = delta.fields['notes'].value;
      const mark = Array.isArray(added) ? added.at(-1) : undefined;
      if (byId.has(id) && mark !== undefined) expect(notes, `note of ${id}`).toContain(mark);
    }
  }
}
