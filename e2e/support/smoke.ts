import type { Page } from 'playwright';
import { expect } from 'playwright/test';
import type { Centre } from './centre.ts';
import * as worker from './worker.ts';

/**
 * The shortest whole story: enrol, first load, one visit from its first change to the signature, everything sent. The same
 * for the built and for the packaged app.
 */
export async function smokeStory(page: Page, enrolment: worker.Enrolment, centre: Centre): Promise<void> {
  await worker.enrolAndLoad(page, enrolment);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('今天');
  const { door } = await worker.plannedStop(page);

  const visit = await worker.openVisit(page, door);
  await worker.visitWhole(page);
  await expect(worker.stops(page).filter({ hasText: door })).toContainText('已完成');

  await worker.exchange(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('都已同步');
  expect(await centre.record('visit', visit)).toMatchObject({ state: 'done' });
  const pictures = await centre.rows(
    "SELECT data ->> 'kind' AS kind FROM record WHERE data ->> 'visit_id' = $1 AND entity = 'attachment' ORDER BY 1",
    [visit],
  );
  expect(pictures).toEqual([{ kind: 'photo' }, { kind: 'signature' }]);
}
