import { codeSetOf } from '../../../shared/domain/code-sets.ts';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Locale } from './time.ts';

/** Text of a code of one field, or null when the field has no code set or the set does not know the code. */
export function codeText(entity: EntityName, field: string, code: string, locale: Locale): string | null {
  const set = codeSetOf(entity, field);
  if (set === null || !Object.hasOwn(set, code)) return null;
  const found = set[code];
  if (found === undefined) return null;
  return locale === 'en' ? found.en : found.zh;
}
