import { fail, ok, type Result } from '../result.ts';
import { toCode } from './half-width.ts';

/** 街道, 镇, 乡, 政企合一 unit. */
export type TownshipKind = 'street' | 'town' | 'township' | 'enterprise';
/** 居民委员会, 村民委员会. */
export type CommitteeKind = 'residents-committee' | 'village-committee';

/** A 12-digit division code (统计用区划代码) in parts; a part is null where the code ends above it. */
export interface Division {
  readonly code: string;
  readonly level: 'province' | 'city' | 'county' | 'township' | 'community';
  /** Six digits, GB/T 2260. */
  readonly county: string;
  /** Nine digits. */
  readonly township: string | null;
  readonly townshipKind: TownshipKind | null;
  readonly committeeKind: CommitteeKind | null;
  readonly warnings: readonly DivisionWarning[];
}

export type DivisionWarning = 'division.township-unknown' | 'division.committee-unknown';
export type DivisionCode = 'division.length' | 'division.characters';

/**
 * Reads a 12-digit division code: 6 county, 3 street or township (001–099 街道, 100–199 镇, 200–399 乡, 400–599 政企合一),
 * 3 village or community (001–199 居委会, 200–399 村委会). Numbers outside these ranges are warnings: local lists have them.
 */
export function parseDivision(input: string): Result<Division, DivisionCode> {
  const code = toCode(input);
  if (code.length !== 12) return fail('division.length', 'correct', { length: code.length });
  if (!/^\d{12}$/.test(code)) return fail('division.characters', 'correct');
  const county = code.slice(0, 6);
  const middle = Number(code.slice(6, 9));
  const last = Number(code.slice(9));
  const warnings: DivisionWarning[] = [];
  if (middle === 0 && last === 0)
    return ok({
      code,
      level: upper(county),
      county,
      township: null,
      townshipKind: null,
      committeeKind: null,
      warnings,
    });
  const townshipKind = townshipKindOf(middle);
  if (townshipKind === null) warnings.push('division.township-unknown');
  const committeeKind = last === 0 ? null : committeeKindOf(last);
  if (last !== 0 && committeeKind === null) warnings.push('division.committee-unknown');
  const level = last === 0 ? 'township' : 'community';
  return ok({ code, level, county, township: code.slice(0, 9), townshipKind, committeeKind, warnings });
}

function upper(county: string): 'province' | 'city' | 'county' {
  if (county.endsWith('0000')) return 'province';
  return county.endsWith('00') ? 'city' : 'county';
}

function townshipKindOf(number: number): TownshipKind | null {
  if (number >= 1 && number <= 99) return 'street';
  if (number >= 100 && number <= 199) return 'town';
  if (number >= 200 && number <= 399) return 'township';
  return number >= 400 && number <= 599 ? 'enterprise' : null;
}

function committeeKindOf(number: number): CommitteeKind | null {
  if (number >= 1 && number <= 199) return 'residents-committee';
  return number >= 200 && number <= 399 ? 'village-committee' : null;
}
