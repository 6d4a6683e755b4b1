import type { Page } from 'playwright';
import { expect, test } from './support/test.ts';
import * as worker from './support/worker.ts';

/*
 * The replica service dies as a power cut or a killed process ends it. What was committed is there afterwards, what was
 * not is not half there, and the centre hears of nothing twice.
 */

test('killed during the first load: it goes on where it stopped', async ({ centre, tablet }) => {
  const { page, network } = tablet;
  const stalled = network.stallAfter(30_000);
  await worker.enrol(page, { code: await centre.code('worker-zhangwei') });
  await stalled;
  await page.getByRole('heading', { name: '正在下载您负责的社区' }).waitFor();
  const told = toldOfRestart(page);
  await tablet.killService();
  await told;
  await worker.passwordField(page).waitFor({ timeout: 30_000 });
  network.flow();
  await worker.typePassword(page);
  await worker.firstLoad(page);
  await worker.exchange(page);

  // Whole: the areas were compared with the centre's checksums.
  await expect(page.getByText(/核对一致/u)).toHaveCount(
    await page.getByRole('region', { name: '辖区数据' }).getByRole('listitem').count(),
  );
  const [held] = await centre.rows(
    `SELECT count(*)::int AS residents FROM record r JOIN grant_area g ON g.person = 'worker-zhangwei' AND r.area = g.area
     WHERE entity = 'resident' AND NOT deleted`,
  );
  await worker.goTo(page, '居民');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    `共 ${Number(held?.['residents']).toLocaleString('en')} 位居民`,
  );
});

test('killed during a command: nothing committed is lost, and the centre gets nothing twice', async ({
  centre,
  openFor,
}) => {
  const tablet = await openFor('worker-limin');
  const { page, network } = tablet;
  network.cut();
  await worker.exchangeFails(page);
  await worker.goTo(page, '今天');
  const { door } = await worker.plannedStop(page);
  const visit = await worker.openVisit(page, door);
  const decided = worker.changesCard(page).getByText(/^已确认/u);
  await worker.confirmChange(page, worker.changesCard(page).getByRole('listitem').first());
  await expect(decided).toHaveCount(1);
  const pid = await tablet.servicePid();
  const told = toldOfRestart(page);

  // The command is on its way, or under way, or done when the service dies: whichever, the three must hold.
  await worker.changesCard(page).getByRole('button', { name: /^属实/u }).first().dispatchEvent('click');
  process.kill(pid, 'SIGKILL');
  await told;
  await worker.passwordField(page).waitFor({ timeout: 30_000 });
  await worker.unlock(page);
  await worker.openVisit(page, door);
  await decided.first().waitFor();
  expect(await decided.count()).toBeGreaterThanOrEqual(1);
  await worker.visitWhole(page);

  network.restore();
  // Killed once more while it pulls and pushes.
  await worker.goTo(page, '同步');
  const stalled = network.stallAfter(1);
  await page.getByRole('button', { name: /^现在同步/u }).click();
  await stalled;
  await tablet.killService();
  await worker.passwordField(page).waitFor({ timeout: 30_000 });
  network.flow();
  await worker.unlock(page);
  await worker.exchange(page);

  expect(await centre.record('visit', visit)).toMatchObject({ state: 'done' });
  const twice = await centre.rows(
    "SELECT id, field, count(*)::int AS times FROM history WHERE entity = 'proposal' AND field = 'state' AND reason ->> 'visit' = $1 GROUP BY id, field HAVING count(*) > 1",
    [visit],
  );
  expect(twice).toEqual([]);
  const pictures = await centre.rows(
    "SELECT data ->> 'kind' AS kind FROM record WHERE data ->> 'visit_id' = $1 AND entity = 'attachment' ORDER BY 1",
    [visit],
  );
  expect(pictures).toEqual([{ kind: 'photo' }, { kind: 'signature' }]);
});

/** The page says that its service starts anew; looked for at every frame, since a restart may take less than a second. */
const toldOfRestart = (page: Page) =>
  page.waitForFunction(() => document.body.innerText.includes('数据服务正在重新启动'), undefined, { polling: 'raf' });
