import type { EntityName, Values } from '../../shared/domain/entities.ts';

/** One row to load: every field of its entity, `null` where nothing is known. */
export interface DemoRow<E extends EntityName = EntityName> {
  readonly entity: E;
  readonly id: string;
  readonly area: string;
  readonly values: Values<E>;
}

export const demoRow = <E extends EntityName>(entity: E, id: string, area: string, values: Values<E>): DemoRow<E> => ({
  entity,
  id,
  area,
  values,
});

/** Names of the rows of one community: short, telling nothing about a person. `place` counts the county's divisions from 1. */
export const rowId = (kind: string, place: number, ordinal: number): string =>
  `${kind}-${String(place).padStart(2, '0')}-${String(ordinal).padStart(5, '0')}`;

type MoneyField = 'medical_self_paid_fen' | 'monthly_income_fen' | 'pension_fen';

/** A resident's values with the types that the drawing computes with. */
export type ResidentValues = Omit<Values<'resident'>, 'name' | MoneyField> & {
  readonly name: string;
  readonly medical_self_paid_fen: number | null;
  readonly monthly_income_fen: number | null;
  readonly pension_fen: number | null;
};

/** A household's values with the types that the drawing computes with. */
export type HouseholdValues = Omit<Values<'household'>, 'monthly_income_fen' | 'notes'> & {
  readonly monthly_income_fen: number | null;
  readonly notes: readonly string[];
};
