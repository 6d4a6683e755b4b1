import type { EntityName } from '../domain/entities.ts';
import { sameValue, type FieldValue } from '../domain/values.ts';

/** Fields that only tell who decided, when and how; without the decision they say nothing. */
const attributions: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  proposal: ['decided_by', 'decided_at', 'decided_how', 'dispute_reason', 'visit_id'],
  visit_answer: ['prefilled', 'origin'],
};

/**
 * Fields of a delta about which nobody is asked when they disagree with concurrent work, because another field of the same
 * decision is asked about, or because both sides found the same. Their values are set aside in history.
 *
 * Two workers who confirm one proposal with one value agree, though their names and times differ (vector SY-03). Where both
 * found a value, the value decides and not the word for it: "confirmed" beside "corrected" with one result is no dispute, and
 * two results are one dispute, not two.
 */
export function quietFields(
  entity: EntityName,
  current: Readonly<Record<string, FieldValue>>,
  offered: Readonly<Record<string, { readonly value: FieldValue }>>,
): ReadonlySet<string> {
  const quiet = new Set(attributions[entity] ?? []);
  if (entity !== 'proposal') return quiet;
  const standing = current['final_value'] ?? null;
  const wanted = offered['final_value']?.value ?? null;
  const bothFound = standing !== null && wanted !== null;
  if (!bothFound) quiet.add('final_value');
  else if (isFinding(current['state']) && isFinding(offered['state']?.value)) quiet.add('state');
  else if (!sameValue(current['state'], offered['state']?.value)) quiet.add('final_value');
  return quiet;
}

/** The worker found a value true: the one proposed, or another. */
const isFinding = (state: FieldValue | undefined): boolean => state === 'confirmed' || state === 'corrected';
