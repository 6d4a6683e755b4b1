import { addDays } from '../feeds/civil-day.ts';

export { addDays };

const millisOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** The civil day at UTC+8 (China has one zone and no summer time) at an instant. */
export const civilDayInChina = (instant: Date): string =>
  new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/** UTC instant of a wall-clock time at UTC+8 on a civil day. */
export const instantInChina = (date: string, hour: number, minute: number): string =>
  new Date(millisOf(date) + ((hour - 8) * 60 + minute) * 60_000).toISOString();

/** A birth date of somebody who is `years` old on a day; `spread` in [0, 1) chooses the day within that year of life. */
export function bornYearsBefore(today: string, years: number, spread: number): string {
  const year = Number(today.slice(0, 4)) - years;
  // A 29th of February becomes the 28th in other years, which keeps the age right.
  const monthDay = today.endsWith('02-29') ? '02-28' : today.slice(4).replace(/^-/, '');
  const birthday = `${String(year).padStart(4, '0')}-${monthDay}`;
  return addDays(birthday, -Math.floor(spread * 365));
}
