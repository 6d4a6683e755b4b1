/** Unpacks a zip archive, keeping which files are executable. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/**
 * @param {string} archive
 * @param {string} folder
 * @param {(entry: string) => string | null} place where an entry goes, relative to `folder`; null leaves it out
 */
export async function unpackZip(archive, folder, place) {
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const name = place(entry.fileName);
    if (name === null) continue;
    const path = resolve(folder, name);
    if (!path.startsWith(resolve(folder) + sep)) throw new Error(`archive entry leaves its folder: ${entry.fileName}`);
    mkdirSync(dirname(path), { recursive: true });
    // The upper half holds the Unix mode; archives made elsewhere have none there.
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(
      await zip.openReadStreamPromise(entry),
      createWriteStream(path, { mode: mode === 0 ? 0o644 : mode }),
    );
  }
}
