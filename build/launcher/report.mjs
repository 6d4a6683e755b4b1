/**
 * What the person at the terminal sees: one line when a step starts, progress while it runs, one line with its
 * duration when it ends. On a terminal progress overwrites itself; in a log it is a new line at most every five seconds.
 */

const LOG_INTERVAL_MS = 5000;

/** A failure with a next step for the person at the terminal: printed without a stack trace. */
export class LauncherError extends Error {
  /**
   * @param {string} message what happened, in one sentence
   * @param {string[]} [next] lines to print below it: the exact next step, or the end of the output that tells why
   */
  constructor(message, next = []) {
    super(message);
    this.name = 'LauncherError';
    this.next = next;
  }
}

/**
 * Words a duration for people: `0.4 s`, `12 s`, `2 min 05 s`.
 * @param {number} milliseconds
 * @returns {string}
 */
export function formatDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Words a size for people, in decimal megabytes.
 * @param {number} bytes
 * @returns {string}
 */
export function formatMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Tells how far a step is: a few words, shown beside its name. @typedef {(text: string) => void} Progress */

/**
 * Runs one named step and prints its name, progress and duration.
 * @template T
 * @param {string} title what is being done
 * @param {(progress: Progress) => Promise<T>} work gets a function to report progress with; a step
 *   that has nothing to do should end quickly
 * @returns {Promise<T>} what `work` returned; its errors pass through after a line that names the step
 */
export async function step(title, work) {
  const started = Date.now();
  const interactive = process.stdout.isTTY;
  let lastLine = started;
  /** @param {string} text */
  const progress = (text) => {
    const now = Date.now();
    if (interactive) {
      process.stdout.write(`\r\x1b[K· ${title}: ${text} (${formatDuration(now - started)})`);
    } else if (now - lastLine >= LOG_INTERVAL_MS) {
      lastLine = now;
      say(`  ${title}: ${text} (${formatDuration(now - started)})`);
    }
  };
  if (interactive) process.stdout.write(`· ${title}`);
  const clear = interactive ? '\r\x1b[K' : '';
  try {
    const value = await work(progress);
    say(`${clear}✓ ${title} (${formatDuration(Date.now() - started)})`);
    return value;
  } catch (error) {
    say(`${clear}✗ ${title} (${formatDuration(Date.now() - started)})`);
    throw error;
  }
}
