import { fail, ok, type Result } from '../result.ts';
import { toCode } from './half-width.ts';

/** A unified social credit code (统一社会信用代码) that holds. */
export interface Uscc {
  readonly code: string;
  /** First character: the registering department; 1 编办, 3 司法, 5 民政, 9 市场监管, N 农业, Y other. */
  readonly department: string;
  /** Second character: the kind of body under that department. */
  readonly kind: string;
  /** Characters 3 to 8: division of the registering office. */
  readonly division: string;
  /** Characters 9 to 17: organisation code (GB 11714). */
  readonly organisation: string;
  readonly warnings: readonly UsccWarning[];
}

export type UsccWarning = 'uscc.department-unknown' | 'uscc.kind-unknown';
export type UsccCode = 'uscc.length' | 'uscc.characters' | 'uscc.organisation-check' | 'uscc.check-character';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28] as const;
const organisationAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** Eighteenth character for the first seventeen (GB 32100-2015). */
export function usccCheckCharacter(seventeen: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * alphabet.indexOf(seventeen.charAt(index)), 0);
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** Ninth character of an organisation code for the first eight (GB 11714). */
export function organisationCheckCharacter(eight: string): string {
  const sum = organisationWeights.reduce(
    (total, weight, index) => total + weight * organisationAlphabet.indexOf(eight.charAt(index)),
    0,
  );
  const rest = 11 - (sum % 11);
  if (rest === 10) return 'X';
  return rest === 11 ? '0' : String(rest);
}

/** Kinds a department is known to register; any other is only a warning, since the lists grow. */
const kindsOf: Readonly<Record<string, string>> = {
  '1': '1239',
  '3': '123459',
  '5': '123459',
  '9': '123',
  N: '1239',
  Y: '1',
};

/**
 * Reads a unified social credit code by GB 32100-2015 with its inner organisation code: half-width, upper case.
 * @returns the code in parts, or the first rule it breaks
 */
export function parseUscc(input: string): Result<Uscc, UsccCode> {
  const code = toCode(input);
  if (code.length !== 18) return fail('uscc.length', 'correct', { length: code.length });
  if (!/^[0-9A-HJ-NPQRTUW-Y]{2}\d{6}[0-9A-HJ-NPQRTUW-Y]{10}$/.test(code)) return fail('uscc.characters', 'correct');
  if (usccCheckCharacter(code.slice(0, 17)) !== code.charAt(17)) return fail('uscc.check-character', 'correct');
  const organisation = code.slice(8, 17);
  if (organisationCheckCharacter(organisation.slice(0, 8)) !== organisation.charAt(8))
    return fail('uscc.organisation-check', 'correct');
  const department = code.charAt(0);
  const kind = code.charAt(1);
  const kinds = kindsOf[department];
  const warnings: UsccWarning[] = [];
  if (kinds === undefined) warnings.push('uscc.department-unknown');
  else if (!kinds.includes(kind)) warnings.push('uscc.kind-unknown');
  return ok({ code, department, kind, division: code.slice(2, 8), organisation, warnings });
}
