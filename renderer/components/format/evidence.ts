import type { CivilDate } from '../../../shared/domain/values.ts';

/** As many characters of evidence stand beside a value; a longer text waits until it is asked for. */
const shortEnough = 16;

/**
 * A department's account of a reported value, without the day it begins with when that day is told already.
 * `short` tells whether it may stand beside the value as it is.
 */
export function evidenceOf(text: string, observedOn: CivilDate | null): { text: string; short: boolean } {
  const bare = text.trim();
  const rest =
    observedOn !== null && bare.startsWith(observedOn)
      ? bare.slice(observedOn.length).replace(/^[\s，,：:·]+/u, '')
      : bare;
  return { text: rest, short: [...rest].length <= shortEnough };
}
