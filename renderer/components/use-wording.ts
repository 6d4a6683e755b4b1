import { useI18n } from 'vue-i18n';
import type { Problem } from './problem.ts';

export interface Wording {
  /** What happened. */
  happened(problem: Problem): string;
  /** What to do now. */
  next(problem: Problem): string;
}

/** Problems in words: by their code, or by a plain sentence for a code without one. */
export function useWording(): Wording {
  const { t, te } = useI18n();
  return {
    happened: ({ code, facts }) => t(te(`failure.${code}`) ? `failure.${code}` : 'failure.other', { ...facts }),
    next: ({ code, next, facts }) =>
      te(`failure-next.${code}`) ? t(`failure-next.${code}`, { ...facts }) : t(`next.${next}`),
  };
}
