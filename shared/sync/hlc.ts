/** A hybrid logical clock reading: wall time and a counter for events within one millisecond. */
export interface HybridTime {
  readonly millis: number;
  readonly counter: number;
}

/** The next reading: never before the last one, whatever the wall clock does. */
export function tick(last: HybridTime, wallMillis: number): HybridTime {
  if (wallMillis > last.millis) return { millis: wallMillis, counter: 0 };
  return { millis: last.millis, counter: last.counter + 1 };
}

/** `2026-11-21T08:12:00.000Z.0001`: sorts as text, and the first 24 characters are an instant. */
export function formatHybridTime(time: HybridTime): string {
  return `${new Date(time.millis).toISOString()}.${time.counter.toString(16).padStart(4, '0')}`;
}
