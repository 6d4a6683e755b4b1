import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { figure, type Figure } from '../figure.ts';
import { spreadOf } from '../measure.ts';
import { password } from '../device.ts';

const root = path.resolve(import.meta.dirname, '../..');
const patience = 60_000;

async function start(userData: string): Promise<ElectronApplication> {
  const executablePath = process.env['DOORSTEP_ELECTRON'];
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--user-data-dir=${userData}`,
      '--force-device-scale-factor=1',
      root,
    ],
    cwd: root,
    env,
  });
}

interface Times {
  readonly toUnlock: number;
  readonly toUsable: number;
}

/** Starts the app and waits for its unlock page. */
async function begin(userData: string): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await start(userData);
  const page = await app.firstWindow();
  await passwordField(page).waitFor({ timeout: patience });
  return { app, page };
}

const passwordField = (page: Page) => page.locator('input[autocomplete="current-password"]');

/** Unlocks as a person does. */
async function unlock(page: Page): Promise<void> {
  await passwordField(page).press('Enter');
  // The day's visits themselves, not the frame they will stand in.
  await page.locator('.today ol.rows > *').first().waitFor({ timeout: patience });
}

/** Starts the app and goes in, timing both halves. */
async function timedEntry(userData: string): Promise<Times> {
  const started = performance.now();
  const { app, page } = await begin(userData);
  const toUnlock = performance.now() - started;
  await passwordField(page).fill(password);
  const entered = performance.now();
  await unlock(page);
  const toUsable = performance.now() - entered;
  await app.close();
  return { toUnlock, toUsable };
}

/** Real starts of the real app on the measured replica. */
export async function launchFigures(userData: string): Promise<Figure[]> {
  const times: Times[] = [];
  for (let run = 0; run < 5; run += 1) times.push(await timedEntry(userData));
  return [
    figure('launch', 'launch: process start to the unlock page', 'ms', spreadOf(times.map((one) => one.toUnlock))),
    figure('usable', "password and Enter to today's visits", 'ms', spreadOf(times.map((one) => one.toUsable)), {
      budget: { of: 'p50', limit: 2000 },
    }),
  ];
}

interface Memory {
  readonly name: string;
  readonly pssMb: number;
  readonly rssMb: number;
}

/** A process and all it started, from Linux' own tables. */
function treeOf(parent: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const after = readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ').at(-1) ?? '';
      const above = Number(after.split(' ')[1]);
      parents.set(above, [...(parents.get(above) ?? []), Number(entry)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [parent];
  for (const pid of found) found.push(...(parents.get(pid) ?? []));
  return found;
}

function memoryOf(pid: number, names: ReadonlyMap<number, string>): Memory {
  const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  const mb = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
  const type = /--type=([a-z-]+)/.exec(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' '))?.[1];
  return { name: names.get(pid) ?? type ?? 'other', pssMb: mb('Pss'), rssMb: mb('Rss') };
}

interface Sum {
  readonly pssMb: number;
  readonly rssMb: number;
  readonly parts: Readonly<Record<string, number>>;
}

async function memoryOfAll(app: ElectronApplication): Promise<Sum> {
  const main = app.process().pid;
  if (main === undefined) throw new Error('the app is gone');
  const metrics = await app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().map(({ pid, type, name }) => [pid, name ?? type] as const),
  );
  const all = treeOf(main).map((pid) => memoryOf(pid, new Map(metrics)));
  const parts: Record<string, number> = {};
  for (const { name, pssMb } of all) parts[name] = Math.round((parts[name] ?? 0) + pssMb);
  const sum = (of: (one: Memory) => number): number => Math.round(all.reduce((total, one) => total + of(one), 0));
  return { pssMb: sum((one) => one.pssMb), rssMb: sum((one) => one.rssMb), parts };
}

/** Processes of the same program outside this app: they take on a share of the common pages, and PSS comes out too small. */
function strangers(app: ElectronApplication): number {
  const main = app.process().pid;
  if (main === undefined) return 0;
  const own = new Set(treeOf(main));
  const programOf = (pid: string | number): string => {
    try {
      return readlinkSync(`/proc/${String(pid)}/exe`);
    } catch {
      return '';
    }
  };
  const program = programOf(main);
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && !own.has(Number(pid)) && programOf(pid) === program)
    .length;
}

/** All memory of the app, shared pages counted once, after a walk through today, the list of all people and one person. */
export async function memoryFigure(userData: string): Promise<{ figure: Figure; electron: string }> {
  const { app, page } = await begin(userData);
  try {
    const before = await memoryOfAll(app);
    await passwordField(page).fill(password);
    await unlock(page);
    await page.locator('a[href="#/residents"]').first().click();
    const rows = page.locator('.line a.row');
    await rows.first().waitFor({ timeout: patience });
    await page.locator('.scroller').evaluate((scroller) => {
      scroller.scrollTop = scroller.scrollHeight / 2;
    });
    await rows.nth(5).waitFor({ timeout: patience });
    await rows.nth(5).click();
    await page.waitForURL(/#\/residents\/.+/);
    await page.locator('h1').first().waitFor({ timeout: patience });
    const after = await memoryOfAll(app);
    const electron = await app.evaluate(() => process.versions.electron);
    const title = 'memory of all processes (PSS), replica open, after today, the list and a resident';
    const found = figure('memory', title, 'MB', spreadOf([after.pssMb]), {
      raw: ['the same app at its unlock page, no replica open', spreadOf([before.pssMb])],
      budget: { of: 'p50', limit: 400 },
      parts: { ...after.parts, 'RSS of all': after.rssMb, 'Electron processes of others meanwhile': strangers(app) },
    });
    return { figure: found, electron };
  } finally {
    await app.close();
  }
}
