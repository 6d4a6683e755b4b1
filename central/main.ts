import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeCode } from './access/enrolment.ts';
import { readArguments, usage, type Command } from './admin/arguments.ts';
import { importDepartmentFile } from './admin/import.ts';
import { serveDemonstration } from './admin/demo.ts';
import { openDatabase, readOpenApi } from './admin/open.ts';
import { runUntilTold } from './admin/run.ts';
import { startGateway } from './gateway.ts';
import { createLog, errorFields } from './log.ts';
import { revokeDevice } from './store/devices.ts';
import { EmbeddedFailure } from './store/embedded.ts';
import { migrate, NewerDatabase } from './store/migrate.ts';
import { resetDemonstration } from './store/reset.ts';

const log = createLog();
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const dataFolder = (data: string | undefined): string =>
  data ?? process.env['DOORSTEP_DATA'] ?? join(homedir(), '.doorstep', 'central');

/** @returns the exit code */
async function run(command: Command): Promise<number> {
  switch (command.name) {
    case 'openapi':
      print(JSON.stringify(await readOpenApi(), null, 2));
      return 0;
    case 'demo':
      return serveDemonstration(command.options, dataFolder(command.options.data), log, print);
    case 'serve':
      return serve(command.options);
    case 'import':
      return importDepartmentFile(command.word, command.options, dataFolder(command.options.data), log, print);
    case 'code':
    case 'revoke':
    case 'migrate':
    case 'demo-reset':
      return administer(command);
  }
}

async function serve(options: Extract<Command, { name: 'serve' }>['options']): Promise<number> {
  const opened = await openDatabase(dataFolder(options.data), options.data !== undefined, log, 'serve');
  const { port, host } = options;
  return runUntilTold(
    log,
    () =>
      startGateway({
        databaseUrl: opened.url,
        files: opened.files,
        log,
        ...(port === undefined ? {} : { port }),
        ...(host === undefined ? {} : { host }),
      }),
    opened,
  );
}

async function administer(
  command: Extract<Command, { name: 'code' | 'revoke' | 'migrate' | 'demo-reset' }>,
): Promise<number> {
  const opened = await openDatabase(
    dataFolder(command.options.data),
    command.options.data !== undefined,
    log,
    'administer',
  );
  try {
    const steps = await migrate(opened.url);
    if (command.name === 'migrate') {
      print(steps.length === 0 ? 'The database is up to date.' : `Ran ${steps.join(', ')}.`);
      return 0;
    }
    const database = opened.connect();
    if (command.name === 'code') {
      const made = await makeCode(database, command.word, new Date(), command.options.hours ?? 72);
      if (made.ok) print(made.value);
      else complain(`No such person: ${command.word}`);
      return made.ok ? 0 : 1;
    }
    if (command.name === 'revoke') {
      const found = await revokeDevice(database, command.word);
      if (found) print(`Device ${command.word} is refused from now on.`);
      else complain(`No such device: ${command.word}`);
      return found ? 0 : 1;
    }
    const emptied = await resetDemonstration(database);
    if (emptied) print('The demonstration is empty; the next start makes a new one.');
    else complain('This database holds a real district; nothing was touched.');
    return emptied ? 0 : 1;
  } finally {
    await opened.close();
  }
}

// Whoever read our output may be gone before us; that must not end the gateway without its order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const command = readArguments(process.argv.slice(2));
if ('wrong' in command) {
  complain(`${command.wrong}\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await run(command);
  } catch (error) {
    // Failures that a person can mend come with a line that says how; others with where they happened.
    if (error instanceof EmbeddedFailure || error instanceof NewerDatabase) complain(error.message);
    log.event('gateway.failed', errorFields(error), 'error');
    process.exitCode = 1;
  }
}
