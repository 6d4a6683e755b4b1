import { expectAccessible } from './support/accessible.ts';
import { expect, test } from './support/test.ts';
import * as worker from './support/worker.ts';

const income = /月收入/u;

test('two people, two values: both truths stand side by side, and one choice settles it for both', async ({
  centre,
  openFor,
}) => {
  const limin = await openFor('worker-limin');
  const zhangwei = await openFor('worker-zhangwei');
  const [a, b] = [limin.page, zhangwei.page];
  const { door, householder } = worker.sharedStop(await worker.listStops(a), await worker.listStops(b));
  limin.network.cut();
  zhangwei.network.cut();

  await worker.openVisit(a, door);
  await worker.confirmChange(a, worker.change(a, income));
  await worker.openVisit(b, door);
  await worker.correctChange(b, worker.change(b, income), '5200');

  limin.network.restore();
  await worker.exchange(a);
  zhangwei.network.restore();
  await worker.exchange(b);
  await worker.exchange(a);

  // Nobody's work was refused, and there is one question, not two.
  await expect(worker.pill(b)).not.toContainText('被退回');
  await worker.goTo(b, '待裁定');
  await expect(worker.truth(b, '4,850 元')).toBeVisible();
  await expect(worker.truth(b, '5,200 元')).toContainText('您的记录');
  await expect(b.getByRole('region', { name: '说法不一的列表' }).getByRole('link')).toHaveCount(1);
  await expectAccessible(b, 'conflict, zh');
  await worker.goTo(a, '待裁定');
  await expect(worker.truth(a, '5,200 元')).toContainText('张伟的记录');
  await expect(worker.truth(a, '4,850 元')).toContainText('您的记录');

  await worker
    .truth(a, '5,200 元')
    .getByRole('button', { name: /^用这个/u })
    .click();
  await expect(a.getByText('没有待裁定的')).toBeVisible();
  await worker.exchange(a);
  await worker.exchange(b);
  await worker.goTo(b, '待裁定');
  await expect(b.getByText('没有待裁定的')).toBeVisible();
  for (const page of [a, b]) {
    await worker.openResident(page, householder, door);
    await expect(worker.fieldCell(page, income)).toContainText('5,200 元');
  }
  const settled = await centre.rows("SELECT data ->> 'state' AS state FROM record WHERE entity = 'conflict'");
  expect(settled).toEqual([{ state: 'settled' }]);
});
