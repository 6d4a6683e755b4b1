import { PackagedApp } from '../support/packaged-app.ts';
import { smokeStory } from '../support/smoke.ts';
import { expect, test } from '../support/test.ts';

test('the packaged app, fuses and all: enrol, load, visit, sign, send', async ({ centre }) => {
  const executable = process.env['DOORSTEP_PACKAGED'] ?? '';
  expect(executable, 'DOORSTEP_PACKAGED names the packaged program').not.toBe('');
  const app = await PackagedApp.open(executable);
  try {
    // An installed app takes nothing from its surroundings: code and gateway are typed.
    await smokeStory(app.page, { code: await centre.code('worker-wangfang'), gateway: centre.gateway }, centre);
  } finally {
    await app.close();
  }
});
