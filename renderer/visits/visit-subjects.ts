import type { ProposalView, QuestionView, VisitView } from '../../shared/contract/views.ts';

/** Whom a part of the visit is about: the household itself, or one member. */
export interface Subject {
  /** Resident id, or `household`. */
  readonly id: string;
  readonly proposals: readonly ProposalView[];
  readonly questions: readonly QuestionView[];
  /** Proposals nobody has decided. */
  readonly undecided: number;
  /** Required questions with neither an answer nor a suggestion. */
  readonly unanswered: number;
  /** Questions whose suggestion nobody has confirmed; it becomes the answer when the visit is finished. */
  readonly suggested: number;
}

export const householdSubject = 'household';

const isOpen = ({ state }: ProposalView): boolean => state === 'pending' || state === 'later';

/** Proposals still open come first, in the order they came; decided ones sink. */
function inOrder(proposals: readonly ProposalView[]): readonly ProposalView[] {
  return [...proposals.filter(isOpen), ...proposals.filter((proposal) => !isOpen(proposal))];
}

function subjectOf(id: string, proposals: readonly ProposalView[], questions: readonly QuestionView[]): Subject {
  return {
    id,
    proposals: inOrder(proposals),
    questions,
    undecided: proposals.filter(({ state }) => state === 'pending').length,
    unanswered: questions.filter(({ required, answer, prefilled }) => required && answer === null && prefilled === null)
      .length,
    suggested: questions.filter(({ answer, prefilled }) => answer === null && prefilled !== null).length,
  };
}

/**
 * The visit by subject, in the order of the rail: the household, then its members. A proposal or question about somebody
 * who is no member any more stands with the household, so that nothing is out of sight.
 */
export function subjectsOf(visit: VisitView): readonly Subject[] {
  const members = visit.household.members.map(({ id }) => id);
  const known = new Set(members);
  const place = (id: string | null): string => (id !== null && known.has(id) ? id : householdSubject);
  return [householdSubject, ...members].map((id) =>
    subjectOf(
      id,
      visit.proposals.filter(({ subject }) => place(subject.entity === 'resident' ? subject.id : null) === id),
      visit.questions.filter(({ residentId }) => place(residentId) === id),
    ),
  );
}

/** The subject that needs the worker next, after `from` and around: changes first, then answers; null when none does. */
export function nextSubject(subjects: readonly Subject[], from: string | null): Subject | null {
  const start = subjects.findIndex(({ id }) => id === from) + 1;
  const around = [...subjects.slice(start), ...subjects.slice(0, start)];
  return around.find(({ undecided }) => undecided > 0) ?? around.find(({ unanswered }) => unanswered > 0) ?? null;
}

/** How a decision at this visit counts: seen where the worker stands at the door, else told by phone. */
export const howAt = (mode: VisitView['mode']): 'seen' | 'phone' => (mode === 'at-door' ? 'seen' : 'phone');
