import { codeSets } from '../../shared/domain/code-sets.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { Device } from './device.ts';
import { commonArea, markerOf } from './district.ts';
import type { Step } from './steps.ts';

/** What the commands of a history need to know of the world around them. */
export interface Hands {
  /** A number that was not given before. */
  next(): number;
  /** The person was shown another value and may have taken back her own. */
  withdraw(device: Device, place: string): void;
}

const tags = Object.keys(codeSets.tags);
const editable = ['phone', 'workplace', 'monthly_income_fen', 'living_alone', 'health_status'] as const;
const healthCodes = Object.keys(codeSets.health_status);

function valueFor(field: (typeof editable)[number], value: number): FieldValue {
  switch (field) {
    case 'phone':
      return `1380000000${String(value)}`;
    case 'workplace':
      return `工厂${String(value)}`;
    case 'monthly_income_fen':
      return value * 100_000;
    case 'living_alone':
      return value % 2 === 0;
    case 'health_status':
      return healthCodes[value % Math.max(1, healthCodes.length)] ?? null;
  }
}

/** Does what a step says on a device. `hands` counts what was made, so that every note has words of its own. */
export async function act(hands: Hands, device: Device, step: Step): Promise<void> {
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  const someResident = (index: number) => pick(device.rows('resident'), index);
  switch (step.do) {
    case 'edit': {
      const field = editable[step.field % editable.length] ?? 'phone';
      const row = someResident(step.row);
      if (row !== undefined) await edit(device, row.id, { [field]: valueFor(field, step.value) });
      return;
    }
    case 'note': {
      const row = someResident(step.row);
      if (row === undefined) return;

      const notes = Array.isArray(row.values['notes']) ? row.values['notes'] : [];
      await edit(device, row.id, { notes: [...notes, `note-${device.name}-${String(hands.next())}`] });
      return;
    }
    case 'tag': {
      const row = someResident(step.row);
      if (row === undefined) return;
      const now = Array.isArray(row.values['tags']) ? row.values['tags'] : [];
      const tag = tags[step.tag % tags.length] ?? 'aged';
      await edit(device, row.id, { tags: now.includes(tag) ? now.filter((one) => one !== tag) : [...now, tag] });
      return;
    }
    case 'create': {
      const area = pick(
        device.areas().filter((one) => one.code !== commonArea),
        step.area,
      )?.code;
      if (area === undefined) return;

      const id = `${device.name}-n${String(hands.next())}`;
      const twin: Record<string, FieldValue> = step.twin ? { id_no: '330299199001010011' } : {};
      const fields = { name: `新${id}`, emergency_contact: markerOf(id), notes: [], ...twin };
      device.write({
        entity: 'resident',
        row: id,
        op: 'create',
        area,
        fields,
        source: 'visit',
        reason: { kind: 'edit' },
      });
      return;
    }
    case 'remove':
    case 'move':
    case 'poison': {
      const row = someResident(step.row);
      if (row === undefined) return;
      const base = {
        entity: 'resident',
        row: row.id,
        area: row.area,
        source: 'visit',
        reason: { kind: 'edit' },
      } as const;
      if (step.do === 'remove') device.write({ ...base, op: 'delete', fields: {} });
      // A department's field, written as if it were the worker's: the centre refuses it.
      if (step.do === 'poison') device.write({ ...base, op: 'update', fields: { name: '毒' } });
      if (step.do !== 'move') return;
      const area = pick(
        device.areas().filter((one) => one.code !== commonArea),
        step.area,
      )?.code;
      if (area !== undefined) device.write({ ...base, op: 'update', fields: { area } });
      return;
    }
    case 'decide':
      return decide(device, step.nth, step.how, step.value);
    case 'visit':
      return visit(hands, device, step.nth, step.act);
    case 'settle': {
      const open = (await device.call('conflicts.list', { state: 'open' })).map((line) => line.id).sort();
      const id = pick(open, step.nth);
      if (id !== undefined) await settle(hands, device, id, step.side);
      return;
    }
    default:
      throw new Error(`no command: ${step.do}`);
  }
}

export async function edit(device: Device, rowId: string, fields: Record<string, FieldValue>): Promise<void> {
  const input = { entity: 'resident', rowId, fields, source: 'visit', visitId: null } as const;
  const answer = await device.call('fields.edit', input);
  if (!answer.ok && !device.isBurnt()) throw new Error(`fields.edit: ${answer.failure.code}`);
}

/** Settles a dispute; one that somebody settled meanwhile stays as it is. */
export async function settle(
  hands: Hands,
  device: Device,
  conflictId: string,
  side: 'current' | 'offered',
): Promise<void> {
  const local = /^local\.([a-z_]+)\.(.+)\.([a-z][a-z0-9_]*)$/.exec(conflictId);
  if (local !== null) hands.withdraw(device, local.slice(1).join('/'));
  const answer = await device.call('conflicts.settle', { conflictId, choice: { side } });
  if (!answer.ok && answer.failure.code !== 'conflict.settled' && !device.isBurnt())
    throw new Error(`conflicts.settle: ${answer.failure.code}`);
}

async function decide(device: Device, nth: number, how: string, value: number): Promise<void> {
  const proposals = device.rows('proposal');
  const proposal = proposals[nth % Math.max(1, proposals.length)];
  if (proposal === undefined) return;
  const proposalId = proposal.id;
  switch (how) {
    case 'confirm':
      await device.call('proposals.confirm', { proposalIds: [proposalId], visitId: null, how: 'document' });
      return;
    case 'correct': {
      const field = proposal.values['field'];
      const corrected =
        field === 'phone' ? `1380000000${String(value)}` : field === 'living_status' ? 'missing' : 'none';
      await device.call('proposals.correct', { proposalId, value: corrected, visitId: null, how: 'document' });
      return;
    }
    case 'dispute':
      await device.call('proposals.dispute', { proposalId, reason: `不符${String(value)}`, visitId: null });
      return;
    case 'later':
      await device.call('proposals.later', { proposalId });
      return;
    default:
      await device.call('proposals.undo', { proposalId });
  }
}

async function visit(hands: Hands, device: Device, nth: number, act: string): Promise<void> {
  const visits = device.rows('visit');
  const visitId = visits[nth % Math.max(1, visits.length)]?.id;
  if (visitId === undefined) return;

  switch (act) {
    case 'start':
      await device.call('visits.start', { visitId });
      return;
    case 'describe':
      await device.call('visits.describe', { visitId, summary: `记录${String(hands.next())}`, mode: 'at-door' });
      return;
    case 'finish':
      await device.call('visits.finish', { visitId, unsignedReason: '不在家' });
      return;
    case 'skip':
      await device.call('visits.skip', { visitId, reason: '改期' });
      return;
    default:
      await device.call('visits.reopen', { visitId });
  }
}
