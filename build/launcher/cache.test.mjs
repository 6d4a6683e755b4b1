import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheRootOf, folderBytes, keyOf, keyOfFiles, makeFolder, readStamp, writeStamp } from './cache.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['Linux', 'linux', {}, '/home/li/.cache/doorstep'],
  ['Linux with its own cache folder', 'linux', { XDG_CACHE_HOME: '/big' }, '/big/doorstep'],
  ['macOS', 'darwin', { XDG_CACHE_HOME: '/big' }, '/home/li/Library/Caches/doorstep'],
  ['Windows', 'win32', { LOCALAPPDATA: '/local' }, '/local/doorstep/cache'],
])('the cache on %s', (_name, platform, env, expected) => {
  expect(cacheRootOf(/** @type {NodeJS.Platform} */ (platform), env, '/home/li')).toBe(expected);
});

describe('keys', () => {
  test('the same parts give the same key, and where one part ends matters', () => {
    expect(keyOf(['a', 'b'])).toBe(keyOf(['a', 'b']));
    expect(keyOf(['ab', 'c'])).not.toBe(keyOf(['a', 'bc']));
  });

  test('a key of files changes with a content, a name and a new file, but not with what is unwanted', () => {
    mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'src', 'deep', 'a.ts'), '1');
    const wanted = (/** @type {string} */ name) => !name.endsWith('.test.ts');
    const before = keyOfFiles(folder, ['src', 'missing'], wanted);
    writeFileSync(join(folder, 'src', 'a.test.ts'), 'any');
    expect(keyOfFiles(folder, ['src', 'missing'], wanted)).toBe(before);
    writeFileSync(join(folder, 'src', 'deep', 'a.ts'), '2');
    const changed = keyOfFiles(folder, ['src', 'missing'], wanted);
    expect(changed).not.toBe(before);
    writeFileSync(join(folder, 'src', 'b.ts'), '');
    expect(keyOfFiles(folder, ['src', 'missing'], wanted)).not.toBe(changed);
  });
});

test('a stamp is read back, and none is null', () => {
  const stamp = join(folder, 'new', 'stamp');
  expect(readStamp(stamp)).toBeNull();
  writeStamp(stamp, 'key');
  expect(readStamp(stamp)).toBe('key');
});

describe('making a folder', () => {
  test('it appears whole, and is not made again', async () => {
    const target = join(folder, 'runtime');
    await makeFolder(target, (draft) => {
      expect(existsSync(target)).toBe(false);
      writeFileSync(join(draft, 'file'), 'first');
      return Promise.resolve();
    });
    await makeFolder(target, (draft) => {
      writeFileSync(join(draft, 'file'), 'second');
      return Promise.resolve();
    });
    expect(readFileSync(join(target, 'file'), 'utf8')).toBe('first');
  });

  test('a failure leaves nothing behind', async () => {
    const making = makeFolder(join(folder, 'runtime'), (draft) => {
      writeFileSync(join(draft, 'half'), '');
      return Promise.reject(new Error('the network went away'));
    });
    await expect(making).rejects.toThrow('the network went away');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an old half-made folder of a killed start goes, a young one stays', async () => {
    const old = join(folder, 'runtime.making-00000000');
    const young = join(folder, 'runtime.making-11111111');
    for (const draft of [old, young]) mkdirSync(draft);
    const long = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(old, long, long);
    await makeFolder(join(folder, 'runtime'), () => Promise.resolve());
    expect(readdirSync(folder)).toEqual(['runtime', 'runtime.making-11111111']);
  });

  test('of two at the same time the first wins, and both are content', async () => {
    const target = join(folder, 'runtime');
    const make = (/** @type {string} */ text) =>
      makeFolder(target, (draft) => {
        writeFileSync(join(draft, 'file'), text);
        return Promise.resolve();
      });
    await expect(Promise.all([make('one'), make('two')])).resolves.toEqual([target, target]);
    expect(readdirSync(folder)).toEqual(['runtime']);
  });
});

test('the size of a folder counts what is deep inside, and a missing one is empty', () => {
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'a', 'b', 'c'), 'four');
  writeFileSync(join(folder, 'd'), 'two');
  expect(folderBytes(folder)).toBe(7);
  expect(folderBytes(join(folder, 'missing'))).toBe(0);
});
