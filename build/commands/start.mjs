/** `npm start`: the app on a demonstration district, with its gateway beside it; and the tour, which plays it unattended. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureAppBuilt } from '../launcher/app-build.mjs';
import { readStamp, writeStamp } from '../launcher/cache.mjs';
import { Crew } from '../launcher/crew.mjs';
import { openDisplay } from '../launcher/display.mjs';
import { startGateway } from '../launcher/gateway.mjs';
import { isWorthShowing } from '../launcher/noise.mjs';
import { say, step } from '../launcher/report.mjs';
import { runInForeground, stop } from '../launcher/run.mjs';
import { sandboxArguments } from '../launcher/sandbox.mjs';
import { setUp } from '../launcher/set-up.mjs';

/**
 * @param {string} root
 * @param {{ tour: boolean, residents: number, seed: number | null, fresh: boolean }} order
 * @returns {Promise<number>} the app's exit code
 */
export async function start(root, order) {
  if (order.tour)
    return tour(root, [
      '--residents',
      String(order.residents),
      ...(order.seed === null ? [] : ['--seed', String(order.seed)]),
    ]);
  const { electron, environment } = await setUp(root);
  await ensureAppBuilt(root);

  // One folder per district: another size or seed is another district, and the tablet's replica belongs to one.
  const name = order.seed === null ? `${order.residents}` : `${order.residents}-${order.seed}`;
  const data = join(root, 'out', 'demo', name);
  if (order.fresh) rmSync(data, { recursive: true, force: true });
  const database = join(data, `central-${identityOf(data)}`);

  const crew = new Crew();
  try {
    const display = await openDisplay(environment);
    crew.add(display.close);
    const gateway = await step(
      'Demonstration district and its gateway',
      (/** @type {import('../launcher/report.mjs').Progress} */ progress) =>
        startGateway(root, { residents: order.residents, seed: order.seed, data: database }, crew, progress),
    );
    say(`  Gateway: ${gateway.ready.gateway}`);
    for (const { name: worker, code } of gateway.ready.codes) say(`  Enrolment code of ${worker}: ${code}`);
    say(`  Reads a department's file: npm run central -- import <file> --data ${relative(process.cwd(), database)}`);
    say('Opening Doorstep. Close its window or press Ctrl+C here to stop everything.');
    void gateway.ended.then((code) => {
      // The app works without a network; only the demonstration's exchange is gone.
      if (!crew.dismissed) say(`The gateway ended (code ${code}). The app works on without it.`);
    });
    const app = startApp(electron.executable, root, {
      data: join(data, 'tablet'),
      environment: {
        ...display.environment,
        DOORSTEP_GATEWAY: gateway.ready.gateway,
        DOORSTEP_DEMO: JSON.stringify(gateway.ready.codes),
      },
    });
    crew.add(() => stop(app));
    /** @type {number} */
    const code = await new Promise((resolve, reject) => {
      app.once('error', reject);
      app.once('exit', (exit) => resolve(exit ?? 1));
    });
    return crew.askedToStop ? 0 : code;
  } catch (error) {
    if (crew.askedToStop) return 130;
    throw error;
  } finally {
    await crew.dismiss();
  }
}

/**
 * A word that is drawn when a demonstration's folder is first used. The database may have to lie elsewhere (as root its
 * account cannot enter a closed home folder), under a name made from this one: a fresh start must never find the old one.
 * @param {string} data
 * @returns {string}
 */
function identityOf(data) {
  const file = join(data, 'identity');
  const known = readStamp(file);
  if (known !== null) return known;
  const drawn = randomBytes(4).toString('hex');
  writeStamp(file, drawn);
  return drawn;
}

/**
 * Starts the app's window.
 * @param {string} executable
 * @param {string} root
 * @param {{ data: string, environment: NodeJS.ProcessEnv }} options `data` is the tablet's data folder
 * @returns {import('node:child_process').ChildProcess}
 */
function startApp(executable, root, { data, environment }) {
  const app = spawn(executable, [...sandboxArguments(), root, `--user-data-dir=${data}`], {
    env: environment,
    stdio: ['ignore', 'inherit', 'pipe'],
    // A group of its own, so that Ctrl+C reaches the launcher alone, which then stops all in order.
    detached: process.platform !== 'win32',
  });
  createInterface({ input: app.stderr }).on('line', (line) => {
    if (isWorthShowing(line)) process.stderr.write(`${line}\n`);
  });
  return app;
}

/**
 * Plays the tour; its script starts its own devices and gateway.
 * @param {string} root
 * @param {readonly string[]} rest
 * @returns {Promise<number>} 0 when every step of it held
 */
export async function tour(root, rest) {
  const { environment } = await setUp(root);
  await ensureAppBuilt(root);
  const display = await openDisplay(environment);
  try {
    return await runInForeground(process.execPath, [join(root, 'e2e', 'tour.ts'), ...rest], {
      cwd: root,
      env: display.environment,
    });
  } finally {
    await display.close();
  }
}
