import type { Page } from 'playwright';
import { expectAccessible } from './support/accessible.ts';
import { prepareScreens, show, speak } from './support/screens.ts';
import { expect, test } from './support/test.ts';
import * as worker from './support/worker.ts';

/** The controls of a screen that a finger must hit, and how large each is when that is under 44 px. */
const tooSmall = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const sizeOf = (control: HTMLElement): { width: number; height: number } => {
      const { width, height } = control.getBoundingClientRect();
      // A control may look smaller than what takes the tap: an invisible halo around it.
      const halo = getComputedStyle(control, '::after');
      if (halo.content === 'none' || halo.position !== 'absolute') return { width, height };
      return { width: Math.max(width, parseFloat(halo.width)), height: Math.max(height, parseFloat(halo.height)) };
    };
    return [...document.querySelectorAll<HTMLElement>('.el-button--primary, nav a, .pill, [role=radiogroup] label')]
      .filter((control) => control.checkVisibility())
      .map((control) => ({ name: control.innerText.trim(), ...sizeOf(control) }))
      .filter(({ width, height }) => height < 43.5 || width < 43.5)
      .map(({ name, width, height }) => `${name} ${String(width)}×${String(height)}`);
  });

test('axe finds nothing grave on any screen, in both languages, and fingers find every target', async ({
  centre,
  tablet,
}) => {
  test.setTimeout(180_000);
  const { page } = tablet;
  await page.getByRole('heading', { name: '登记这台设备' }).waitFor();
  await expectAccessible(page, 'enrol');
  await worker.enrolAndLoad(page, { code: await centre.code('worker-limin') });
  const screens = await prepareScreens(page);
  for (const language of ['zh', 'en'] as const) {
    await speak(page, language);
    for (const screen of screens)
      await test.step(`${screen.name}, ${language}`, async () => {
        await show(page, screen);
        await expectAccessible(page, `${screen.name}, ${language}`);
        expect.soft(await tooSmall(page), `targets of ${screen.name}, ${language}`).toEqual([]);
      });
  }
  await speak(page, 'zh');
  await worker.lock(page);
  await expectAccessible(page, 'unlock');
});

test('dialogs of a visit are accessible', async ({ openFor }) => {
  const { page } = await openFor('worker-limin');
  await worker.openVisit(page, (await worker.plannedStop(page)).door);
  await worker.changesCard(page).getByRole('button', { name: /^更正/u }).first().click();
  await page.getByRole('dialog').waitFor();
  await expectAccessible(page, 'correct');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await worker.openCamera(page);
  await expectAccessible(page, 'camera');
});

test('a visit by keyboard alone', async ({ openFor }) => {
  const { page } = await openFor('worker-zhangwei');
  await worker.lock(page);
  await expect(worker.passwordField(page)).toBeFocused();
  await page.keyboard.type(worker.password);
  await page.keyboard.press('Enter');
  await worker.stops(page).first().waitFor();

  await page.keyboard.press('Enter');
  await worker.changesCard(page).waitFor();
  await page.keyboard.press('1');
  await expect(worker.changesCard(page).getByText(/^已确认/u)).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(worker.changesCard(page).getByText(/^已确认/u)).toHaveCount(0);
  await page.keyboard.press('Control+Enter');
  await expect(
    worker
      .changesCard(page)
      .getByText(/^已确认/u)
      .nth(1),
  ).toBeVisible();

  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: '查找居民' });
  await expect(box).toBeFocused();
  await page.keyboard.type('李');
  await page.getByRole('listbox', { name: '查找结果' }).getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox', { name: '查找结果' })).toBeHidden();
  await expect(box).toHaveValue('');
});
