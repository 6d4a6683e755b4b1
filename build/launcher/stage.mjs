/** Collects exactly the files that the packaged app needs, so that no other dependency can slip in. */
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { readPackage } from './json.mjs';
import { LauncherError } from './report.mjs';

/** Packages that stay outside the bundles and are needed at run time (see vite/shared.mjs). */
const RUNTIME_PACKAGES = ['better-sqlite3', 'node-hid', 'electron-updater'];

/** Needed to compile, not to run. */
const NOT_AT_RUN_TIME = new Set(['node-addon-api', 'pkg-prebuilds-copy']);

/** Sources, tests and documents of packages: of no use to a running app. */
const LEFT_OUT =
  /(^|\/)(src|deps|test|tests|docs|hidapi|\.github)\/|\.(md|markdown|d\.ts|d\.mts|map|gyp|gypi|c|cc|cpp|h|hpp|ts)$|(^|\/)\.[^/]+$/;

/**
 * @param {string} path inside a package, with forward slashes
 * @param {string} platform the prebuilds of which stay, as packages name them: `linux-x64`
 * @returns {boolean} whether a file of a package goes into the app
 */
export function belongsInPackage(path, platform) {
  if (LEFT_OUT.test(path)) return false;
  const prebuild = /^prebuilds\/([^/]+)/.exec(path)?.[1];
  return prebuild === undefined || prebuild.includes(platform);
}

/**
 * Finds a package and what it depends on, as Node would.
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {string[]} the packages' folders
 */
export function closureOf(root, names) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @param {string} name @param {string} from */
  const visit = (name, from) => {
    if (NOT_AT_RUN_TIME.has(name)) return;
    let folder = from;
    while (!existsSync(join(folder, 'node_modules', name, 'package.json'))) {
      if (folder === root) throw new Error(`package ${name} is not installed`);
      folder = dirname(folder);
    }
    const home = join(folder, 'node_modules', name);
    if (found.has(home)) return;
    found.add(home);
    const { dependencies = {} } = readPackage(home);
    for (const dependency of Object.keys(dependencies)) visit(dependency, home);
  };
  for (const name of names) visit(name, root);
  return [...found].sort();
}

/**
 * Fills the staging folder anew.
 * @param {string} root the repository, with the app built
 * @param {string} stage
 * @param {string} binding the SQLite addon that fits the packaged Electron, or '' for the package's own prebuild
 */
export function stageApp(root, stage, binding) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  cpSync(join(root, 'out', 'app'), join(stage, 'out', 'app'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map') && !basename(path).startsWith('.'),
  });
  if (!existsSync(join(stage, 'out', 'app', 'main', 'index.js'))) throw new LauncherError('The app is not built.');
  const migrations = join(root, 'migrations', 'replica');
  if (existsSync(migrations)) {
    cpSync(migrations, join(stage, 'migrations', 'replica'), {
      recursive: true,
      filter: (path) => !path.endsWith('.ts'),
    });
  }
  const { name, productName, version, description, author, license, type, main } = readPackage(root);
  writeFileSync(
    join(stage, 'package.json'),
    `${JSON.stringify({ name, productName, version, description, author, license, type, main }, null, 2)}\n`,
  );
  const modules = join(stage, 'modules');
  const platform = `${process.platform}-${process.arch}`;
  for (const folder of closureOf(root, RUNTIME_PACKAGES)) {
    cpSync(folder, join(modules, relative(join(root, 'node_modules'), folder)), {
      recursive: true,
      filter: (path) => {
        const inside = relative(folder, path).replaceAll('\\', '/');
        return inside === '' || (inside !== 'node_modules' && belongsInPackage(inside, platform));
      },
    });
  }
  if (binding !== '') {
    // In the prebuild's place the package finds it by itself: a packaged app reads no environment variable.
    copyFileSync(binding, join(modules, 'better-sqlite3', 'prebuilds', `${platform}.node`));
  }
}
