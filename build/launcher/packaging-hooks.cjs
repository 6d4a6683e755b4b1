const { rmSync } = require('node:fs');
const { join } = require('node:path');

/** electron-builder asks here whether it should collect and rebuild node_modules: it should not, they are staged. */
exports.beforeBuild = () => Promise.resolve(false);

/**
 * Takes away what the Electron folder brings for starting apps from the command line.
 * @param {{ packager: { getResourcesDir(folder: string): string }, appOutDir: string }} context
 */
exports.afterPack = ({ packager, appOutDir }) => {
  rmSync(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true });
  return Promise.resolve();
};
