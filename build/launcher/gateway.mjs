/** The central gateway with the demonstration district, as a child of the launcher. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LauncherError } from './report.mjs';
import { stop, tail } from './run.mjs';

const READY_WITHIN_MS = 300_000;

/**
 * What the gateway says on its standard output when it is ready.
 * @typedef {{ ready: true, gateway: string, codes: readonly { user: string, name: string, code: string }[] }} Ready
 */

/**
 * Reads the one line that tells that the gateway is ready.
 * @param {string} line
 * @returns {Ready | null} null for any other line
 */
export function readReady(line) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('ready' in value) || value.ready !== true) return null;
  if (!('gateway' in value) || typeof value.gateway !== 'string' || !URL.canParse(value.gateway)) return null;
  if (!('codes' in value) || !Array.isArray(value.codes)) return null;
  return /** @type {Ready} */ (value);
}

/**
 * Starts the gateway on a demonstration district and waits until it answers.
 * @param {string} root
 * @param {{ residents: number, seed: number | null, data: string }} wanted `data` is the folder of its database
 * @param {import('./crew.mjs').Crew} crew gets the gateway as soon as it runs
 * @param {(text: string) => void} progress
 * @returns {Promise<{ ready: Ready, ended: Promise<number> }>} `ended` resolves with its exit code whenever it ends
 * @throws {LauncherError} with the end of its log, when it ends or stays silent instead
 */
export async function startGateway(root, wanted, crew, progress) {
  mkdirSync(wanted.data, { recursive: true });
  const log = join(dirname(wanted.data), 'gateway.log');
  const args = ['demo', '--residents', String(wanted.residents), '--data', wanted.data];
  if (wanted.seed !== null) args.push('--seed', String(wanted.seed));
  const child = spawn(process.execPath, [join(root, 'central', 'main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C in the terminal reaches the launcher only, which stops the app first, then the gateway.
    detached: process.platform !== 'win32',
  });
  crew.add(() => stop(child));
  const file = createWriteStream(log);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
    errors = (errors + chunk).slice(-20_000);
    file.write(chunk);
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => {
      file.end();
      resolve(code ?? 1);
    });
  });
  const ticker = setInterval(() => progress(`${wanted.residents} residents, PostgreSQL and the gateway`), 1000);
  try {
    /** @type {Ready} */
    const ready = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new LauncherError(
            `The gateway was not ready within ${READY_WITHIN_MS / 1000} s. Its log: ${log}`,
            tail(errors, 20),
          ),
        );
      }, READY_WITHIN_MS);
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = readReady(line);
        if (found === null) return;
        clearTimeout(timer);
        resolve(found);
      });
      child.once('error', reject);
      void ended.then((code) => {
        clearTimeout(timer);
        reject(
          new LauncherError(
            `The gateway ended with code ${code} before it was ready. Its log: ${log}`,
            tail(errors, 20),
          ),
        );
      });
    });
    return { ready, ended };
  } finally {
    clearInterval(ticker);
  }
}
