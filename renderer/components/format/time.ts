import type { CivilDate, Instant } from '../../../shared/domain/values.ts';

/** Languages of the interface. */
export type Locale = 'zh-CN' | 'en';

/** Civil life of the district runs on this clock, whatever the machine's own says. */
const timeZone = 'Asia/Shanghai';

const civil = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
const clockFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h23',
});
const enDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
const enDayYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const weekdays: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  'zh-CN': new Intl.DateTimeFormat('zh-CN', { timeZone: 'UTC', weekday: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'long' }),
};

/** The civil day of a moment, `YYYY-MM-DD` on the district's clock. */
export const dayOf = (moment: Date): CivilDate => civil.format(moment);

/** `9:43`, on the district's clock. */
export const clockOf = (moment: Date): string => clockFormat.format(moment).replace(/^0(?=\d)/, '');

/** Hour of the day, 0 to 23, on the district's clock. */
export const hourOf = (moment: Date): number => Number(clockOf(moment).split(':')[0]);

const noon = (day: CivilDate): Date => new Date(`${day}T12:00:00Z`);
const daysBetween = (from: CivilDate, to: CivilDate): number =>
  Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);

/** A day as people say it: 今天, 昨天, 11-18 in this year, 2024-11-18 before. */
export function sayDay(day: CivilDate, now: Date, locale: Locale): string {
  const today = dayOf(now);
  const past = daysBetween(day, today);
  if (past === 0) return locale === 'en' ? 'today' : '今天';
  if (past === 1) return locale === 'en' ? 'yesterday' : '昨天';
  if (past === -1) return locale === 'en' ? 'tomorrow' : '明天';
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  if (locale === 'en') return (sameYear ? enDay : enDayYear).format(noon(day));
  return sameYear ? day.slice(5) : day;
}

/** A moment as people say it: only the clock for today, the day with the clock before. */
export function sayMoment(instant: Instant, now: Date, locale: Locale): string {
  const moment = new Date(instant);
  const day = dayOf(moment);
  const clock = clockOf(moment);
  return day === dayOf(now) ? clock : `${sayDay(day, now, locale)} ${clock}`;
}

/** A day in full, for birthdays and terms: 1979年3月2日, 2 Mar 1979. */
export function sayFullDay(day: CivilDate, locale: Locale): string {
  if (locale === 'en') return enDayYear.format(noon(day));
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

/** A day with its weekday, without the year: 11月21日 星期六, Saturday 21 Nov. */
export function sayDayWithWeekday(day: CivilDate, locale: Locale): string {
  const weekday = weekdays[locale].format(noon(day));
  if (locale === 'en') return `${weekday} ${enDay.format(noon(day))}`;
  const [, month, date] = day.split('-').map(Number);
  return `${month}月${date}日 ${weekday}`;
}
