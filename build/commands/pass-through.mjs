/** Commands that belong to other rooms: the launcher sets the machine up, then hands the arguments on as they are. */
import { join } from 'node:path';
import { ensureAppBuilt } from '../launcher/app-build.mjs';
import { openDisplay } from '../launcher/display.mjs';
import { ensureNodeModules } from '../launcher/node-modules.mjs';
import { runInForeground } from '../launcher/run.mjs';
import { setUp } from '../launcher/set-up.mjs';

/**
 * @param {string} root
 * @param {readonly string[]} rest
 * @returns {Promise<number>}
 */
export async function central(root, rest) {
  await ensureNodeModules(root);
  // npm runs scripts in the package's folder; file names on the command line are meant from where the person stands.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return runInForeground(process.execPath, [join(root, 'central', 'main.ts'), ...rest], { cwd });
}

/**
 * @param {string} root
 * @param {readonly string[]} rest
 * @returns {Promise<number>}
 */
export async function bench(root, rest) {
  const { environment } = await setUp(root);
  await ensureAppBuilt(root);
  const display = await openDisplay(environment);
  try {
    return await runInForeground(process.execPath, [join(root, 'bench', 'main.ts'), ...rest], {
      cwd: root,
      env: display.environment,
    });
  } finally {
    await display.close();
  }
}
