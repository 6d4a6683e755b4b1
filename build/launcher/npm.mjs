/**
 * The npm client of this machine, run by the Node of our choice. Every download from a registry goes through it, so that
 * the user's registry, proxy and certificates apply.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { folderBytes } from './cache.mjs';
import { LauncherError, formatMegabytes } from './report.mjs';
import { capture, findProgram, mustRun, tail } from './run.mjs';

/**
 * Finds npm's own JavaScript entry, so that it can run under another Node than the one it came with.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 * @throws {LauncherError} when this machine has no npm
 */
export function npmCli(env = process.env) {
  // Set by npm itself when it runs a script; other package managers set it to theirs, which speak other commands.
  if (env.npm_execpath?.endsWith('npm-cli.js') && existsSync(env.npm_execpath)) return env.npm_execpath;
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(beside)) return beside;
  const found = findProgram('npm', env);
  if (found !== null) {
    const real = realpathSync(found);
    if (real.endsWith('.js')) return real;
  }
  throw new LauncherError('npm was not found on this machine.', [
    'Install Node.js with npm, then run the command again.',
  ]);
}

/**
 * @param {string} path
 * @returns {Promise<string>} the file's digest as npm writes integrities: `sha512-<base64>`
 */
export async function integrityOf(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * A package of a registry that we run as a program: version and content are pinned.
 * @typedef {{ name: string, version: string, integrity: string, bytes: number }} PinnedPackage
 */

/**
 * Downloads one package, verifies that it is the very content we pinned, and unpacks it.
 * @param {PinnedPackage} pinned
 * @param {string} folder an existing folder; its `package` subfolder gets the content
 * @param {(text: string) => void} progress
 * @returns {Promise<string>} the folder with the package's files
 * @throws {LauncherError} when the registry cannot give it, or gives something else
 */
export async function fetchPackage(pinned, folder, progress) {
  const specification = `${pinned.name}@${pinned.version}`;
  // A cache of its own, so that its growth shows how far the download is, and no second copy of it stays on the disk.
  const npmCache = join(folder, 'npm-cache');
  mkdirSync(npmCache, { recursive: true });
  const ticker = setInterval(() => {
    const bytes = Math.min(folderBytes(npmCache), pinned.bytes);
    progress(`downloaded ${formatMegabytes(bytes)} of ${formatMegabytes(pinned.bytes)}`);
  }, 500);
  try {
    const { code, output } = await capture(process.execPath, [
      npmCli(),
      'pack',
      specification,
      '--ignore-scripts',
      '--pack-destination',
      folder,
      '--cache',
      npmCache,
    ]);
    if (code !== 0) {
      throw new LauncherError(`npm could not download ${specification}.`, [
        ...tail(output, 12),
        'Check the network and the registry that npm uses (npm config get registry), then run the command again.',
      ]);
    }
  } finally {
    clearInterval(ticker);
    rmSync(npmCache, { recursive: true, force: true });
  }
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack ${specification} left no tarball`);
  const path = join(folder, tarball);
  progress('verifying');
  const actual = await integrityOf(path);
  if (actual !== pinned.integrity) {
    throw new LauncherError(
      `${specification} from the registry is not the package this version of Doorstep was tested with.`,
      [`expected ${pinned.integrity}`, `received ${actual}`, 'Nothing of it was run. Tell whoever keeps the registry.'],
    );
  }
  progress('unpacking');
  await mustRun('tar', ['-xzf', tarball], { cwd: folder });
  rmSync(path);
  return join(folder, 'package');
}
