/** What the launcher understands of other programs' output, and what it says itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wrongFuses } from './fuses.mjs';
import { readReady } from './gateway.mjs';
import { isWorthShowing } from './noise.mjs';
import { integrityOf } from './npm.mjs';
import { formatDuration, formatMegabytes } from './report.mjs';
import { capture, mustRun, tail } from './run.mjs';
import { definesOf } from './sqlite-addon.mjs';
import { belongsInPackage } from './stage.mjs';
import { sumOf, totalsOf } from './totals.mjs';

test('durations and sizes are worded for people', () => {
  expect([400, 9_960, 12_300, 59_600, 125_000].map(formatDuration)).toEqual([
    '0.4 s',
    '10.0 s',
    '12 s',
    '60 s',
    '2 min 05 s',
  ]);
  expect([1_250_000, 196_264_810].map(formatMegabytes)).toEqual(['1.3 MB', '196 MB']);
});

describe('the line that says the gateway is ready', () => {
  const codes = [{ user: 'u1', name: '王芳', code: 'K7Q2' }];

  test('is read', () => {
    const line = JSON.stringify({ ready: true, gateway: 'http://127.0.0.1:4100', codes });
    expect(readReady(line)).toEqual({ ready: true, gateway: 'http://127.0.0.1:4100', codes });
  });

  test.each([
    ['a log line', 'starting'],
    ['another JSON line', '{"level":30}'],
    ['null', 'null'],
    ['not ready', JSON.stringify({ ready: false, gateway: 'http://127.0.0.1:1', codes })],
    ['no address', JSON.stringify({ ready: true, gateway: 'soon', codes })],
    ['no codes', JSON.stringify({ ready: true, gateway: 'http://127.0.0.1:1' })],
  ])('is not %s', (_edge, line) => {
    expect(readReady(line)).toBeNull();
  });
});

describe("the runners' totals", () => {
  test('vitest', () => {
    const report = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
    expect(totalsOf('vitest', report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  test('Playwright, where a test that passed only when tried again has failed', () => {
    const report = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 } };
    expect(totalsOf('playwright', report)).toEqual({ passed: 4, failed: 2, skipped: 0 });
  });

  test('a report of another shape is not "no failures"', () => {
    expect(() => totalsOf('vitest', {})).toThrow('numPassedTests');
    expect(() => totalsOf('playwright', { stats: {} })).toThrow('expected');
  });

  test('add up', () => {
    expect(sumOf([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sumOf([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});

describe('fuses', () => {
  const indexes = {
    RunAsNode: 0,
    EnableCookieEncryption: 1,
    EnableNodeOptionsEnvironmentVariable: 2,
    EnableNodeCliInspectArguments: 3,
    EnableEmbeddedAsarIntegrityValidation: 4,
    OnlyLoadAppFromAsar: 5,
    LoadBrowserProcessSpecificV8Snapshot: 6,
    GrantFileProtocolExtraPrivileges: 7,
  };
  const right = { 0: 48, 1: 49, 2: 48, 3: 48, 4: 49, 5: 49, 6: 48, 7: 48 };

  test('as wanted', () => {
    expect(wrongFuses(right, indexes)).toEqual([]);
  });

  test('one that is on, one that is off and one that is missing are each named', () => {
    const { 7: _gone, ...wire } = { ...right, 0: 49, 5: 48 };
    expect(wrongFuses(wire, indexes)).toEqual([
      'RunAsNode is on, must be off',
      'OnlyLoadAppFromAsar is off, must be on',
      'GrantFileProtocolExtraPrivileges is missing, must be off',
    ]);
  });
});

test.each([
  ['lib/index.js', true],
  ['package.json', true],
  ['prebuilds/linux-x64.node', true],
  ['prebuilds/HID-linux-x64/node-napi-v4.node', true],
  ['prebuilds/darwin-arm64.node', false],
  ['prebuilds/win32-x64.node', false],
  ['deps/sqlite3/sqlite3.c', false],
  ['src/better_sqlite3.cpp', false],
  ['index.d.ts', false],
  ['README.md', false],
])('%s goes into a Linux package: %s', (path, expected) => {
  expect(belongsInPackage(path, 'linux-x64')).toBe(expected);
});

test("SQLite's compile-time options are read from the package's own list", () => {
  expect(definesOf("{ 'defines': [\n 'SQLITE_ENABLE_FTS5',\n 'SQLITE_DQS=0',\n ] }")).toEqual([
    'SQLITE_ENABLE_FTS5',
    'SQLITE_DQS=0',
  ]);
  expect(() => definesOf('{}')).toThrow('another shape');
});

test("what a machine without a desktop makes Chromium say is not shown, the app's own words are", () => {
  expect(isWorthShowing('[1:1121/205738.12:ERROR:bus.cc(407)] Failed to connect to the bus')).toBe(false);
  expect(isWorthShowing('  ')).toBe(false);
  expect(isWorthShowing('[1:1121/205738.12:FATAL:electron_main.cc(1)] gone')).toBe(true);
  expect(isWorthShowing('replica ended')).toBe(true);
});

test('an integrity is written as npm writes it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-integrity-'));
  try {
    writeFileSync(join(folder, 'file'), 'abc');
    // The SHA-512 example of FIPS 180-4 for "abc".
    const digest =
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
    expect(await integrityOf(join(folder, 'file'))).toBe(`sha512-${Buffer.from(digest, 'hex').toString('base64')}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('programs', () => {
  test('lines arrive whole, from both streams', async () => {
    /** @type {string[]} */
    const lines = [];
    const script = "process.stdout.write('one\\ntw'); process.stderr.write('o\\n'); process.exitCode = 3";
    const { code, stdout } = await capture(process.execPath, ['-e', script], { onLine: (line) => lines.push(line) });
    expect(code).toBe(3);
    expect(stdout).toBe('one\ntw');
    expect(lines[0]).toBe('one');
  });

  test('a failure carries the end of the output', async () => {
    const failing = mustRun(process.execPath, ['-e', "console.error('no space left'); process.exit(1)"]);
    await expect(failing).rejects.toMatchObject({ name: 'LauncherError', next: ['no space left'] });
  });

  test('the tail is short', () => {
    expect(tail('a\nb\nc\n', 2)).toEqual(['b', 'c']);
  });
});
