/** What the operating system must have: the libraries of Electron, Chinese fonts, a virtual display, a compiler. */
import { existsSync } from 'node:fs';
import { LauncherError, say, step } from './report.mjs';
import { capture, findProgram, succeeds, tail } from './run.mjs';

/**
 * One need, and the Debian packages of which any one meets it. The first is the one we install; the others are its
 * name in newer releases or something just as good.
 * @typedef {{ need: string, packages: readonly [string, ...string[]] }} Need
 */

/** @type {readonly Need[]} */
const ELECTRON_NEEDS = [
  { need: 'windows and widgets', packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { need: 'certificates and TLS', packages: ['libnss3'] },
  { need: 'sound', packages: ['libasound2', 'libasound2t64'] },
  { need: 'graphics buffers', packages: ['libgbm1'] },
  { need: 'idle time', packages: ['libxss1'] },
  { need: 'assistive technology', packages: ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'] },
  { need: 'USB readers', packages: ['libusb-1.0-0'] },
  {
    need: 'Chinese text',
    packages: [
      'fonts-noto-cjk',
      'fonts-wqy-zenhei',
      'fonts-wqy-microhei',
      'fonts-arphic-uming',
      'fonts-droid-fallback',
    ],
  },
];

/** @type {Need} */
const VIRTUAL_DISPLAY = { need: 'a virtual display', packages: ['xvfb'] };
/** @type {Need} */
const COMPILER = { need: 'compiling the SQLite addon', packages: ['g++'] };
/** @type {Need} */
const C_LIBRARY_HEADERS = { need: 'compiling the SQLite addon', packages: ['libc6-dev'] };

/**
 * The needs of this run.
 * @param {{ display: boolean, compiler: boolean }} situation whether there is a real display, and whether something
 *   must be compiled
 * @returns {readonly Need[]}
 */
export function needsFor({ display, compiler }) {
  return [...ELECTRON_NEEDS, ...(display ? [] : [VIRTUAL_DISPLAY]), ...(compiler ? [COMPILER, C_LIBRARY_HEADERS] : [])];
}

/**
 * Reads what dpkg-query says: one `package<TAB>status` line for each package it knows.
 * @param {string} output
 * @returns {Set<string>} the packages that are installed whole, without their architecture
 */
export function installedPackages(output) {
  /** @type {Set<string>} */
  const installed = new Set();
  for (const line of output.split('\n')) {
    const [name, status] = line.split('\t');
    if (name !== undefined && status === 'install ok installed') installed.add(name);
  }
  return installed;
}

/**
 * @param {readonly Need[]} needs
 * @param {ReadonlySet<string>} installed
 * @returns {string[]} the packages to install
 */
export function missingPackages(needs, installed) {
  return needs
    .filter(({ packages }) => !packages.some((name) => installed.has(name)))
    .map(({ packages }) => packages[0]);
}

/**
 * The line a person runs to install what we may not.
 * @param {readonly string[]} packages
 * @param {boolean} root whether that person is root already
 * @returns {string}
 */
export function installLine(packages, root) {
  const sudo = root ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** @returns {boolean} whether windows have a screen to open on */
export function hasDisplay(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  return (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== '';
}

const isRoot = () => process.getuid?.() === 0;

/**
 * Makes sure that the system's part is there; installs what is missing where it may.
 * @param {{ display: boolean, compiler: boolean }} situation
 * @throws {LauncherError} with the exact line to run, where it may not
 */
export async function ensureSystemPackages(situation) {
  if (process.platform !== 'linux') return;
  const needs = needsFor(situation);
  if (!existsSync('/etc/debian_version')) {
    checkOtherLinux(situation, needs);
    return;
  }
  const later = needsFor({ ...situation, compiler: true });
  const names = later.flatMap(({ packages }) => packages);
  // dpkg-query ends with code 1 when it does not know one of the names: its answer about the others still stands.
  const { stdout } = await capture('dpkg-query', ['-W', '-f=${Package}\\t${Status}\\n', ...names]);
  const installed = installedPackages(stdout);
  const missing = missingPackages(needs, installed);
  if (missing.length === 0) return;
  const sudo = !isRoot();
  if (sudo && !succeeds('sudo', ['-n', 'true'])) {
    // An administrator is asked once: the line also has what a later step may need.
    throw new LauncherError(
      'System packages are missing, and only an administrator may install them. Run this line, then the command again:',
      [installLine(missingPackages(later, installed), false)],
    );
  }
  await step(`System packages: ${missing.join(' ')}`, async (progress) => {
    await aptGet(sudo, ['update'], progress);
    await aptGet(sudo, ['install', '-y', '--no-install-recommends', ...missing], progress);
  }).catch((/** @type {unknown} */ error) => {
    if (error instanceof LauncherError)
      error.next.push('When the network is back, this line installs them:', installLine(missing, isRoot()));
    throw error;
  });
}

/**
 * @param {boolean} sudo
 * @param {string[]} args
 * @param {(text: string) => void} progress
 */
async function aptGet(sudo, args, progress) {
  // The lock may be held by the system's own updates just after boot: wait for it instead of failing.
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
  const [program, ...rest] = sudo ? ['sudo', '-n', ...command] : command;
  const { code, output } = await capture(/** @type {string} */ (program), rest, {
    onLine: (text) => progress(text.slice(0, 90)),
  });
  if (code !== 0) throw new LauncherError(`apt-get ${args[0]} failed.`, tail(output, 12));
}

/**
 * Other distributions name their packages differently: say what is needed where we can see that it is not there.
 * @param {{ display: boolean, compiler: boolean }} situation
 * @param {readonly Need[]} needs
 */
function checkOtherLinux(situation, needs) {
  const lacking = [
    ...(situation.display || findProgram('Xvfb') !== null ? [] : ['Xvfb (a virtual display)']),
    ...(!situation.compiler || findProgram('g++') !== null ? [] : ['g++ (a C++20 compiler)']),
  ];
  if (lacking.length > 0) {
    throw new LauncherError(`This system lacks: ${lacking.join(', ')}. Install it, then run the command again.`);
  }
  say(
    `  Not a Debian system: its libraries are not checked. Debian's names for them: ${needs.map(({ packages }) => packages[0]).join(' ')}`,
  );
}
