import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

/** Every event that may be logged, one sentence each. */
export const events = {
  'app.started': 'The app started.',
  'app.stopping': 'The app is stopping.',
  'window.opened': 'The window is open.',
  'window.crashed': 'The page process ended unexpectedly.',
  'navigation.refused': 'The page asked to leave the app and was refused.',
  'permission.refused': 'The page asked for a permission that it does not have.',
  'request.refused': 'A network request of the page was refused.',
  'port.refused': 'Somebody other than the top frame of the app asked for a port.',
  'service.started': 'The replica service started.',
  'service.ready': 'The replica service is ready.',
  'service.ended': 'The replica service ended.',
  'service.restarting': 'The replica service is started again after a pause.',
  'service.log': 'A line of the replica service.',
} as const;
export type LogEvent = keyof typeof events;
export type LogFacts = Readonly<Record<string, string | number | boolean>>;

const personal = /name|id_no|idno|phone|address|birth|password|token|key|value/iu;
const idNumber = /\d{15,18}[\dXx]?/u;
const maxBytes = 2_000_000;

/** Facts as they may be written: keys that could hold personal data are dropped, long digit runs are blanked. */
export function cleanFacts(facts: LogFacts): LogFacts {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (personal.test(name)) continue;
    kept[name] = typeof value === 'string' ? value.replace(new RegExp(idNumber, 'gu'), '#').slice(0, 300) : value;
  }
  return kept;
}

/** Appends JSON lines to `<dir>/doorstep.log`; one older file is kept. */
export class Log {
  private readonly file: string;
  private readonly now: () => string;

  constructor(dir: string, now: () => string) {
    this.now = now;
    mkdirSync(dir, { recursive: true });
    this.file = path.join(dir, 'doorstep.log');
  }

  write(level: 'info' | 'warn' | 'error', event: LogEvent, facts: LogFacts = {}): void {
    const line = JSON.stringify({ at: this.now(), level, event, ...cleanFacts(facts) });
    try {
      if ((statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes)
        renameSync(this.file, `${this.file}.1`);
      appendFileSync(this.file, `${line}\n`, { mode: 0o600 });
    } catch (error) {
      // A full disk must not take the app down; the console is the last place left to say it.
      console.error(line, error);
    }
  }
}
