import type { MergeClass } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';

const listOf = (value: FieldValue | undefined): readonly string[] => (Array.isArray(value) ? value : []);

/**
 * Combines two concurrent writes of a field whose merge class needs nobody to choose.
 * @param base what the offering side had seen; absent means nothing
 * @returns the combined value, or undefined where the class cannot combine (`ask`, `authority`) or a side is not known
 */
export function combine(
  policy: MergeClass,
  base: FieldValue | undefined,
  current: FieldValue,
  offered: FieldValue,
): FieldValue | undefined {
  switch (policy) {
    case 'union': {
      const seen = new Set(listOf(base));
      const wanted = new Set(listOf(offered));
      const kept = listOf(current).filter((item) => wanted.has(item) || !seen.has(item));
      const added = listOf(offered).filter((item) => !seen.has(item) && !kept.includes(item));
      return [...kept, ...added];
    }
    case 'append': {
      // Counted, not looked up: the same words noted on two days are two notes.
      const left = new Map<string, number>();
      for (const item of listOf(base)) left.set(item, (left.get(item) ?? 0) + 1);
      const added = listOf(offered).filter((item) => {
        const count = left.get(item) ?? 0;
        left.set(item, count - 1);
        return count <= 0;
      });
      return [...listOf(current), ...added];
    }
    case 'counter':
      if (typeof current !== 'number' || typeof offered !== 'number') return undefined;
      return current + offered - (typeof base === 'number' ? base : 0);
    case 'max':
    case 'min': {
      if (current === null) return offered;
      if (offered === null) return current;
      const offeredWins = policy === 'max' ? offered > current : offered < current;
      return offeredWins ? offered : current;
    }
    case 'ask':
    case 'authority':
      return undefined;
  }
}
