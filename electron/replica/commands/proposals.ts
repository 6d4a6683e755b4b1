import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { fieldSpec } from '../../../shared/domain/entities.ts';
import { isOpen, splitBatch, type ConfirmHow } from '../../../shared/domain/proposals.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import { fail, ok } from '../../../shared/result.ts';
import { combine } from '../../../shared/sync/combine.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import { isUndoable, readProposal, standsAsDecided, type ReadProposal } from '../queries/proposals.ts';
import { decisionOn } from '../store/field-facts.ts';
import { findProposal } from '../store/proposals.ts';
import { findVisit } from '../store/visits.ts';
import { readFieldInput } from './field-input.ts';
import type { Change, Context } from './writing.ts';

/** What a worker's way of knowing is worth as a source. */
const sourceOf: Readonly<Record<ConfirmHow, Source>> = { seen: 'visit', phone: 'phone-call', document: 'document' };

function find(context: Context, id: string): ReadProposal | undefined {
  const row = findProposal(context.reader, id);
  return row === undefined ? undefined : readProposal(context, row);
}

const reasonOf = (proposal: ReadProposal, visitId: string | null): Reason =>
  visitId === null
    ? { kind: 'proposal', proposal: proposal.row.id }
    : { kind: 'proposal', proposal: proposal.row.id, visit: visitId };

/** The proposal's own half of a decision. */
function decision(
  context: Context,
  proposal: ReadProposal,
  fields: Record<string, FieldValue>,
  how: ConfirmHow | null,
  visitId: string | null,
): Change {
  return {
    entity: 'proposal',
    row: proposal.row.id,
    op: 'update',
    area: proposal.row.area,
    fields: {
      ...fields,
      decided_by: context.person.id,
      decided_at: context.now(),
      decided_how: how,
      visit_id: visitId,
    },
    source: sourceOf[how ?? 'seen'],
    reason: reasonOf(proposal, visitId),
  };
}

/** The subject's half: empty where the row is gone, or where what is proposed is no field (a person to add). */
function subjectChange(proposal: ReadProposal, value: FieldValue, source: Source, reason: Reason): Change[] {
  const { subject, entity, field } = proposal;
  if (subject === undefined || subject.deleted || fieldSpec(entity, field) === undefined) return [];
  return [{ entity, row: subject.id, op: 'update', area: subject.area, fields: { [field]: value }, source, reason }];
}

/** The visit a decision names, unless it is not here: a reason must lead somewhere. */
const namedVisit = (context: Context, visitId: string | null): string | null =>
  visitId !== null && findVisit(context.reader, visitId) !== undefined ? visitId : null;

/**
 * The value that confirming leaves in the field: for sets and logs, what the department adds to what stands now, so that the
 * second of two notes does not wipe out the first.
 */
function confirmedValue({ entity, field, before, current, after }: ReadProposal): FieldValue {
  const policy = fieldSpec(entity, field)?.merge;
  const combines = policy === 'union' || policy === 'append';
  return (combines ? combine(policy, before, current, after) : undefined) ?? after;
}

/** A visit counts as the place of a decision only when it is here and open or done: a name alone proves nothing. */
function visitHousehold(context: Context, visitId: string | null): string | null {
  const visit = visitId === null ? undefined : findVisit(context.reader, visitId);
  return visit === undefined || visit.values.state === 'skipped' || visit.values.state === 'planned'
    ? null
    : visit.values.household_id;
}

function confirm(context: Context, input: ParsedInput<'proposals.confirm'>): CallOutput<'proposals.confirm'> {
  const refused: {
    id: string;
    code: 'proposal.closed' | 'proposal.unknown' | 'proposal.needs-visit' | 'proposal.one-by-one';
  }[] = [];
  const found = new Map<string, ReadProposal>();
  for (const id of new Set(input.proposalIds)) {
    const proposal = find(context, id);
    if (proposal === undefined) refused.push({ id, code: 'proposal.unknown' });
    else found.set(id, proposal);
  }
  const visitId = namedVisit(context, input.visitId);
  const household = visitHousehold(context, visitId);
  const sorted = splitBatch(
    [...found.values()].map(({ row, grade, state }) => ({
      id: row.id,
      grade,
      state,
      inVisit: household !== null && row.values.household_id === household,
    })),
    { how: input.how, hasVisit: household !== null },
  );
  let waiting = 0;
  // A write for each: deltas of one write stand or fall together at the centre, and one bad record holds up no other.
  for (const id of sorted.confirmed) {
    const proposal = found.get(id);
    if (proposal === undefined) throw new Error('a batch confirmed a proposal that was not in it');
    const reason = reasonOf(proposal, visitId);
    const outcome = { state: 'confirmed', final_value: proposal.row.values.new_value };
    const written = context.write(
      [
        ...subjectChange(proposal, confirmedValue(proposal), proposal.source, reason),
        decision(context, proposal, outcome, input.how, visitId),
      ],
      { action: 'proposals.confirm', subject: id, detail: input.how },
    );
    waiting = written.waiting;
  }
  return ok({ confirmed: [...sorted.confirmed], refused: [...refused, ...sorted.refused], waiting });
}

function correct(context: Context, input: ParsedInput<'proposals.correct'>): CallOutput<'proposals.correct'> {
  const proposal = find(context, input.proposalId);
  if (proposal === undefined) return fail('proposal.unknown', 'reload');
  if (!isOpen(proposal.state)) return fail('proposal.closed', 'reload');
  const visitId = namedVisit(context, input.visitId);
  const proved = input.how === 'document' || (input.how === 'seen' && visitHousehold(context, visitId) !== null);
  if (proposal.grade === 'R' && !proved) return fail('proposal.needs-visit', 'correct');
  const value = readFieldInput(context, proposal.entity, proposal.field, input.value);
  if (value === undefined) return fail('value.invalid', 'correct');
  const source = sourceOf[input.how];
  // The department's word comes with its proposal; another value is the worker's own word, and its reason is the talk.
  const reason: Reason = visitId === null ? { kind: 'edit' } : { kind: 'visit', visit: visitId };
  const owned = fieldSpec(proposal.entity, proposal.field)?.owner !== undefined;
  const outcome = { state: 'corrected', final_value: JSON.stringify(value) };
  const { waiting } = context.write(
    [
      // A department's field is not ours to write: the corrected proposal itself is the note back to it.
      ...(owned ? [] : subjectChange(proposal, value, source, reason)),
      decision(context, proposal, outcome, input.how, visitId),
    ],
    { action: 'proposals.correct', subject: proposal.row.id, detail: input.how },
  );
  return ok({ waiting });
}

function dispute(context: Context, input: ParsedInput<'proposals.dispute'>): CallOutput<'proposals.dispute'> {
  const proposal = find(context, input.proposalId);
  if (proposal === undefined) return fail('proposal.unknown', 'reload');
  if (!isOpen(proposal.state)) return fail('proposal.closed', 'reload');
  const visitId = namedVisit(context, input.visitId);
  const outcome = { state: 'disputed', dispute_reason: input.reason };
  const { waiting } = context.write([decision(context, proposal, outcome, 'seen', visitId)], {
    action: 'proposals.dispute',
    subject: proposal.row.id,
  });
  return ok({ waiting });
}

function later(context: Context, input: ParsedInput<'proposals.later'>): CallOutput<'proposals.later'> {
  const proposal = find(context, input.proposalId);
  if (proposal === undefined) return fail('proposal.unknown', 'reload');
  if (!isOpen(proposal.state)) return fail('proposal.closed', 'reload');
  const { waiting } = context.write([decision(context, proposal, { state: 'later' }, null, null)], {
    action: 'proposals.later',
    subject: proposal.row.id,
  });
  return ok({ waiting });
}

function undo(context: Context, input: ParsedInput<'proposals.undo'>): CallOutput<'proposals.undo'> {
  const proposal = find(context, input.proposalId);
  if (proposal === undefined) return fail('proposal.unknown', 'reload');
  if (!isUndoable(context, proposal)) {
    const decided = proposal.state !== 'pending' && proposal.state !== 'void';
    return decided && !standsAsDecided(context, proposal)
      ? fail('proposal.changed-since', 'reload')
      : fail('proposal.not-decided', 'reload');
  }
  const reason: Reason = { kind: 'undo', of: proposal.row.id };
  const touched = decisionOn(context.reader, proposal.entity, proposal.subjectId, proposal.field, proposal.row.id);
  const restore =
    touched === undefined || sameValue(touched.before, touched.after)
      ? []
      : subjectChange(proposal, touched.before, 'visit', reason);
  const { waiting } = context.write(
    [
      ...restore,
      {
        entity: 'proposal',
        row: proposal.row.id,
        op: 'update',
        area: proposal.row.area,
        fields: {
          state: 'pending',
          final_value: null,
          decided_by: null,
          decided_at: null,
          decided_how: null,
          dispute_reason: null,
          visit_id: null,
        },
        source: 'visit',
        reason,
      },
    ],
    { action: 'proposals.undo', subject: proposal.row.id },
  );
  return ok({ waiting });
}

export const proposalCommands = {
  'proposals.confirm': confirm,
  'proposals.correct': correct,
  'proposals.dispute': dispute,
  'proposals.later': later,
  'proposals.undo': undo,
};
