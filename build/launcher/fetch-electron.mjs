/**
 * Downloads and unpacks the official Electron: `node fetch-electron.mjs <repository> <folder>`. A process of its own, so
 * that a download that hangs can be ended. Prints progress; the last line of a failure says why.
 */
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJson, readPackage } from './json.mjs';

/** A network that drops packets answers never: without a single byte for this long, there is no way through. */
const SILENCE_MS = 20_000;

const [root = '', folder = ''] = process.argv.slice(2);
const electronPackage = join(root, 'node_modules', 'electron', 'package.json');
// The downloader and the extractor that Electron's own install script uses, as that package resolves them.
const fromElectron = createRequire(electronPackage);
/** @param {string} name @returns {Promise<unknown>} */
const load = (name) => import(pathToFileURL(fromElectron.resolve(name)).href);

/** @typedef {typeof import('@electron/get')} Downloader */
/** @typedef {{ extract: (zip: string, options: { dir: string }) => Promise<void> }} Extractor */

const watchdog = setTimeout(() => {
  process.stderr.write(`no answer for ${SILENCE_MS / 1000} s\n`);
  process.exit(1);
}, SILENCE_MS);

try {
  const { downloadArtifact } = /** @type {Downloader} */ (await load('@electron/get'));
  const { extract } = /** @type {Extractor} */ (await load('@electron-internal/extract-zip'));
  const { version } = readPackage(dirname(electronPackage));
  let shown = 0;
  const zip = await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums: /** @type {Record<string, string>} */ (readJson(join(dirname(electronPackage), 'checksums.json'))),
    downloadOptions: {
      quiet: true,
      /** @param {{ transferred: number, total?: number | null }} progress */
      getProgressCallback: ({ transferred, total }) => {
        watchdog.refresh();
        if (Date.now() - shown < 500) return;
        shown = Date.now();
        process.stdout.write(`downloaded ${Math.round(transferred / 1e6)} of ${Math.round((total ?? 0) / 1e6)} MB\n`);
      },
    },
  });
  clearTimeout(watchdog);
  process.stdout.write('unpacking\n');
  await extract(zip, { dir: resolve(folder) });
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${[message.split('\n')[0], cause].filter((part) => part !== '').join(': ')}\n`);
  process.exit(1);
}
process.exit(0);
