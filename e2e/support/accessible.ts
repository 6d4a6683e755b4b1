import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { expect } from 'playwright/test';

/** Runs axe on what the page shows now; nothing serious or critical may be found. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // Electron cannot open the second page that axe's default mode works in.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 5).map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`),
    }));
  expect.soft(grave, `axe on ${screen}`).toEqual([]);
}
