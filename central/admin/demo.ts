import { makeCode } from '../access/enrolment.ts';
import { createDistrict } from '../demo/load.ts';
import { overseers, storyWorkers } from '../demo/staff.ts';
import { startGateway, type Gateway } from '../gateway.ts';
import type { Log } from '../log.ts';
import { migrate } from '../store/migrate.ts';
import { isEmpty, listPersons } from '../store/people.ts';
import type { Command } from './arguments.ts';
import { openDatabase } from './open.ts';
import { rememberedPort, rememberPort } from './remembered-port.ts';
import { runUntilTold } from './run.ts';

type DemoOptions = Extract<Command, { name: 'demo' }>['options'];

/** Hours that the codes of a start are good for. */
const codeHours = 72;

/** A code for each person of the demonstration's story, those who visit first; `code <person>` makes one for anybody else. */
async function freshCodes(gateway: Gateway): Promise<{ user: string; name: string; code: string }[]> {
  const codes = [];
  const staff = new Set((await listPersons(gateway.database)).map((person) => person.id));
  for (const person of [...storyWorkers, ...overseers]) {
    if (!staff.has(person.id)) continue;
    const made = await makeCode(gateway.database, person.id, new Date(), codeHours);
    if (made.ok) codes.push({ user: person.id, name: person.name, code: made.value });
  }
  return codes;
}

/**
 * Serves a demonstration district on DATABASE_URL or an embedded PostgreSQL, making it when the database is empty. Prints one line of
 * JSON when it is ready: `{ready, gateway, codes}`.
 * @returns the exit code
 */
export async function serveDemonstration(
  options: DemoOptions,
  data: string,
  log: Log,
  print: (line: string) => void,
): Promise<number> {
  const opened = await openDatabase(data, options.data !== undefined, log, 'serve');
  const start = async (): Promise<Gateway> => {
    await migrate(opened.url);
    const database = opened.connect();
    if (await isEmpty(database)) {
      const { residents, seed } = options;
      await createDistrict(database, seed === undefined ? { residents } : { residents, seed }, (done, total) => {
        log.event('district.progress', { done, total });
      });
    }
    const port = options.port ?? (await rememberedPort(data));
    return startGateway({ databaseUrl: opened.url, files: opened.files, log, ...(port === undefined ? {} : { port }) });
  };
  return runUntilTold(log, start, opened, async (gateway) => {
    await rememberPort(data, gateway.url);
    print(JSON.stringify({ ready: true, gateway: gateway.url, codes: await freshCodes(gateway) }));
  });
}
