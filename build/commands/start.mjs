/** `npm start`: the app on a demonstration district, with its gateway beside it; and the tour, which plays it unattended. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureAppBuilt } from '../launcher/app-build.mjs';
import { openDisplay } from '../launcher/display.mjs';
import { startGateway } from '../launcher/gateway.mjs';
import { say, step } from '../launcher/report.mjs';
import { runInForeground, stop } from '../launcher/run.mjs';
import { setUp } from '../launcher/set-up.mjs';

/**
 * @param {string} root
 * @param {{ tour: boolean, residents: number, seed: number | null, fresh: boolean }} order
 * @returns {Promise<number>} the app's exit code
 */
export async function start(root, order) {
  if (order.tour) return tour(root, ['--residents', String(order.residents), ...(order.seed === null ? [] : ['--seed', String(order.seed)])]);
  const { electron, environment } = await setUp(root);
  await ensureAppBuilt(root);

  // One folder per district: another size or seed is another district, and the tablet's replica belongs to one.
  const name = order.seed === null ? `${order.residents}` : `${order.residents}-${order.seed}`;
  const data = join(root, 'out', 'demo', name);
  if (order.fresh) rmSync(data, { recursive: true, force: true });

  const display = await openDisplay(environment);
  try {
    const gateway = await step('Demonstration district and its gateway', (progress) =>
      startGateway(root, { residents: order.residents, seed: order.seed, data: join(data, 'central') }, progress),
    );
    try {
      say(`  Gateway: ${gateway.ready.gateway}`);
      for (const { name: worker, code } of gateway.ready.codes) say(`  Enrolment code of ${worker}: ${code}`);
      say('Opening Doorstep. Close its window or press Ctrl+C here to stop everything.');
      return await runApp(electron.executable, root, {
        data: join(data, 'tablet'),
        environment: {
          ...display.environment,
          DOORSTEP_GATEWAY: gateway.ready.gateway,
          DOORSTEP_DEMO: JSON.stringify(gateway.ready.codes),
        },
        gatewayEnded: gateway.ended,
      });
    } finally {
      await gateway.close();
    }
  } finally {
    await display.close();
  }
}

/**
 * Runs the app until its window is closed, or until someone asks the launcher to stop.
 * @param {string} executable
 * @param {string} root
 * @param {{ data: string, environment: NodeJS.ProcessEnv, gatewayEnded: Promise<number> }} options
 * @returns {Promise<number>}
 */
async function runApp(executable, root, { data, environment, gatewayEnded }) {
  // Chromium's sandbox refuses to run as root; everyone else keeps it.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = spawn(executable, [...sandbox, root, `--user-data-dir=${data}`], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    say('\nStopping.');
    void stop(app);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, ask);
  void gatewayEnded.then((code) => {
    // The app works without a network; only the demonstration's exchange is gone.
    if (!asked && app.exitCode === null) say(`The gateway ended with code ${code}. The app works on, without it.`);
  });
  try {
    const code = await new Promise((resolve, reject) => {
      app.once('error', reject);
      app.once('exit', (exit, signal) => resolve(signal === null ? (exit ?? 0) : 1));
    });
    return asked ? 0 : code;
  } finally {
    for (const signal of signals) process.off(signal, ask);
  }
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
    return await runInForeground(process.execPath, [join(root, 'e2e', 'tour.ts'), ...rest], { cwd: root, env: display.environment });
  } finally {
    await display.close();
  }
}
