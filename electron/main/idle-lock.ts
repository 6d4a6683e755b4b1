/**
 * Says when nobody has used the window for too long. What counts is use of this window, not of the machine: a tablet on
 * which something else is going on is as open to a passer-by as one that is left alone.
 * Times are monotonic milliseconds, so that a changed clock neither locks nor keeps open.
 */
export class IdleLock {
  private lastUse: number;
  private minutes: number;
  private readonly now: () => number;

  constructor(now: () => number, minutes = 10) {
    this.now = now;
    this.minutes = minutes;
    this.lastUse = now();
  }

  /** Somebody touched, typed or moved. */
  used(): void {
    this.lastUse = this.now();
  }

  /** @param minutes from the settings, 1 to 120 */
  allow(minutes: number): void {
    this.minutes = minutes;
  }

  /** True once after each stretch of disuse, false until the window is used again. */
  isDue(): boolean {
    if (this.lastUse === Number.POSITIVE_INFINITY) return false;
    if (this.now() - this.lastUse < this.minutes * 60_000) return false;
    this.lastUse = Number.POSITIVE_INFINITY;
    return true;
  }
}
