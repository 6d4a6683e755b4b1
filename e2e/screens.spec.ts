import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { root } from './support/centre.ts';
import { prepareScreens, show, speak } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import * as worker from './support/worker.ts';

const folder = path.join(root, 'out', 'screens');
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** Names of the message areas; a text like `visits.today.title` is a message nobody wrote. */
const untranslated =
  /\b(?:action|app|components|confidence|conflicts|failure|field|flag|provenance|residents|role|settings|source|sync|unlock|unplanned|visit-kind|visit-state|visits|word)\.[a-z][\w-]*/giu;

/** Keeps a picture and tells what of the screen does not fit or was not translated. */
async function inspect(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
  const { text, wide } = await page.evaluate(() => ({
    text: document.body.innerText,
    wide: [...document.querySelectorAll('*')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter(
        (element) => element === document.documentElement || /auto|scroll/u.test(getComputedStyle(element).overflowX),
      )
      .map(
        (element) =>
          `${element.tagName}.${element.className} ${String(element.scrollWidth)}>${String(element.clientWidth)}`,
      ),
  }));
  expect.soft(wide, `${name}: wider than its place`).toEqual([]);
  expect.soft(text.match(untranslated) ?? [], `${name}: message keys on screen`).toEqual([]);
}

test('every screen fits, in both sizes and both languages', async ({ centre, tablet }) => {
  test.setTimeout(180_000);
  const { page } = tablet;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await inspect(page, `enrol-zh-${String(size.width)}`);
  }
  await worker.enrolAndLoad(page, { code: await centre.code('worker-wangfang') });
  const screens = await prepareScreens(page);
  for (const language of ['zh', 'en'] as const) {
    await speak(page, language);
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const screen of screens) {
        await show(page, screen);
        await inspect(page, `${screen.name}-${language}-${String(size.width)}`);
      }
    }
  }
  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByRole('radiogroup').waitFor();
  for (const size of sizes) {
    await page.setViewportSize(size);
    await inspect(page, `unlock-en-${String(size.width)}`);
  }
});
