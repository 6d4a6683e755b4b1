import type { Attempts } from './vault-file.ts';

/** Wrong passwords before a lock-out, and how long that is. */
export const failuresAllowed = 5;
export const lockOutMillis = 15 * 60_000;

const later = (a: string, b: string): string => (Date.parse(a) >= Date.parse(b) ? a : b);

/**
 * When trying is allowed again; null when it is now. A clock set back changes nothing, since the latest time seen counts.
 * @param waitedMillis how long this process has waited out the lock-out by a clock that nobody can set; so a wall clock that was
 *   years ahead by mistake does not lock for years
 */
export function lockedUntil(attempts: Attempts | undefined, now: string, waitedMillis: number): string | null {
  if (attempts === undefined || attempts.lockedUntil === null || waitedMillis >= lockOutMillis) return null;
  const reached = Date.parse(now) >= Date.parse(attempts.lockedUntil);
  return reached ? null : attempts.lockedUntil;
}

/** Tries left before the next lock-out. */
export const failuresLeft = (attempts: Attempts | undefined): number =>
  Math.max(0, failuresAllowed - (attempts?.failures ?? 0));

/** Counts a try as failed. Written before the password is checked, so that pulling the plug saves no try. */
export function countFailure(attempts: Attempts | undefined, now: string): Attempts {
  // A lock-out that is over starts a new count.
  const earlier = attempts === undefined || attempts.lockedUntil !== null ? 0 : attempts.failures;
  const failures = earlier + 1;
  const seenAt = attempts === undefined ? now : later(now, attempts.seenAt);
  const until = new Date(Date.parse(seenAt) + lockOutMillis).toISOString();
  return { failures, lockedUntil: failures >= failuresAllowed ? until : null, seenAt };
}
