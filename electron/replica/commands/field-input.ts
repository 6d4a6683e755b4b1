import { codeSetOf } from '../../../shared/domain/code-sets.ts';
import { fieldSpec, type EntityName, type FieldSpec } from '../../../shared/domain/entities.ts';
import { parsePhone } from '../../../shared/domain/phone.ts';
import { isDepartment, type Source } from '../../../shared/domain/sources.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import { parseCitizenId } from '../../../shared/idcard/citizen-id.ts';
import { checkValue } from '../../../shared/sync/check-value.ts';
import { findLiveRow } from '../store/decoding.ts';
import type { Context } from './writing.ts';

/** Where the rows a `ref` field may name are kept. */
const referred: Readonly<Record<string, EntityName>> = {
  householder_id: 'resident',
  resident_id: 'resident',
  household_id: 'household',
  address_id: 'address',
};

const longestText = 2000;

/** Sources a person can vouch for; departments and the product speak for themselves. */
export const isWorkersSource = (source: Source): boolean => !isDepartment(source) && source !== 'system';

function textOf(context: Context, spec: FieldSpec, field: string, value: string): string | undefined {
  const text = value.trim();
  if (text === '') return undefined;
  if (text.length > longestText) return undefined;
  if (spec.mask === 'id-number') {
    // The division's prefix only ever warns, so no list of prefixes is needed to take a number in.
    const rules = { today: context.today(), prefixes: new Set<string>(), demonstration: context.demonstration };
    const read = parseCitizenId(text, rules);
    return read.ok ? read.value.number : undefined;
  }
  if (spec.mask === 'phone' && field === 'phone') {
    const read = parsePhone(text);
    return read.ok ? read.value.number : undefined;
  }
  // What a masked screen shows must not come back as the value.
  if (spec.mask !== undefined && text.includes('***')) return undefined;
  return text;
}

function listOf(
  entity: EntityName,
  field: string,
  value: readonly string[],
  current: FieldValue,
): FieldValue | undefined {
  const items = [...new Set(value.map((item) => item.trim()))].filter((item) => item !== '');
  const set = codeSetOf(entity, field);
  if (set === null) return items;
  // A code that another build put there may stay; a new one must be known.
  const there = new Set(Array.isArray(current) ? current : []);
  return items.every((item) => Object.hasOwn(set, item) || there.has(item)) ? items : undefined;
}

/**
 * Reads a value somebody typed or picked for a field: type, format, code set, and whether a row it names is here.
 * @param current the field's value now, which may always stay
 * @returns the value in its one spelling, or undefined when it is none for this field; an empty text means not known
 */
export function readFieldInput(
  context: Context,
  entity: EntityName,
  field: string,
  value: FieldValue,
  current: FieldValue = null,
): FieldValue | undefined {
  const spec = fieldSpec(entity, field);
  if (spec === undefined) return undefined;
  if (value === null || value === '') return null;
  if (sameValue(value, current)) return value;
  if (!checkValue(spec.type, value)) return undefined;
  if (Array.isArray(value)) return listOf(entity, field, value, current);
  if (typeof value === 'number') return spec.type === 'fen' && value < 0 ? undefined : value;
  if (typeof value === 'boolean') return value;
  switch (spec.type) {
    case 'code': {
      const set = codeSetOf(entity, field);
      return set === null || Object.hasOwn(set, value) ? value : undefined;
    }
    case 'ref': {
      const target = referred[field];
      return target === undefined || findLiveRow(context.reader, target, value) !== undefined ? value : undefined;
    }
    case 'text':
      return textOf(context, spec, field, value);
    default:
      return value;
  }
}
