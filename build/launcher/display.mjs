/** A virtual display for machines without a screen. */
import { spawn } from 'node:child_process';
import { LauncherError, say } from './report.mjs';
import { stop, tail } from './run.mjs';
import { hasDisplay } from './system-packages.mjs';

const SCREEN = '1440x900x24';

/**
 * Makes sure that windows have somewhere to open.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ environment: NodeJS.ProcessEnv, close: () => Promise<void> }>} the environment to start windows
 *   with; `close` ends the virtual display, and does nothing for a real one
 */
export async function openDisplay(environment) {
  if (hasDisplay(environment)) return { environment, close: () => Promise.resolve() };
  // Xvfb picks a free number itself and tells it on descriptor 3: two runs at the same time never meet.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own: at Ctrl+C the windows must close before their screen goes.
    detached: true,
  });
  let errors = '';
  server.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (errors += chunk));
  /** @type {string} */
  const number = await new Promise((resolve, reject) => {
    let answer = '';
    const channel = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    channel.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      answer += chunk;
      if (answer.includes('\n')) resolve(answer.trim());
    });
    server.on('error', reject);
    server.on('exit', () => reject(new LauncherError('The virtual display (Xvfb) did not start.', tail(errors, 8))));
  });
  say(`  No display here: windows open on a virtual one (:${number}, ${SCREEN}).`);
  return { environment: { ...environment, DISPLAY: `:${number}` }, close: () => stop(server, 5000) };
}
