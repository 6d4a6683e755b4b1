/**
 * Everything a fresh machine needs, then the command: `node build/launch.mjs start | test | package | bench | central | tour`.
 * Runs on Node 20 without any package, and starts itself again under a newer Node where that is needed.
 */
import { join } from 'node:path';
import { parseArguments, USAGE } from './launcher/args.mjs';
import { toolEnvironment } from './launcher/node-modules.mjs';
import { currentNode } from './launcher/node-runtime.mjs';
import { LauncherError } from './launcher/report.mjs';
import { runInForeground } from './launcher/run.mjs';

const ROOT = join(import.meta.dirname, '..');

/**
 * @param {Exclude<ReturnType<typeof parseArguments>, { command: 'help' } | { command: 'wrong' }>} order
 * @returns {Promise<number>} the exit code
 */
async function carryOut(order) {
  // Loaded only now: these files may use what Node 20 lacks.
  switch (order.command) {
    case 'start':
      return (await import('./commands/start.mjs')).start(ROOT, order);
    case 'tour':
      return (await import('./commands/start.mjs')).tour(ROOT, order.rest);
    case 'test':
      return (await import('./commands/test.mjs')).test(ROOT, order);
    case 'package':
      return (await import('./commands/package.mjs')).packageCommand(ROOT);
    case 'bench':
      return (await import('./commands/pass-through.mjs')).bench(ROOT, order.rest);
    case 'central':
      return (await import('./commands/pass-through.mjs')).central(ROOT, order.rest);
  }
}

/** @returns {Promise<number>} */
async function main() {
  const order = parseArguments(process.argv.slice(2));
  if (order.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (order.command === 'wrong') {
    process.stderr.write(`${order.problem}\n\n${USAGE}`);
    return 2;
  }
  const node = await currentNode();
  if (node !== process.execPath) {
    return runInForeground(node, [join(import.meta.dirname, 'launch.mjs'), ...process.argv.slice(2)]);
  }
  // What we start, and what that starts in turn, finds this Node first.
  process.env.PATH = toolEnvironment().PATH;
  return carryOut(order);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  for (const line of error.next) process.stderr.write(`  ${line}\n`);
  process.exitCode = 1;
}
