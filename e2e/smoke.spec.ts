import { smokeStory } from './support/smoke.ts';
import { test } from './support/test.ts';

test('enrol, load, visit, sign, send', async ({ centre, tablet }) => {
  await smokeStory(tablet.page, { code: await centre.code('worker-wangfang') }, centre);
});
