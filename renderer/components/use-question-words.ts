import { useI18n } from 'vue-i18n';
import { useFormat } from './use-format.ts';
import { sayMoney } from './format/value.ts';
import type { QuestionView } from '../../shared/contract/views.ts';
import { questionByKey } from '../../shared/domain/questions.ts';

/** What of a question its words hang on. */
export interface Asked extends Pick<QuestionView, 'key' | 'input'> {
  readonly options: readonly string[];
}

export interface QuestionWords {
  ask(question: Pick<Asked, 'key'>): string;
  options(question: Asked): readonly { readonly value: string; readonly label: string }[];
  /** An answer as people say it. */
  answer(question: Asked, value: string): string;
}

/** Questions and answers in the words of the current language; a question of another release shows its key. */
export function useQuestionWords(): QuestionWords {
  const { t } = useI18n();
  const format = useFormat();
  const pick = (words: { readonly zh: string; readonly en: string }): string =>
    format.locale.value === 'en' ? words.en : words.zh;

  function label(question: Asked, value: string): string {
    if (question.input === 'yes-no-unknown') {
      if (value === 'unknown') return t('word.unclear');
      return t(value === 'yes' ? 'word.yes' : 'word.no');
    }
    const choices = questionByKey(question.key)?.choices ?? {};
    const words = Object.hasOwn(choices, value) ? choices[value] : undefined;
    return words === undefined ? value : pick(words);
  }
  return {
    ask(question) {
      const known = questionByKey(question.key);
      return known === undefined ? question.key : pick(known.ask);
    },
    options(question) {
      const values = question.input === 'yes-no-unknown' ? ['yes', 'no', 'unknown'] : question.options;
      return values.map((value) => ({ value, label: label(question, value) }));
    },
    answer(question, value) {
      switch (question.input) {
        case 'yes-no-unknown':
        case 'choice':
          return label(question, value);
        case 'money':
          return /^\d+$/.test(value) ? sayMoney(Number(value), format.locale.value) : value;
        case 'date':
          return format.fullDay(value);
        default:
          return value;
      }
    },
  };
}
