import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { fieldSpec, type EntityName } from '../../shared/domain/entities.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import { codeText } from './format/codes.ts';
import { sayDay, sayDayWithWeekday, sayFullDay, sayMoment, type Locale } from './format/time.ts';
import { refKindOf, sayBytes, sayMoney, sayNumber, sayValue } from './format/value.ts';
import { useNames } from './known-names.ts';
import { useNow } from './use-now.ts';

export interface Format {
  readonly locale: ComputedRef<Locale>;
  /** Name of a field, such as 手机号. */
  label(entity: EntityName, field: string): string;
  /** The name without what stands in brackets, for tight places. */
  shortLabel(entity: EntityName, field: string): string;
  value(entity: EntityName, field: string, value: FieldValue): string;
  /** Like `value`, money to the whole yuan: for lists, where its page tells the fen. */
  brief(entity: EntityName, field: string, value: FieldValue): string;
  money(fen: number): string;
  number(value: number): string;
  bytes(value: number): string;
  day(day: string): string;
  fullDay(day: string): string;
  weekday(day: string): string;
  moment(instant: string): string;
}

/** Values in the words of the current language, aging with the clock. */
export function useFormat(): Format {
  const { t, te, locale: current } = useI18n();
  const now = useNow();
  const nameOf = useNames();
  const locale = computed<Locale>(() => (current.value === 'en' ? 'en' : 'zh-CN'));
  const label = (entity: EntityName, field: string): string =>
    te(`field.${entity}.${field}`) ? t(`field.${entity}.${field}`) : field;
  const value: Format['value'] = (entity, field, known) =>
    sayValue(entity, field, known, {
      locale: locale.value,
      now: now.value,
      words: { yes: t('word.yes'), no: t('word.no'), unknown: t('word.unknown') },
      codeText: (of, name, code) => codeText(of, name, code, locale.value),
      refText: (name, id) => nameOf(id) ?? t(`ref.${refKindOf(name)}`),
    });
  return {
    locale,
    label,
    shortLabel: (entity, field) => label(entity, field).replace(/\s*[（(].*$/u, ''),
    value,
    brief: (entity, field, known) =>
      value(
        entity,
        field,
        typeof known === 'number' && fieldSpec(entity, field)?.type === 'fen' ? Math.round(known / 100) * 100 : known,
      ),
    money: (fen) => sayMoney(fen, locale.value),
    number: sayNumber,
    bytes: sayBytes,
    day: (day) => sayDay(day, now.value, locale.value),
    fullDay: (day) => sayFullDay(day, locale.value),
    weekday: (day) => sayDayWithWeekday(day, locale.value),
    moment: (instant) => sayMoment(instant, now.value, locale.value),
  };
}
