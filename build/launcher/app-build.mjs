/** Builds the app with Vite, when its sources changed since the last time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keyOfFiles, readStamp, writeStamp } from './cache.mjs';
import { LauncherError, step } from './report.mjs';
import { capture, tail } from './run.mjs';

const SOURCES = [
  'shared',
  'electron',
  'renderer',
  'migrations/replica',
  'build/vite',
  'build/build-app.mjs',
  'package.json',
  'package-lock.json',
];

/**
 * @param {string} root
 */
export async function ensureAppBuilt(root) {
  const stamp = join(root, 'out', 'app', '.built-from');
  const key = keyOfFiles(root, SOURCES, (name) => !name.endsWith('.test.ts'));
  if (readStamp(stamp) === key && existsSync(join(root, 'out', 'app', 'main', 'index.js'))) return;
  await step('Building the app', async (progress) => {
    const { code, output } = await capture(process.execPath, [join(root, 'build', 'build-app.mjs')], {
      cwd: root,
      onLine: progress,
    });
    if (code !== 0) throw new LauncherError('The app could not be built.', tail(output));
    writeStamp(stamp, key);
  });
}
