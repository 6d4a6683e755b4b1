import type { VisitCard } from '../../shared/contract/views.ts';

/** The visit to go to now: one under way, else the first still planned; null when all is walked. */
export function nextVisit(visits: readonly VisitCard[]): VisitCard | null {
  return visits.find(({ state }) => state === 'started') ?? visits.find(({ state }) => state === 'planned') ?? null;
}

/** Which greeting fits the hour: message keys under `visits.today`. */
export function greetingOf(hour: number): 'morning' | 'noon' | 'afternoon' | 'evening' {
  if (hour >= 5 && hour < 11) return 'morning';
  if (hour >= 11 && hour < 13) return 'noon';
  if (hour >= 13 && hour < 18) return 'afternoon';
  return 'evening';
}

export type DayState = 'none' | 'fresh' | 'under-way' | 'done';

/** Where the day stands, for the sentence at the top. */
export function dayStateOf(visits: readonly VisitCard[]): { readonly state: DayState; readonly left: number } {
  const left = visits.filter(({ state }) => state === 'planned' || state === 'started').length;
  if (visits.length === 0) return { state: 'none', left };
  if (left === 0) return { state: 'done', left };
  return { state: left === visits.length ? 'fresh' : 'under-way', left };
}
