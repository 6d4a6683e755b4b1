import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { ProposalView } from '../../../shared/contract/views.ts';
import { isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import { Source } from '../../../shared/domain/sources.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import type { Context } from '../commands/writing.ts';
import { findRow, valueOf, valueOfJson, type EntityRow } from '../store/decoding.ts';
import { decisionOn } from '../store/field-facts.ts';
import { openProposals, openProposalsOfHousehold } from '../store/proposals.ts';
import { authorOf } from '../store/workers.ts';
import { shown } from './masking.ts';
import { subjectOf } from './subjects.ts';

/** A proposal read apart: what it is about, and its values out of their JSON. */
export interface ReadProposal {
  readonly row: EntityRow<'proposal'>;
  readonly entity: EntityName;
  readonly subjectId: string;
  /** Undefined when the row it is about is not here. */
  readonly subject: EntityRow | undefined;
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly final: FieldValue;
  /** The value the field shows now. */
  readonly current: FieldValue;
  readonly source: Source;
  readonly grade: ProposalView['grade'];
  readonly state: ProposalView['state'];
}

const grades = ['G', 'Y', 'R'] as const;
const states = ['pending', 'confirmed', 'corrected', 'disputed', 'later', 'void'] as const;

export function readProposal(context: Context, row: EntityRow<'proposal'>): ReadProposal {
  const { values } = row;
  const entity: EntityName =
    values.subject_entity !== null && isEntityName(values.subject_entity) ? values.subject_entity : 'resident';
  const subjectId = values.subject_id ?? row.id;
  const subject = findRow(context.reader, entity, subjectId);
  const field = values.field ?? '';
  const source = Source.safeParse(values.source);
  return {
    row,
    entity,
    subjectId,
    subject,
    field,
    before: valueOfJson(values.old_value),
    after: valueOfJson(values.new_value),
    final: valueOfJson(values.final_value),
    current: subject === undefined ? null : valueOf(subject, field),
    source: source.success ? source.data : 'system',
    // A grade this build does not know is treated with the most care.
    grade: grades.find((grade) => grade === values.grade) ?? 'R',
    state: states.find((state) => state === values.state) ?? 'pending',
  };
}

/**
 * True when the field still shows what the decision left there, so that taking the decision back wipes out nothing.
 * A decision that did not touch the field (a dispute, an owned field, a value that was there already) always stands.
 */
export function standsAsDecided(context: Context, proposal: ReadProposal): boolean {
  const left = decisionOn(context.reader, proposal.entity, proposal.subjectId, proposal.field, proposal.row.id);
  return left === undefined || sameValue(proposal.current, left.after);
}

const decided: ReadonlySet<ProposalView['state']> = new Set(['confirmed', 'corrected', 'disputed', 'later']);

/** Decided by this person, and nothing has changed since. */
export const isUndoable = (context: Context, proposal: ReadProposal): boolean =>
  decided.has(proposal.state) &&
  proposal.row.values.decided_by === context.person.id &&
  standsAsDecided(context, proposal);

export function proposalView(context: Context, row: EntityRow<'proposal'>): ProposalView {
  const proposal = readProposal(context, row);
  const { values } = row;
  const subject = subjectOf(context.reader, proposal.entity, proposal.subjectId, context.today());
  const mask = (value: FieldValue): FieldValue => shown(proposal.entity, proposal.field, value);
  return {
    id: row.id,
    subject: { entity: proposal.entity, id: proposal.subjectId, name: subject.name },
    householdId: values.household_id ?? subject.householdId,
    field: proposal.field,
    before: mask(proposal.before),
    after: mask(proposal.after),
    current: mask(proposal.current),
    source: proposal.source,
    observedOn: values.observed_on,
    evidence: values.evidence,
    grade: proposal.grade,
    dueOn: values.due_on,
    state: proposal.state,
    finalValue: mask(proposal.final),
    decidedAt: values.decided_at,
    decidedBy: values.decided_by === null ? null : authorOf(context.reader, values.decided_by, context.person.id),
    undoable: isUndoable(context, proposal),
  };
}

export const proposalQueries = {
  'proposals.list': (context: Context, input: ParsedInput<'proposals.list'>): CallOutput<'proposals.list'> => {
    const limit = Math.max(0, input.limit);
    const rows =
      input.householdId === undefined
        ? openProposals(context.reader, limit)
        : openProposalsOfHousehold(context.reader, input.householdId, limit);
    return rows.map((row) => proposalView(context, row));
  },
};
