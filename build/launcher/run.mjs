/** Child processes: run one to its end, look a program up, stop one with everything it started. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LauncherError } from './report.mjs';

const TAIL_LINES = 60;

/**
 * The last lines of an output: enough to see why something failed.
 * @param {string} output
 * @param {number} [count]
 * @returns {string[]}
 */
export function tail(output, count = TAIL_LINES) {
  return output.trimEnd().split('\n').slice(-count);
}

/**
 * Runs a program to its end and keeps its output.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeoutMs] after it the process is killed, and the call rejects
 * @param {(line: string) => void} [options.onLine] called with each line of standard output and standard error
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` is both streams as they came
 */
export function capture(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let stdout = '';
    let unfinished = '';
    /** @param {string} chunk */
    const take = (chunk) => {
      output += chunk;
      const lines = (unfinished + chunk).split(/[\r\n]+/);
      unfinished = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') options.onLine?.(line.trim());
    };
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL' && options.timeoutMs !== undefined) {
        reject(new LauncherError(`${program} did not finish within ${options.timeoutMs / 1000} s.`, tail(output)));
      } else resolve({ code: code ?? 1, output, stdout });
    });
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Parameters<typeof capture>[2]} [options]
 * @returns {Promise<string>} standard output
 * @throws {LauncherError} with the end of its output when it exits with another code than 0
 */
export async function mustRun(program, args, options) {
  const { code, output, stdout } = await capture(program, args, options);
  if (code !== 0) throw new LauncherError(`${[program, ...args].join(' ')} ended with code ${code}.`, tail(output));
  return stdout;
}

/**
 * Runs a program with the terminal's own streams, and passes Ctrl+C and a polite stop on to it.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code; 128 + n when signal n ended it, as shells count
 */
export function runInForeground(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: 'inherit' });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => child.kill(signal);
    /** @type {NodeJS.Signals[]} */
    const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of forwarded) process.on(signal, forward);
    const forget = () => {
      for (const signal of forwarded) process.off(signal, forward);
    };
    child.on('error', (error) => {
      forget();
      reject(error);
    });
    child.on('close', (code, signal) => {
      forget();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/**
 * Looks a program up in PATH.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} its full path, or null when there is none
 */
export function findProgram(name, env = process.env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder: look in the next.
    }
  }
  return null;
}

/**
 * Stops a process: asks first, and kills it when it has not ended after the grace time.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMs]
 * @returns {Promise<void>} when it has ended
 */
export async function stop(child, graceMs = 15_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(killer);
}

/**
 * True when the command ran and reported success; used for questions such as "may sudo be used without a password?".
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {boolean}
 */
export function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
