import { runImport } from '../feeds/command.ts';
import type { ImportOptions } from '../feeds/import.ts';
import type { Log } from '../log.ts';
import { migrate } from '../store/migrate.ts';
import { listCounties } from '../store/people.ts';
import type { Command } from './arguments.ts';
import { openDatabase } from './open.ts';

type ImportWords = Extract<Command, { name: 'import' }>['options'];

/** Civil day in China (UTC+8, no summer time) of an instant. */
const civilDay = (instant: Date): string => new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/**
 * Reads a department's file into proposals and prints what became of its rows.
 * @returns the exit code: 0 when the file was read, also when some of its rows were rejected
 */
export async function importDepartmentFile(
  path: string,
  words: ImportWords,
  data: string,
  log: Log,
  print: (line: string) => void,
): Promise<number> {
  const opened = await openDatabase(data, words.data !== undefined, log, 'administer');
  try {
    await migrate(opened.url);
    const database = opened.connect();
    const counties = await listCounties(database);
    const county = words.county ?? (counties.length === 1 ? counties[0] : undefined);
    if (county === undefined) {
      process.stderr.write(`--county is needed: this database holds ${counties.join(', ') || 'no district'}.\n`);
      return 1;
    }
    const { kind, source, rejects } = words;
    const options: ImportOptions = {
      county,
      today: words.today ?? civilDay(new Date()),
      ...(kind === undefined ? {} : { kind }),
      ...(source === undefined ? {} : { source }),
      ...(rejects === undefined ? {} : { rejectPath: rejects }),
    };
    const code = await runImport(database, path, options, {
      print,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    log.event('import.done', { exit: code });
    return code;
  } finally {
    await opened.close();
  }
}
