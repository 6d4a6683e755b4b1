import type { FieldView } from '../../shared/contract/views.ts';

/** Groups of a person's fields, in the order of the page. */
export const residentGroups = [
  {
    key: 'identity',
    fields: [
      'name',
      'id_no',
      'sex',
      'birth_date',
      'ethnicity',
      'marital_status',
      'living_status',
      'death_date',
      'registered_address',
    ],
  },
  { key: 'contact', fields: ['phone', 'emergency_contact'] },
  { key: 'living', fields: ['residence_status', 'living_alone'] },
  { key: 'health', fields: ['health_status', 'disability_category', 'disability_grade'] },
  { key: 'income', fields: ['monthly_income_fen', 'pension_fen', 'medical_insurance', 'medical_self_paid_fen'] },
  { key: 'work', fields: ['employment', 'workplace', 'education'] },
  { key: 'tags', fields: ['tags'] },
  { key: 'notes', fields: ['notes'] },
] as const;

/** Groups of a household's fields. References to other rows are shown by the page itself. */
export const householdGroups = [
  { key: 'relief', fields: ['relief_category', 'relief_since', 'monthly_income_fen', 'household_no'] },
  { key: 'home', fields: ['housing_kind', 'living_condition', 'hazards'] },
  { key: 'care', fields: ['last_visit_on', 'next_visit_on', 'visit_reason'] },
  { key: 'notes', fields: ['notes'] },
] as const;

export interface FieldGroup {
  readonly key: string;
  /** Shown at once: known values, and unknown ones that a worker could fill in. */
  readonly shown: readonly FieldView[];
  /** A department's fields that it never reported. */
  readonly silent: readonly FieldView[];
}

const isEmpty = (view: FieldView): boolean =>
  view.value === null || view.value === '' || (Array.isArray(view.value) && view.value.length === 0);

/** Sorts fields into groups; a field this build has no group for comes last, so that nothing known is hidden. */
export function groupFields(
  views: readonly FieldView[],
  groups: readonly { readonly key: string; readonly fields: readonly string[] }[],
  leaveOut: readonly string[] = [],
): FieldGroup[] {
  const grouped = new Set([...groups.flatMap((group) => group.fields), ...leaveOut]);
  const rest = views.filter((view) => !grouped.has(view.field)).map((view) => view.field);
  const all = rest.length === 0 ? groups : [...groups, { key: 'other', fields: rest }];
  return all
    .map(({ key, fields }) => {
      const own = fields.flatMap((name) => views.filter((view) => view.field === name));
      const silent = own.filter((view) => view.owned !== null && isEmpty(view));
      return { key, shown: own.filter((view) => !silent.includes(view)), silent };
    })
    .filter((group) => group.shown.length + group.silent.length > 0);
}
