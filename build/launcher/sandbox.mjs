/** Chromium's sandbox: whether this system lets an ordinary user have it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LauncherError } from './report.mjs';
import { succeeds } from './run.mjs';

const SET_UID = 0o4000;

/** Chromium's sandbox refuses to run as root; everyone else keeps it. */
export const sandboxArguments = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/**
 * Makes sure that windows can open with their sandbox on: through user namespaces, or through Chromium's own helper.
 * @param {string} electronFolder
 * @throws {LauncherError} with the line that an administrator runs once, where the system forbids both
 */
export function checkSandbox(electronFolder) {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return;
  const helper = join(electronFolder, 'chrome-sandbox');
  const found = statSync(helper, { throwIfNoEntry: false });
  if (found !== undefined && found.uid === 0 && (found.mode & SET_UID) !== 0) return;
  if (succeeds('unshare', ['--user', 'true'])) return;
  throw new LauncherError(
    "This system lets no ordinary user open Chromium's sandbox. Run this line, then the command again:",
    [`sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`],
  );
}
