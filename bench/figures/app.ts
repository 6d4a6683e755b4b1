import { readdirSync, readFileSync } from 'node:fs';
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

/** Starts the app and unlocks it as a person does. */
async function enter(userData: string): Promise<{ app: ElectronApplication; page: Page; times: Times }> {
  const started = performance.now();
  const app = await start(userData);
  const page = await app.firstWindow();
  const field = page.locator('input[autocomplete="current-password"]');
  await field.waitFor({ timeout: patience });
  const toUnlock = performance.now() - started;
  await field.fill(password);
  const entered = performance.now();
  await field.press('Enter');
  // The day's visits themselves, not the frame they will stand in.
  await page.locator('.today ol.rows > *').first().waitFor({ timeout: patience });
  return { app, page, times: { toUnlock, toUsable: performance.now() - entered } };
}

/** Real starts of the real app on the measured replica. */
export async function launchFigures(userData: string): Promise<Figure[]> {
  const times: Times[] = [];
  for (let run = 0; run < 5; run += 1) {
    const entered = await enter(userData);
    times.push(entered.times);
    await entered.app.close();
  }
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
  return { name: names.get(pid) ?? type ?? 'helper', pssMb: mb('Pss'), rssMb: mb('Rss') };
}

/** All memory of the app, shared pages counted once, after a walk through today, the list of all people and one person. */
export async function memoryFigure(userData: string): Promise<{ figure: Figure; electron: string }> {
  const { app, page } = await enter(userData);
  try {
    await page.locator('a[href="#/residents"]').first().click();
    await page.locator('.line a.row').first().waitFor({ timeout: patience });
    await page.locator('.scroller').evaluate((scroller) => {
      scroller.scrollTop = scroller.scrollHeight / 2;
    });
    const row = page.locator('.line a.row').nth(5);
    await row.waitFor({ timeout: patience });
    await row.click();
    await page.waitForURL(/#\/residents\/.+/);
    await page.locator('h1').first().waitFor({ timeout: patience });
    const main = app.process().pid;
    if (main === undefined) throw new Error('the app is gone');
    const metrics = await app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().map(({ pid, type, name }) => [pid, name ?? type] as const),
    );
    const all = treeOf(main).map((pid) => memoryOf(pid, new Map(metrics)));
    const parts: Record<string, number> = {};
    for (const { name, pssMb } of all) parts[`${name} PSS`] = Math.round((parts[`${name} PSS`] ?? 0) + pssMb);
    const sum = (of: (one: Memory) => number): number => Math.round(all.reduce((total, one) => total + of(one), 0));
    parts['all RSS (shared pages counted many times)'] = sum((one) => one.rssMb);
    const electron = await app.evaluate(() => process.versions.electron);
    const found = figure(
      'memory',
      'memory of all processes, replica open, after today, the list and a resident',
      'MB',
      spreadOf([sum((one) => one.pssMb)]),
      {
        budget: { of: 'p50', limit: 400 },
        parts,
      },
    );
    return { figure: found, electron };
  } finally {
    await app.close();
  }
}
