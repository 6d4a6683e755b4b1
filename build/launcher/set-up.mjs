/** The set-up that every command shares: from a bare checkout to an Electron that can run the app. */
import { ensureElectron } from './electron-runtime.mjs';
import { ensureNodeModules } from './node-modules.mjs';
import { checkSandbox } from './sandbox.mjs';
import { addonNeedsCompiler, ensureSqliteAddon } from './sqlite-addon.mjs';
import { ensureSystemPackages, hasDisplay } from './system-packages.mjs';

/**
 * What the app and the tests are run with.
 * @typedef {object} SetUp
 * @property {import('./electron-runtime.mjs').ElectronRuntime} electron
 * @property {string} binding path of the compiled SQLite addon, or '' for the package's own
 * @property {NodeJS.ProcessEnv} environment the environment of this process plus the variables the app reads
 */

/**
 * @param {string} root the repository
 * @returns {Promise<SetUp>}
 */
export async function setUp(root) {
  await ensureNodeModules(root);
  await ensureSystemPackages({ display: hasDisplay(), compiler: false });
  const electron = await ensureElectron(root);
  if (addonNeedsCompiler(root, electron.nodeApi)) await ensureSystemPackages({ display: true, compiler: true });
  checkSandbox(electron.folder);
  const binding = await ensureSqliteAddon(root, electron.nodeApi);
  return {
    electron,
    binding,
    environment: {
      ...process.env,
      DOORSTEP_ELECTRON: electron.executable,
      DOORSTEP_SQLITE_BINDING: binding,
      DOORSTEP_APP: root,
    },
  };
}
