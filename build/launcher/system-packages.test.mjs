import { expect, test } from 'vitest';
import { hasDisplay, installLine, installedPackages, missingPackages, needsFor } from './system-packages.mjs';

const everything = needsFor({ display: false, compiler: true });

test('a virtual display and a compiler are needed only where there is none', () => {
  const names = (/** @type {readonly import('./system-packages.mjs').Need[]} */ needs) =>
    needs.map(({ packages }) => packages[0]);
  const least = names(needsFor({ display: true, compiler: false }));
  expect(least).toContain('libgtk-3-0');
  expect(least).not.toContain('xvfb');
  expect(least).not.toContain('g++');
  expect(names(everything)).toEqual([...least, 'xvfb', 'g++', 'libc6-dev']);
});

test('a package that was removed but left its settings is not installed', () => {
  const said = 'libnss3\tinstall ok installed\nlibgbm1\tdeinstall ok config-files\nxvfb\tunknown ok not-installed\n';
  expect([...installedPackages(said)]).toEqual(['libnss3']);
});

test('only what is missing is installed, and a newer name or another Chinese font is as good', () => {
  const installed = new Set(everything.map(({ packages }) => packages[0]));
  expect(missingPackages(everything, installed)).toEqual([]);
  installed.delete('libasound2');
  installed.delete('fonts-noto-cjk');
  expect(missingPackages(everything, installed)).toEqual(['libasound2', 'fonts-noto-cjk']);
  installed.add('libasound2t64').add('fonts-wqy-zenhei');
  expect(missingPackages(everything, installed)).toEqual([]);
});

test('the line to run says sudo for everyone but root', () => {
  expect(installLine(['xvfb', 'g++'], true)).toBe(
    'apt-get update && apt-get install -y --no-install-recommends xvfb g++',
  );
  expect(installLine(['xvfb'], false)).toBe(
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends xvfb',
  );
});

test('an empty DISPLAY is no display', () => {
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'win32')).toBe(true);
});
