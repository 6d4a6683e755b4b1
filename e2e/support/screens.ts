import type { Page } from 'playwright';
import * as worker from './worker.ts';

/** A screen of the app: its name for pictures and reports, and its address. */
export interface Screen {
  readonly name: string;
  readonly hash: string;
}

/** Makes what the screens show: a started visit with its household and householder. */
export async function prepareScreens(page: Page): Promise<readonly Screen[]> {
  const { door, householder } = await worker.plannedStop(page);
  const visit = await worker.openVisit(page, door);
  await worker.rail(page).getByRole('link', { name: '查看户档案' }).click();
  const member = page.getByRole('region', { name: '家庭成员' }).getByRole('link', { name: householder }).first();
  await member.waitFor();
  const household = new URL(page.url()).hash;
  const resident = await member.getAttribute('href');
  if (resident === null) throw new Error('the household page leads to no resident');
  return [
    { name: 'today', hash: '#/today' },
    { name: 'visit', hash: `#/visits/${encodeURIComponent(visit)}` },
    { name: 'residents', hash: '#/residents' },
    { name: 'resident', hash: resident },
    { name: 'household', hash: household },
    { name: 'conflicts', hash: '#/conflicts' },
    { name: 'sync', hash: '#/sync' },
    { name: 'settings', hash: '#/settings' },
    { name: 'lost', hash: '#/no-such-page' },
  ];
}

/** Goes to a screen and waits until it shows its content, with nothing still loading. */
export async function show(page: Page, { hash }: Screen): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForFunction(
    (to) =>
      location.hash.startsWith(to) &&
      document.querySelector('main :is(h1, h2, .empty)') !== null &&
      document.querySelector('main .skeleton') === null,
    hash,
  );
  await page.evaluate(() => document.fonts.ready);
}

/** Chooses the language of the interface, on the settings page. */
export async function speak(page: Page, language: 'zh' | 'en'): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.getByText(language === 'en' ? 'English' : '中文', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: language === 'en' ? 'Settings' : '设置' }).waitFor();
}
