import { fail, ok, type Result } from '../result.ts';
import type { EntityName } from './entities.ts';
import { parsePhone } from './phone.ts';
import { sameAddress } from './place.ts';
import { sameValue, type FieldValue } from './values.ts';

/**
 * How much proof a change needs (domain facts, 2.3): `G` may be confirmed in bulk, `Y` one by one with its source shown,
 * `R` only at a visit or on a document.
 */
export type Grade = 'G' | 'Y' | 'R';
export type ProposalState = 'pending' | 'confirmed' | 'corrected' | 'disputed' | 'later' | 'void';
/** 现场 / 电话 / 资料 */
export type ConfirmHow = 'seen' | 'phone' | 'document';

/** Facts on who somebody is, or whether he lives: only a visit or a document will do. */
const graveFields: Readonly<Partial<Record<EntityName, ReadonlySet<string>>>> = {
  resident: new Set(['name', 'id_no', 'sex', 'birth_date', 'living_status', 'death_date']),
  organisation: new Set(['uscc']),
};

/** Money paid out every month: less of it, or none, is a benefit lowered or stopped. */
const benefitAmounts: ReadonlySet<string> = new Set(['pension_fen']);

/** Relief categories (救助身份) from most to least support; see `code-sets.ts`. */
const reliefOrder = ['destitute', 'minimum', 'edge', 'rigid', 'none'] as const;

/** Tags that stand on a guardian's decision (监护). */
const guardianship: ReadonlySet<string> = new Set(['orphan', 'unattended-child']);

/**
 * Grade of a change some feed suggests.
 * @param after the value suggested
 * @param before the value known, if it is; without it a doubtful change gets the stricter grade
 */
export function gradeOf(entity: EntityName, field: string, after: FieldValue, before?: FieldValue): Grade {
  if (graveFields[entity]?.has(field) === true) return 'R';
  if (entity === 'household' && (field === 'relief_category' || field === 'relief_since'))
    return field === 'relief_category' && raisesRelief(before, after) ? 'Y' : 'R';
  if (entity !== 'resident') return 'Y';
  if (benefitAmounts.has(field)) return lowers(before, after) ? 'R' : 'Y';
  switch (field) {
    case 'disability_category':
    case 'disability_grade':
      // A certificate that is gone, or a lighter grade (a larger number), ends or lowers a subsidy.
      return stops(after) || isLighterGrade(field, before, after) ? 'R' : 'Y';
    case 'medical_insurance':
      return stops(after) ? 'R' : 'G';
    case 'medical_self_paid_fen':
    case 'education':
      return 'G';
    case 'phone':
      return isSpellingOfPhone(before, after) ? 'G' : 'Y';
    case 'registered_address':
      return typeof before === 'string' && typeof after === 'string' && sameAddress(before, after) ? 'G' : 'Y';
    case 'tags':
      return touchesGuardianship(before, after) ? 'R' : 'Y';
    default:
      return 'Y';
  }
}

const stops = (after: FieldValue): boolean => after === null || after === '' || after === 'none';

function lowers(before: FieldValue | undefined, after: FieldValue): boolean {
  if (typeof after !== 'number' || after === 0) return true;
  return typeof before === 'number' && after < before;
}

function isLighterGrade(field: string, before: FieldValue | undefined, after: FieldValue): boolean {
  return field === 'disability_grade' && typeof before === 'string' && typeof after === 'string' && after > before;
}

function raisesRelief(before: FieldValue | undefined, after: FieldValue): boolean {
  if (before === undefined || stops(after)) return false;
  const rank = (value: FieldValue): number => reliefOrder.findIndex((category) => category === (value ?? 'none'));
  return rank(after) >= 0 && rank(after) < rank(before);
}

/** A first number is told, not proved, yet nothing is lost by it; another number is another fact. */
function isSpellingOfPhone(before: FieldValue | undefined, after: FieldValue): boolean {
  if (before === undefined || before === null || before === '') return true;
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const old = parsePhone(before);
  const wanted = parsePhone(after);
  return old.ok && wanted.ok ? old.value.number === wanted.value.number : sameValue(before, after);
}

function touchesGuardianship(before: FieldValue | undefined, after: FieldValue): boolean {
  const known = new Set(Array.isArray(before) ? before : []);
  const wanted = new Set(Array.isArray(after) ? after : []);
  return [...guardianship].some((tag) => known.has(tag) !== wanted.has(tag));
}

export interface ConfirmCircumstances {
  readonly how: ConfirmHow;
  /** A visit is named as the place of the confirmation. */
  readonly hasVisit: boolean;
  /** How many proposals the same tap confirms. */
  readonly batchSize: number;
  /** All of the batch belongs to that one visit and was on screen there. */
  readonly inVisit: boolean;
}

export type ConfirmCode = 'proposal.closed' | 'proposal.needs-visit' | 'proposal.one-by-one';

/** A decided proposal is closed; one put off (暂缓) still waits. */
export const isOpen = (state: ProposalState): boolean => state === 'pending' || state === 'later';

/**
 * May this proposal be confirmed like this?
 * Grade R is never taken along with others: whoever confirms a death looks at that one.
 */
export function mayConfirm(
  proposal: { readonly grade: Grade; readonly state: ProposalState },
  circumstances: ConfirmCircumstances,
): Result<void, ConfirmCode> {
  const { how, hasVisit, batchSize, inVisit } = circumstances;
  if (!isOpen(proposal.state)) return fail('proposal.closed', 'reload');
  switch (proposal.grade) {
    case 'G':
      return ok(undefined);
    case 'Y':
      return batchSize > 1 && !(hasVisit && inVisit) ? fail('proposal.one-by-one', 'correct') : ok(undefined);
    case 'R': {
      const proved = how === 'document' || (how === 'seen' && hasVisit);
      if (!proved) return fail('proposal.needs-visit', 'correct');
      return batchSize > 1 ? fail('proposal.one-by-one', 'correct') : ok(undefined);
    }
  }
}

export interface BatchItem {
  readonly id: string;
  readonly grade: Grade;
  readonly state: ProposalState;
  /** Belongs to the visit named, and was on screen there. */
  readonly inVisit: boolean;
}

/** Sorts a batch: what may not be confirmed is refused by itself and holds up nothing else (vector SY-04). */
export function splitBatch(
  items: readonly BatchItem[],
  circumstances: { readonly how: ConfirmHow; readonly hasVisit: boolean },
): { readonly confirmed: readonly string[]; readonly refused: readonly { id: string; code: ConfirmCode }[] } {
  const confirmed: string[] = [];
  const refused: { id: string; code: ConfirmCode }[] = [];
  const inVisit = items.every((item) => item.inVisit);
  for (const item of items) {
    const allowed = mayConfirm(item, { ...circumstances, batchSize: items.length, inVisit });
    if (allowed.ok) confirmed.push(item.id);
    else refused.push({ id: item.id, code: allowed.failure.code });
  }
  return { confirmed, refused };
}
