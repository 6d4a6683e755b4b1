const dayMillis = 86_400_000;

/** The civil day `days` after (or, when negative, before) a day; `YYYY-MM-DD` in and out. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMillis).toISOString().slice(0, 10);

/** The same day a year before; 28 February where there is no 29th. */
export const yearBefore = (date: string): string => {
  const before = `${String(Number(date.slice(0, 4)) - 1).padStart(4, '0')}${date.slice(4)}`;
  return before.endsWith('02-29') ? `${before.slice(0, 4)}-02-28` : before;
};
