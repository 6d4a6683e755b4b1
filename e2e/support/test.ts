import { test as base } from 'playwright/test';
import { Centre } from './centre.ts';
import { Tablet, type TabletOptions } from './tablet.ts';
import { enrolAndLoad } from './worker.ts';

/** People of the demonstration district. */
export type Person = 'worker-limin' | 'worker-zhangwei' | 'worker-wangfang';

interface Fixtures {
  /** Opens devices that are closed when the test ends. */
  openTablet: (options?: TabletOptions) => Promise<Tablet>;
  /** Opens a device that is enrolled for this person, with the first load whole and today's page on screen. */
  openFor: (person: Person, options?: TabletOptions) => Promise<Tablet>;
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
  openTablet: async ({ centre }, use, info) => {
    const open: Tablet[] = [];
    await use(async (options) => {
      const tablet = await Tablet.open(centre.gateway, options);
      open.push(tablet);
      return tablet;
    });
    for (const [index, tablet] of open.entries()) {
      if (info.status !== info.expectedStatus) await tablet.picture(info.outputPath(`tablet-${String(index)}.png`));
      await tablet.close();
    }
  },
  openFor: async ({ centre, openTablet }, use) => {
    await use(async (person, options) => {
      const tablet = await openTablet(options);
      await enrolAndLoad(tablet.page, { code: await centre.code(person) });
      return tablet;
    });
  },
  tablet: async ({ openTablet }, use) => {
    await use(await openTablet());
  },
});

export { expect } from 'playwright/test';
