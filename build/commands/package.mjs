/** `npm run package`: the packaged app in out/package/, checked before anyone gets it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureAppBuilt } from '../launcher/app-build.mjs';
import { WANTED_FUSES, wrongFuses } from '../launcher/fuses.mjs';
import { LauncherError, say, step } from '../launcher/report.mjs';
import { capture, tail } from '../launcher/run.mjs';
import { setUp } from '../launcher/set-up.mjs';
import { stageApp } from '../launcher/stage.mjs';

/**
 * What may be inside the app's archive, by the first part of the path.
 */
const ALLOWED_IN_ARCHIVE = /^\/(package\.json|out(\/app(\/.*)?)?|migrations(\/replica(\/.*)?)?|node_modules(\/.*)?)$/;

/**
 * @param {string} root
 * @returns {Promise<number>}
 */
export async function packageCommand(root) {
  const ready = await setUp(root);
  await ensureAppBuilt(root);
  const executable = await makePackage(root, ready);
  say(`Packaged: ${executable}`);
  return 0;
}

/**
 * Packages the built app, without a network.
 * @param {string} root
 * @param {import('../launcher/set-up.mjs').SetUp} ready
 * @returns {Promise<string>} the packaged executable
 * @throws {LauncherError} when it cannot be made, or a fuse or the content is not as it must be
 */
export async function makePackage(root, { electron, binding, environment }) {
  const output = join(root, 'out', 'package');
  const executable = await step(
    `Package with Electron ${electron.version}`,
    async (/** @type {import('../launcher/report.mjs').Progress} */ progress) => {
      const stage = join(root, 'out', 'package-stage');
      stageApp(root, stage, binding);
      rmSync(output, { recursive: true, force: true });
      const platform = process.platform === 'win32' ? '--win' : process.platform === 'darwin' ? '--mac' : '--linux';
      const args = [
        join(root, 'node_modules', 'electron-builder', 'cli.js'),
        ...[platform, 'dir', `--${process.arch}`, '--publish', 'never', '--config', 'electron-builder.yml'],
        `-c.electronDist=${electron.folder}`,
        `-c.electronVersion=${electron.version}`,
      ];
      const { code, output: log } = await capture(process.execPath, args, {
        cwd: root,
        env: environment,
        onLine: (line) => progress(line.slice(0, 100)),
      });
      if (code !== 0) throw new LauncherError('electron-builder failed.', tail(log));
      const found = findExecutable(output);
      if (found === null) throw new Error(`electron-builder left no executable in ${output}`);
      return found;
    },
  );
  await step(`Fuses and content of the package (${Object.keys(WANTED_FUSES).length} fuses)`, () =>
    checkPackage(executable),
  );
  return executable;
}

/**
 * @param {string} root
 * @returns {string | null} the executable of the package that is there, or null when there is none
 */
export function existingPackage(root) {
  const output = join(root, 'out', 'package');
  return existsSync(output) ? findExecutable(output) : null;
}

/**
 * @param {string} output
 * @returns {string | null}
 */
function findExecutable(output) {
  const folder = readdirSync(output).find((name) => /^(linux|win|mac)(-.*)?$/.test(name) || /-unpacked$/.test(name));
  const inside =
    process.platform === 'win32'
      ? 'Doorstep.exe'
      : process.platform === 'darwin'
        ? 'Doorstep.app/Contents/MacOS/Doorstep'
        : 'doorstep';
  const executable = join(output, folder ?? '', inside);
  return folder !== undefined && existsSync(executable) ? executable : null;
}

/**
 * Reads the packaged binary and archive back.
 * @param {string} executable
 * @throws {LauncherError} when any fuse differs, or the archive holds what it must not
 */
async function checkPackage(executable) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const problems = wrongFuses(await getCurrentFuseWire(executable), FuseV1Options);
  const { listPackage } = await import('@electron/asar');
  const resources =
    process.platform === 'darwin' ? join(executable, '..', '..', 'Resources') : join(executable, '..', 'resources');
  const entries = listPackage(join(resources, 'app.asar'), { isPack: false }).map((name) => name.replaceAll('\\', '/'));
  for (const name of entries) if (!ALLOWED_IN_ARCHIVE.test(name)) problems.push(`${name} must not be in the archive`);
  if (!entries.includes('/node_modules/better-sqlite3/package.json'))
    problems.push('better-sqlite3 is missing from the archive');
  const prebuilds = join(resources, 'app.asar.unpacked', 'node_modules', 'better-sqlite3', 'prebuilds');
  if (!existsSync(join(prebuilds, `${process.platform}-${process.arch}.node`)))
    problems.push('the SQLite addon is not unpacked beside the archive');
  for (const stray of ['app', 'default_app.asar', 'app-update.yml']) {
    if (existsSync(join(resources, stray))) problems.push(`resources/${stray} must not be there`);
  }
  if (problems.length > 0) throw new LauncherError('The packaged app is not as it must be:', problems);
}
