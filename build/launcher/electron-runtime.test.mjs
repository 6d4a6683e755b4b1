import { expect, test } from 'vitest';
import { REGISTRY_RUNTIMES, executableName, placeInRuntime } from './electron-runtime.mjs';
import { NODE_PACKAGES, isAtLeast } from './node-runtime.mjs';

const runtime = { prefix: 'Product/', product: 'Product' };

test.each([
  ['the executable takes the stock name', 'Product/Product', 'linux', 'electron'],
  ['on Windows too', 'Product/Product.exe', 'win32', 'electron.exe'],
  ['a library stays where it is', 'Product/libEGL.so', 'linux', 'libEGL.so'],
  ['a resource of Electron', 'Product/locales/zh-CN.pak', 'linux', 'locales/zh-CN.pak'],
  ["the other product's application goes", 'Product/resources/app/package.json', 'linux', null],
  ['and its update address', 'Product/resources/app-update.yml', 'linux', null],
  ['and its snapshot', 'Product/browser_v8_context_snapshot.bin', 'linux', null],
  ["but not Electron's snapshot", 'Product/v8_context_snapshot.bin', 'linux', 'v8_context_snapshot.bin'],
  ['folders come with their files', 'Product/locales/', 'linux', null],
  ['nothing outside the product folder', 'elsewhere/electron', 'linux', null],
])('%s', (_edge, entry, platform, place) => {
  expect(placeInRuntime(entry, runtime, /** @type {NodeJS.Platform} */ (platform))).toBe(place);
});

test('each platform names its executable', () => {
  expect(executableName('linux')).toBe('electron');
  expect(executableName('win32')).toBe('electron.exe');
  expect(executableName('darwin')).toBe('Electron.app/Contents/MacOS/Electron');
});

test('whatever we run from a registry has an exact version and a SHA-512 of its content', () => {
  for (const { version, integrity } of [...Object.values(REGISTRY_RUNTIMES), ...Object.values(NODE_PACKAGES)]) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  }
});

test.each([
  ['v22.18.0', '22.18.0', true],
  ['v22.17.9', '22.18.0', false],
  ['v24.0.0', '22.18.0', true],
  ['v20.20.2', '22.18.0', false],
])('%s against %s', (version, least, expected) => {
  expect(isAtLeast(version, least)).toBe(expected);
});
