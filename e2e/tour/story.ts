import { pinyin } from 'pinyin-pro';
import type { Page } from 'playwright';
import type { Narrator } from '../support/narrator.ts';
import type { Tablet } from '../support/tablet.ts';
import * as worker from '../support/worker.ts';

/** The three devices, by whose they are. */
export interface Devices {
  readonly limin: Tablet;
  readonly zhangwei: Tablet;
  readonly wangfang: Tablet;
}

/** What the two colleagues say of one householder's monthly income, in yuan. */
const income = /月收入/u;
const said = { byZhangwei: '5200', shown: '5,200 元' } as const;

/** Tells the whole day; every step fails when the screen does not show what it promises. */
export async function tell(narrator: Narrator, { limin, zhangwei, wangfang }: Devices): Promise<void> {
  const all = [limin, zhangwei, wangfang];
  const [a, b, c] = [limin.page, zhangwei.page, wangfang.page];
  const picture = (page: Page, name: string): Promise<void> => narrator.picture(page, name);

  // At the office
  await narrator.step('李敏 enrols with a one-time code and a password', async () => {
    await a.getByRole('radio', { name: '李敏' }).check();
    await picture(a, 'enrol');
    const stalled = limin.network.stallAfter(60_000);
    await worker.enrol(a, { name: '李敏' });
    await stalled;
    await a.getByRole('heading', { name: /正在下载|正在连接/u }).waitFor();
    await picture(a, 'first-load');
    limin.network.flow();
  });
  await narrator.step('Her grid loads from the centre', async () => {
    await worker.firstLoad(a);
    await worker.stops(a).first().waitFor();
    await picture(a, 'today');
  });
  await narrator.step('张伟 and 王芳 do the same on theirs', async () => {
    await Promise.all([worker.enrolAndLoad(b, { name: '张伟' }), worker.enrolAndLoad(c, { name: '王芳' })]);
    await picture(b, 'today-zhangwei');
  });
  const { door, householder } = worker.sharedStop(await worker.listStops(a), await worker.listStops(b));

  // Out of coverage
  await narrator.step('All three drive out of coverage', async () => {
    for (const { network } of all) network.cut();
    for (const page of [a, b, c]) await worker.exchangeFails(page);
    await picture(a, 'sync-offline');
    for (const page of [a, b, c]) await worker.goTo(page, '今天');
  });
  await narrator.step('Without a network, 李敏 finds the householder by pinyin initials', async () => {
    const initials = pinyin(householder, { pattern: 'first', toneType: 'none', type: 'array', mode: 'surname' }).join(
      '',
    );
    const hits = await worker.search(a, initials);
    await hits.filter({ hasText: householder }).first().waitFor();
    await picture(a, 'search');
    await a.keyboard.press('Escape');
  });
  await narrator.step("李敏 opens today's visits and the household", async () => {
    await worker.goTo(a, '今天');
    await worker.openVisit(a, door);
    await worker.change(a, income).waitFor();
    await picture(a, 'visit-changes');
  });
  await narrator.step('What a department reported about the income, confirmed with one tap', async () => {
    await worker.confirmChange(a, worker.change(a, income));
    await picture(a, 'visit-confirmed');
  });
  await narrator.step('One that is not quite so, corrected', async () => {
    const paid = worker.change(a, /医疗自付/u);
    await paid.getByRole('button', { name: /^更正/u }).click();
    await a.getByRole('dialog').getByRole('textbox').fill('27300');
    await picture(a, 'visit-correct');
    await a.keyboard.press('Escape');
    await worker.correctChange(a, paid, '27300');
  });
  await narrator.step('The rest confirmed, person by person', async () => {
    await worker.workThrough(a, () => picture(a, 'visit-questions'));
  });
  await narrator.step('A photo, kept encrypted', async () => {
    await worker.openCamera(a);
    await picture(a, 'photo');
    await worker.shoot(a);
    await worker.keepPhoto(a);
  });
  await narrator.step('The householder signs, the visit is closed', async () => {
    await worker.sign(a);
    await picture(a, 'signature');
    await worker.finishSigned(a);
    await picture(a, 'visit-done');
    await worker.backToToday(a);
  });
  await narrator.step('张伟 visits the same household and is told another income', async () => {
    await worker.openVisit(b, door);
    await worker.correctChange(b, worker.change(b, income), said.byZhangwei);
    // He finds the same bills as 李敏: what agrees is no dispute.
    await worker.correctChange(b, worker.change(b, /医疗自付/u), '27300');
    await picture(b, 'zhangwei-corrects');
    await worker.visitWhole(b);
  });
  await narrator.step('王芳 makes a visit elsewhere', async () => {
    await worker.openVisit(c, (await worker.plannedStop(c)).door);
    await picture(c, 'wangfang-visit');
    await worker.visitWhole(c);
  });
  await narrator.step('王芳 locks her tablet and unlocks it; her work is there', async () => {
    await worker.lock(c);
    await picture(c, 'locked');
    await worker.unlock(c);
    await worker.stops(c).filter({ hasText: '已完成' }).first().waitFor();
    await picture(c, 'today-unlocked');
  });
  await narrator.step('What waits is listed, nothing was sent', async () => {
    await worker.goTo(c, '同步');
    await worker
      .pill(c)
      .filter({ hasText: /离线 · \d+ 条待上传/u })
      .waitFor();
    await picture(c, 'sync-waiting');
  });

  // Back in coverage
  await narrator.step('李敏 comes back into coverage: all of hers is sent', async () => {
    limin.network.restore();
    await worker.exchange(a);
    await picture(a, 'sync-done');
  });
  await narrator.step('王芳 comes back: what agrees merges', async () => {
    wangfang.network.restore();
    await worker.exchange(c);
  });
  await narrator.step('张伟 comes back: the two incomes meet in the conflict list', async () => {
    zhangwei.network.restore();
    await worker.exchange(b);
    await worker.goTo(b, '待裁定');
    await b.getByRole('heading', { name: '两个说法，请选一个' }).waitFor();
    await picture(b, 'conflict');
  });
  await narrator.step('李敏 sees both truths side by side', async () => {
    await worker.exchange(a);
    await worker.goTo(a, '今天');
    await a
      .getByRole('heading', { name: new RegExp(householder, 'u') })
      .first()
      .waitFor();
    await picture(a, 'today-to-decide');
    await worker.goTo(a, '待裁定');
    await worker.truth(a, said.shown).waitFor();
    await worker.truth(a, '4,850 元').waitFor();
    await picture(a, 'conflict-both-truths');
  });
  await narrator.step('One choice settles it', async () => {
    await worker
      .truth(a, said.shown)
      .getByRole('button', { name: /^用这个/u })
      .click();
    await a
      .getByText(/^已裁定/u)
      .first()
      .waitFor();
    await worker.exchange(a);
  });
  await narrator.step('All three devices show the settled value', async () => {
    await Promise.all([worker.exchange(b), worker.exchange(c)]);
    for (const [page, name] of [
      [a, 'limin'],
      [b, 'zhangwei'],
      [c, 'wangfang'],
    ] as const) {
      await worker.openResident(page, householder, door);
      await worker.fieldCell(page, income).getByText(said.shown).waitFor();
      await picture(page, `settled-${name}`);
    }
  });
  await narrator.step('Where the value came from, in its place', async () => {
    await worker
      .fieldCell(a, income)
      .getByRole('button', { name: /的来历$/u })
      .click();
    await a.getByRole('tooltip').waitFor();
    await picture(a, 'provenance');
    await a.keyboard.press('Escape');
  });
  await narrator.step('Lists, household and settled disputes', async () => {
    await worker.goTo(a, '居民');
    const listed = a.getByRole('region', { name: '居民名单' }).getByRole('link');
    await listed.nth(5).waitFor();
    await picture(a, 'residents');
    await a.getByRole('searchbox').fill(householder);
    await listed.filter({ hasText: householder }).first().waitFor();
    await listed.filter({ hasNotText: householder }).first().waitFor({ state: 'detached' });
    await picture(a, 'residents-found');
    await worker.openResident(a, householder, door);
    await a.getByRole('button', { name: '看这一户' }).click();
    await a
      .getByRole('link', { name: new RegExp(householder, 'u') })
      .first()
      .waitFor();
    await picture(a, 'household');
    await worker.goTo(a, '待裁定');
    await a.getByRole('radiogroup', { name: '看哪一类' }).getByText('已裁定', { exact: true }).click();
    await a.getByRole('heading', { name: '已经裁定' }).waitFor();
    await picture(a, 'conflict-settled');
  });
  await narrator.step('The same in English', async () => {
    await worker.goTo(a, '设置');
    await a.getByText('English', { exact: true }).click();
    await a.getByRole('heading', { name: 'Settings' }).waitFor();
    await picture(a, 'settings-english');
    for (const [link, name] of [
      ['Today', 'today-english'],
      ['Residents', 'residents-english'],
      ['Sync', 'sync-english'],
    ] as const) {
      await a.getByRole('navigation').first().getByRole('link', { name: link }).click();
      await a.getByRole('main').getByRole('heading').first().waitFor();
      await picture(a, name);
    }
  });
}
