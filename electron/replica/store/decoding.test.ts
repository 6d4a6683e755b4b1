import { expect, test } from 'vitest';
import { entities, type EntitySpec } from '../../../shared/domain/entities.ts';

test('RowValues names every field that holds no text', () => {
  const specs: Readonly<Record<string, EntitySpec>> = entities;
  const byType = (...types: readonly string[]): Set<string> =>
    new Set(
      Object.values(specs).flatMap(({ fields }) =>
        Object.entries(fields).flatMap(([name, { type }]) => (types.includes(type) ? [name] : [])),
      ),
    );
  expect(byType('integer', 'fen')).toEqual(
    new Set(['medical_self_paid_fen', 'pension_fen', 'monthly_income_fen', 'current_version', 'bytes']),
  );
  expect(byType('boolean')).toEqual(new Set(['living_alone', 'located']));
  expect(byType('list')).toEqual(new Set(['tags', 'notes', 'hazards', 'people_present']));
});
