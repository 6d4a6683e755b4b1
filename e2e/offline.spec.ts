import { expect, test } from './support/test.ts';
import { Tablet } from './support/tablet.ts';
import * as worker from './support/worker.ts';

test('a whole visit without a network survives a restart and is sent when the network is back', async ({
  centre,
  openFor,
}) => {
  const tablet = await openFor('worker-zhangwei');
  tablet.network.cut();
  await worker.exchangeFails(tablet.page);
  await worker.goTo(tablet.page, '今天');
  const { door } = await worker.plannedStop(tablet.page);
  const visit = await worker.openVisit(tablet.page, door);
  await worker.visitWhole(tablet.page);
  const waiting = /离线 · (\d+) 条待上传/u;
  await expect(worker.pill(tablet.page)).toHaveText(waiting);
  const before = waiting.exec(await worker.pill(tablet.page).innerText())?.[1];
  await tablet.close('keep');

  const again = await Tablet.open(centre.gateway, { again: tablet });
  try {
    await worker.unlock(again.page);
    await expect(worker.stops(again.page).filter({ hasText: door })).toContainText('已完成');
    await expect(worker.pill(again.page)).toHaveText(new RegExp(`离线 · ${before ?? ''} 条待上传`, 'u'));
    expect(await centre.record('visit', visit)).not.toMatchObject({ state: 'done' });

    again.network.restore();
    await worker.exchange(again.page);
    await expect(worker.pill(again.page)).not.toContainText('待上传');
    expect(await centre.record('visit', visit)).toMatchObject({ state: 'done' });
  } finally {
    await again.close();
  }
});
