import { test as base } from 'playwright/test';
import { Centre } from './centre.ts';
import { Tablet, type TabletOptions } from './tablet.ts';

interface Fixtures {
  /** Opens devices that are closed when the test ends. */
  openTablet: (options?: TabletOptions) => Promise<Tablet>;
  /** One device, fresh, at the first-run page. */
  tablet: Tablet;
}

interface WorkerFixtures {
  /** One demonstration centre for all tests of a run; tests take people and households of their own. */
  centre: Centre;
}

/** The test of every story: a real centre, real devices. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  centre: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures wanted from this pattern
    async ({}, use) => {
      const centre = await Centre.start();
      await use(centre);
      await centre.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  openTablet: async ({ centre }, use) => {
    const open: Tablet[] = [];
    await use(async (options) => {
      const tablet = await Tablet.open(centre.gateway, options);
      open.push(tablet);
      return tablet;
    });
    for (const tablet of open) await tablet.close();
  },
  tablet: async ({ openTablet }, use) => {
    await use(await openTablet());
  },
});

export { expect } from 'playwright/test';
