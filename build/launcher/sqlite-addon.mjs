/**
 * The SQLite addon that fits an Electron. The package's prebuild needs Node-API 10; for an older one (Electron 33) it is
 * compiled from the package's own sources: two files, so no build system is needed, only a C++ compiler.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheRoot, makeFolder } from './cache.mjs';
import { readPackage } from './json.mjs';
import { LauncherError, step } from './report.mjs';
import { mustRun } from './run.mjs';

/** Raised when `compile` works differently, so that old caches are left behind. */
const RECIPE = 1;

const PREBUILD_NODE_API = 10;
const OLDEST_NODE_API = 9;

/**
 * Whether the addon must be compiled for this Electron, so that a compiler is needed unless it is in the cache.
 * @param {string} root
 * @param {number} nodeApi
 * @returns {boolean}
 */
export function addonNeedsCompiler(root, nodeApi) {
  return nodeApi < PREBUILD_NODE_API && !existsSync(addonPath(root, nodeApi));
}

/**
 * Reads the values of `'defines': [ … ]` out of the package's list of SQLite's compile-time options.
 * @param {string} gypi
 * @returns {string[]} `NAME` or `NAME=value`
 */
export function definesOf(gypi) {
  const list = /'defines':\s*\[([^\]]*)\]/.exec(gypi)?.[1];
  if (list === undefined) throw new Error('the list of SQLite compile-time options has another shape than expected');
  return [...list.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
}

/**
 * @param {string} root
 * @param {number} nodeApi
 */
function addonPath(root, nodeApi) {
  const source = join(root, 'node_modules', 'better-sqlite3');
  const { version } = readPackage(source);
  const name = `better-sqlite3-${version}-napi${nodeApi}-${process.platform}-${process.arch}-${RECIPE}`;
  return join(cacheRoot(), 'addons', name, 'better_sqlite3.node');
}

/**
 * @param {string} root the repository, with its packages installed
 * @param {number} nodeApi the Node-API version of the Electron that will load the addon
 * @returns {Promise<string>} the path of the compiled addon, or '' when the package's own prebuild fits
 * @throws {LauncherError} when none fits and none can be made
 */
export async function ensureSqliteAddon(root, nodeApi) {
  if (nodeApi >= PREBUILD_NODE_API) return '';
  const path = addonPath(root, nodeApi);
  if (existsSync(path)) return path;
  if (nodeApi < OLDEST_NODE_API || process.platform === 'win32') {
    throw new LauncherError(
      `There is no SQLite addon for an Electron with Node-API ${nodeApi} on ${process.platform}.`,
      ['Use Electron 36 or newer: set ELECTRON_OVERRIDE_DIST_PATH to the folder of one.'],
    );
  }
  await step(`SQLite addon for Node-API ${nodeApi} (compiled once, one to two minutes)`, (progress) =>
    makeFolder(dirname(path), (draft) => compile(root, nodeApi, draft, progress)).then(() => undefined),
  );
  return path;
}

/**
 * @param {string} root
 * @param {number} nodeApi
 * @param {string} draft
 * @param {(text: string) => void} progress
 */
async function compile(root, nodeApi, draft, progress) {
  const source = join(root, 'node_modules', 'better-sqlite3');
  const fromSource = createRequire(join(source, 'package.json'));
  const fromRoot = createRequire(join(root, 'package.json'));
  /** @type {unknown} */
  const headers = fromRoot('node-api-headers');
  const nodeHeaders = /** @type {{ include_dir: string }} */ (headers).include_dir;
  const addonHeaders = dirname(fromSource.resolve('node-addon-api/package.json'));
  const defines = definesOf(readFileSync(join(source, 'deps', 'defines.gypi'), 'utf8')).map((define) => `-D${define}`);
  const common = ['-c', '-O3', '-fPIC', '-DNDEBUG', ...defines, '-I', join(source, 'deps', 'sqlite3')];
  // The same flags as the package's own build, but for link-time optimisation, which takes longer than all the rest.
  const cxx = [
    '-std=c++20',
    '-fno-exceptions',
    '-fno-rtti',
    '-fvisibility=hidden',
    '-fvisibility-inlines-hidden',
    '-w',
    '-DBUILDING_NODE_EXTENSION',
    '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    '-DNAPI_DISABLE_CPP_EXCEPTIONS',
    `-DNAPI_VERSION=${nodeApi}`,
    '-I',
    nodeHeaders,
    '-I',
    addonHeaders,
    '-include',
    join(import.meta.dirname, '..', 'native', 'napi9.hpp'),
  ];
  mkdirSync(join(draft, 'objects'), { recursive: true });
  const sqlite = join(draft, 'objects', 'sqlite3.o');
  const addon = join(draft, 'objects', 'better_sqlite3.o');
  const ticker = setInterval(() => progress('compiling SQLite and its addon'), 1000);
  try {
    await Promise.all([
      mustRun('gcc', [...common, '-std=gnu99', '-w', join(source, 'deps', 'sqlite3', 'sqlite3.c'), '-o', sqlite]),
      mustRun('g++', [...common, ...cxx, join(source, 'src', 'better_sqlite3.cpp'), '-o', addon]),
    ]);
    progress('linking');
    const output = join(draft, 'better_sqlite3.node');
    const flags =
      process.platform === 'darwin'
        ? ['-bundle', '-undefined', 'dynamic_lookup']
        : ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-s'];
    await mustRun('g++', [
      ...flags,
      addon,
      sqlite,
      '-o',
      output,
      ...(process.platform === 'linux' ? ['-ldl', '-lpthread', '-lm'] : []),
    ]);
    rmSync(join(draft, 'objects'), { recursive: true });
  } finally {
    clearInterval(ticker);
  }
}
