/** The folder for what is expensive to make and the same for every checkout: runtimes and compiled addons. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/**
 * Where the cache lives, by the platform's own custom.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @returns {string}
 */
export function cacheRootOf(platform, env, home) {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'doorstep', 'cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'doorstep');
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'doorstep');
}

/** @returns {string} this user's cache folder; it may not exist yet */
export function cacheRoot() {
  return cacheRootOf(process.platform, process.env, homedir());
}

/**
 * A key that changes when any of its parts does. Parts are told apart by their length, so that moving a character
 * from one part to the next is another key.
 * @param {readonly (string | Buffer)[]} parts
 * @returns {string} 16 hexadecimal digits
 */
export function keyOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 16);
}

/**
 * A key over the names and contents of files, folders taken whole; what does not exist is left out.
 * @param {string} root
 * @param {readonly string[]} names files or folders below `root`
 * @param {(path: string) => boolean} [wanted] says which files count; all by default
 * @returns {string}
 */
export function keyOfFiles(root, names, wanted = () => true) {
  /** @type {(string | Buffer)[]} */
  const parts = [];
  /** @param {string} name */
  const visit = (name) => {
    const path = join(root, name);
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      if (name.endsWith('node_modules')) return;
      for (const child of readdirSync(path).sort()) visit(`${name}/${child}`);
    } else if (wanted(name)) parts.push(name, readFileSync(path));
  };
  for (const name of names) visit(name);
  return keyOf(parts);
}

/**
 * Reads a stamp: the key of the inputs from which something was last made.
 * @param {string} path
 * @returns {string | null} null when it was never made
 */
export function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

/**
 * @param {string} path
 * @param {string} key
 */
export function writeStamp(path, key) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${key}\n`);
}

/**
 * Makes a folder all at once: `fill` works in a private folder that takes its final name only when complete, so that
 * an interrupted start, or two starts at the same time, never leave a half-made folder that looks whole.
 * @param {string} folder
 * @param {(draft: string) => Promise<void>} fill
 * @returns {Promise<string>} `folder`
 */
export async function makeFolder(folder, fill) {
  if (existsSync(folder)) return folder;
  sweepDrafts(dirname(folder));
  const draft = `${folder}.making-${randomBytes(4).toString('hex')}`;
  mkdirSync(draft, { recursive: true });
  try {
    await fill(draft);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another start finished first: its folder has the same content.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Removes what starts that were killed left half-made. A young draft may belong to a start that is running.
 * @param {string} parent
 */
function sweepDrafts(parent) {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (!/\.making-[0-9a-f]{8}$/.test(name)) continue;
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > ABANDONED_AFTER_MS) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * The bytes in a folder, to show how far a download is. Files that vanish meanwhile count nothing.
 * @param {string} folder
 * @returns {number}
 */
export function folderBytes(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) bytes += folderBytes(path);
      else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // The folder is not there yet, or no longer: it holds nothing.
  }
  return bytes;
}
