import { ageIfKnown } from './age.ts';

/** What a line of today's route warns of, in the order it is shown. */
export const flagOrder = ['deceased', 'expense-alert', 'elder-alone', 'minor', 'disabled', 'relief'] as const;
export type Flag = (typeof flagOrder)[number];

/** What flags need to know of a resident row. */
export interface FlagResident {
  readonly birth_date: string | null;
  readonly living_status: string | null;
  readonly living_alone: boolean | null;
  readonly disability_category: string | null;
  readonly medical_self_paid_fen: number | null;
  readonly monthly_income_fen: number | null;
  readonly tags: readonly string[] | null;
}

/** What flags need to know of a household row. */
export interface FlagHousehold {
  readonly relief_category: string | null;
  readonly monthly_income_fen: number | null;
}

const elderFrom = 60;
const adultFrom = 18;

/** Money of a household over twelve months, in fen; null where it is not known. */
export interface HouseholdMoney {
  readonly selfPaidFen: number | null;
  readonly incomeFen: number | null;
}

/**
 * Self-paid medical cost and income of a household over twelve months.
 * The household's own monthly income counts where it is known, else the sum of its members', if every adult's is known.
 * A cost nobody reported is no cost; none reported for anybody is not known.
 */
export function householdMoney(
  household: FlagHousehold,
  members: readonly FlagResident[],
  today: string,
): HouseholdMoney {
  const living = members.filter((member) => member.living_status !== 'deceased');
  const costs = living.flatMap((member) =>
    member.medical_self_paid_fen === null ? [] : [member.medical_self_paid_fen],
  );
  const selfPaidFen = costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
  if (household.monthly_income_fen !== null) return { selfPaidFen, incomeFen: household.monthly_income_fen * 12 };
  let monthly = 0;
  for (const member of living) {
    const age = ageIfKnown(member.birth_date, today);
    if (member.monthly_income_fen === null && (age === null || age >= adultFrom))
      return { selfPaidFen, incomeFen: null };
    monthly += member.monthly_income_fen ?? 0;
  }
  return { selfPaidFen, incomeFen: living.length === 0 ? null : monthly * 12 };
}

/**
 * The 50 % rule (domain facts, 4.4): self-paid medical cost of twelve months over half of the income of the same time is a
 * lead for a visit, never a decision. Doubled, not halved or divided: exact, and right with no income at all.
 */
export const isExpenseAlert = ({ selfPaidFen, incomeFen }: HouseholdMoney): boolean =>
  selfPaidFen !== null && incomeFen !== null && 2 * selfPaidFen > incomeFen;

/** Self-paid cost as a share of yearly income in percent, one decimal; null when either is not known or there is no income. */
export function expenseShare({ selfPaidFen, incomeFen }: HouseholdMoney): number | null {
  if (selfPaidFen === null || incomeFen === null || incomeFen <= 0) return null;
  return Math.round((selfPaidFen * 1000) / incomeFen) / 10;
}

/** Flags of a household on a day. Tags set by a worker count as well as facts from which they would follow. */
export function flagsOf(household: FlagHousehold, members: readonly FlagResident[], today: string): Flag[] {
  const living = members.filter((member) => member.living_status !== 'deceased');
  const tagged = (member: FlagResident, tag: string): boolean => member.tags?.includes(tag) === true;
  const ageOf = (member: FlagResident): number | null => ageIfKnown(member.birth_date, today);
  const isElder = (member: FlagResident): boolean => (ageOf(member) ?? 0) >= elderFrom;
  const holds: Readonly<Record<Flag, boolean>> = {
    deceased: living.length < members.length,
    'expense-alert': isExpenseAlert(householdMoney(household, members, today)),
    'elder-alone': living.some(
      (member) =>
        isElder(member) &&
        // What was seen at the door outranks the tag and the count of names in the register.
        (member.living_alone ?? (tagged(member, 'alone') || living.length === 1)),
    ),
    minor: living.some((member) => (ageOf(member) ?? adultFrom) < adultFrom),
    disabled: living.some(
      (member) =>
        (member.disability_category !== null && member.disability_category !== 'none') ||
        tagged(member, 'severe-disability') ||
        tagged(member, 'disabled'),
    ),
    relief: household.relief_category !== null && household.relief_category !== 'none',
  };
  return flagOrder.filter((flag) => holds[flag]);
}

/** Fields by how much a change of them says about a household, most telling first; others follow. */
const telling = [
  'living_status',
  'death_date',
  'relief_category',
  'medical_self_paid_fen',
  'id_no',
  'name',
  'birth_date',
  'disability_grade',
  'disability_category',
  'monthly_income_fen',
  'pension_fen',
  'residence_status',
  'registered_address',
  'relation',
  'resident_id',
  'marital_status',
  'medical_insurance',
  'employment',
  'phone',
] as const;

const placeOf = (field: string): number => {
  const place = telling.findIndex((name) => name === field);
  return place < 0 ? telling.length : place;
};

const gradeOrder = { R: 0, Y: 1, G: 2 } as const;

interface Change {
  readonly id: string;
  readonly field: string;
  readonly grade: keyof typeof gradeOrder;
  readonly observedOn: string | null;
}

/** Orders changes for a card or a list: the most telling field first, then the graver grade, then the newest. */
export function byTelling(a: Change, b: Change): number {
  return (
    placeOf(a.field) - placeOf(b.field) ||
    gradeOrder[a.grade] - gradeOrder[b.grade] ||
    (b.observedOn ?? '').localeCompare(a.observedOn ?? '') ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
