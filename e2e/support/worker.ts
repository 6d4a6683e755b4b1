import type { Locator, Page } from 'playwright';

/*
 * What a worker does with a tablet, in the worker's words and through what the screen shows. Every step ends when the
 * screen shows that it worked; none waits for time. The words are those of the Chinese interface.
 */

/** The password of every demonstration device. */
export const password = 'zhenhai-2026';

/** Ways to say how long something may take at most. */
const patient = { timeout: 60_000 } as const;

export interface Enrolment {
  /** A demonstration person whose code the page offers. */
  readonly name?: string;
  /** Or a code, typed, as on an installed app. */
  readonly code?: string;
  readonly gateway?: string;
}

/** Fills the first-run page and sends it; ends when the page has been left. */
export async function enrol(page: Page, { name, code, gateway }: Enrolment): Promise<void> {
  await page.getByRole('heading', { name: '登记这台设备' }).waitFor(patient);
  if (name !== undefined) await page.getByRole('radio', { name }).check();
  if (code !== undefined) await page.getByLabel('一次性登记码').fill(code);
  if (gateway !== undefined) await page.getByLabel('网关地址').fill(gateway);
  await page.getByLabel('设置口令').fill(password);
  await page.getByLabel('再输一次口令').fill(password);
  await page.getByRole('button', { name: '登记' }).click();
  await page.getByRole('heading', { name: '登记这台设备' }).waitFor({ state: 'detached', ...patient });
}

/** Waits until the whole first load is here and today's page is open. */
export async function firstLoad(page: Page): Promise<void> {
  await route(page).waitFor(patient);
}

export async function enrolAndLoad(page: Page, who: Enrolment): Promise<void> {
  await enrol(page, who);
  await firstLoad(page);
}

export async function lock(page: Page): Promise<void> {
  await page.getByRole('region', { name: '查找与状态' }).getByRole('button', { name: '锁定' }).click();
  await passwordField(page).waitFor();
}

export async function typePassword(page: Page, secret = password): Promise<void> {
  await passwordField(page).fill(secret);
  await page.getByRole('button', { name: '解锁' }).click();
}

export async function unlock(page: Page): Promise<void> {
  await passwordField(page).waitFor(patient);
  await typePassword(page);
  await page.getByRole('navigation', { name: '主导航' }).waitFor(patient);
}

export const passwordField = (page: Page): Locator => page.getByLabel('口令', { exact: true });

/** The pill at the top right: network, what waits, last success. */
export const pill = (page: Page): Locator => page.getByRole('link').and(page.getByTitle('打开同步页'));

/** Today's route: the list of doors. */
export const route = (page: Page): Locator => page.getByRole('region', { name: '走访路线' });

export const stops = (page: Page): Locator => route(page).locator('ol > li');

/** Goes to a main page by the rail. */
export async function goTo(page: Page, name: '今天' | '居民' | '待裁定' | '同步' | '设置'): Promise<void> {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name }).click();
}

/** A door of today's route. */
export interface Stop {
  /** Community, building, unit and room. */
  readonly door: string;
  readonly householder: string;
  /** Not visited yet. */
  readonly planned: boolean;
  /** The household of the demonstration that is on two people's lists, for the story about what they disagree on. */
  readonly shared: boolean;
}

/** Why the two go there, as the demonstration words it; other visits of the kind have no such income beside. */
const sharedReasons = /部门推送信息有变动，入户核实.*4,850|邻里反映/u;

/** The doors of today's route in their order; the same words on every device. */
export async function listStops(page: Page): Promise<readonly Stop[]> {
  await stops(page).first().waitFor(patient);
  const lines = await stops(page).evaluateAll((items) =>
    items.map((item) => ({
      name: item.querySelector('h3')?.firstChild?.textContent ?? '',
      text: item.textContent,
      action: item.querySelector('button')?.textContent ?? '',
    })),
  );
  return lines.map(({ name, text, action }) => {
    const [door = '', family = ''] = name.trim().split(' · ');
    return {
      door,
      householder: family.replace(/一家.*$/u, '').trim(),
      planned: action.trim().startsWith('开始'),
      shared: sharedReasons.test(text),
    };
  });
}

/** The first door of the route that nobody has been to, and that is not kept for the story of two. */
export async function plannedStop(page: Page): Promise<Stop> {
  const found = (await listStops(page)).find(({ planned, shared }) => planned && !shared);
  if (found === undefined) throw new Error('no planned visit is left for this story');
  return found;
}

/** The one door on both lists. */
export function sharedStop(first: readonly Stop[], second: readonly Stop[]): Stop {
  const found = first.find(({ door }) => second.some((other) => other.door === door));
  if (found === undefined) throw new Error('no household is on both lists');
  return found;
}

/** Opens the visit at this door, starting it when it was not. @returns its id */
export async function openVisit(page: Page, door: string): Promise<string> {
  await stops(page)
    .filter({ hasText: door })
    .getByRole('button', { name: /开始|继续走访|查看/u })
    .click();
  await rail(page).waitFor(patient);
  return decodeURIComponent(new URL(page.url()).hash.replace('#/visits/', ''));
}

/** The household of the open visit, by person. */
export const rail = (page: Page): Locator => page.getByRole('complementary', { name: '这一户' });

/** The reported changes of the person shown. */
export const changesCard = (page: Page): Locator => page.getByRole('region', { name: /：自上次走访以来/u });

/** One reported change by the field's name. */
export const change = (page: Page, field: string | RegExp): Locator =>
  changesCard(page).getByRole('listitem', { name: field });

/** Says 属实 to one change; a grave one is asked how it was verified. */
export async function confirmChange(page: Page, row: Locator): Promise<void> {
  const undecided = changesCard(page).getByRole('button', { name: /^属实/u });
  const before = await undecided.count();
  await row.getByRole('button', { name: /^属实/u }).click();
  const settled = undecided.nth(before - 1).waitFor({ state: 'detached' });
  const asked = page.getByRole('button', { name: /^确认属实/u });
  const grave = asked.waitFor().then(async () => {
    await page.getByRole('dialog').getByText('看了证件或凭证').click();
    await asked.click();
  });
  // Whichever did not happen ends unanswered at its own time limit; that is no failure.
  grave.catch(() => undefined);
  await settled;
}

/** Says 更正 to one change and writes what is really so. */
export async function correctChange(page: Page, row: Locator, value: string): Promise<void> {
  await row.getByRole('button', { name: /^更正/u }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(value);
  await dialog.getByRole('button', { name: /^记下更正/u }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('已更正').waitFor();
}

/** Confirms what is still undecided about the person shown, one by one. */
export async function confirmRest(page: Page): Promise<void> {
  const open = changesCard(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: /^属实/u }) });
  while ((await open.count()) > 0) await confirmChange(page, open.first());
}

/** The questions about the person shown. */
export const questionsCard = (page: Page): Locator => page.getByRole('region', { name: '走访问题' });

/** Takes every pre-filled answer as it is, and answers what is not known. */
export async function answerRest(page: Page): Promise<void> {
  const card = questionsCard(page);
  if ((await card.count()) === 0) return;
  const all = card.getByRole('button', { name: /^照预填全部确认/u });
  if ((await all.count()) > 0) {
    await all.click();
    await all.waitFor({ state: 'detached' });
  }
  const known = card.getByRole('button', { name: '属实' });
  while ((await known.count()) > 0) {
    const before = await known.count();
    await known.first().click();
    await known.nth(before - 1).waitFor({ state: 'detached' });
  }
  const unknown = card.getByRole('listitem').filter({ has: page.getByText('必答', { exact: true }) });
  while ((await unknown.count()) > 0) {
    const before = await unknown.count();
    await answerOne(unknown.first());
    await unknown.nth(before - 1).waitFor({ state: 'detached' });
  }
}

async function answerOne(question: Locator): Promise<void> {
  const choices = question.getByRole('radio');
  if ((await choices.count()) > 0) {
    const no = question.getByRole('radio', { name: /^(?:否|没有|无)/u });
    // The radio goes from the screen with the answer, so its being checked cannot be waited for.
    await ((await no.count()) > 0 ? no : choices).first().click();
    return;
  }
  await question.getByRole('textbox').fill('无');
  await question.getByRole('button', { name: '记下' }).click();
}

const nothing = (): Promise<void> => Promise.resolve();

/** Goes through the household, person by person, until nothing is undecided or unanswered. */
export async function workThrough(page: Page, onQuestions: () => Promise<void> = nothing): Promise<void> {
  let shown = false;
  const people = rail(page).getByRole('button');
  for (let at = 0; at < (await people.count()); at += 1) {
    await people.nth(at).click();
    await rail(page).locator('[aria-current=true]').and(people.nth(at)).waitFor();
    await confirmRest(page);
    if (!shown && (await questionsCard(page).count()) > 0) {
      shown = true;
      await onQuestions();
    }
    await answerRest(page);
  }
}

/** Opens the camera and waits for its picture. */
export async function openCamera(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^拍照/u }).click();
  await page.getByRole('button', { name: /^拍下/u }).waitFor(patient);
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
}

export async function shoot(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^拍下/u }).click();
  await page.getByRole('img', { name: '刚拍的照片' }).waitFor();
}

export async function keepPhoto(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^用这张/u }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '拍照 · 1' }).waitFor();
}

/** Asks for the signature and writes one with the mouse, as a pen does. */
export async function sign(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^请户主签字，完成走访/u }).click();
  const sheet = page.getByRole('img', { name: '签名板' });
  await sheet.waitFor();
  const done = page.getByRole('dialog').getByRole('button', { name: /^完成走访/u });
  // The pad listens one frame after the dialog stands; strokes before it are lost, so the sheet is asked.
  for (let stroke = 0; stroke < 20 && (await done.isDisabled()); stroke += 1) await strokes(page, sheet);
}

async function strokes(page: Page, sheet: Locator): Promise<void> {
  const box = await sheet.boundingBox();
  if (box === null) throw new Error('the signature sheet is not on screen');
  const at = (x: number, y: number): readonly [number, number] => [box.x + box.width * x, box.y + box.height * y];
  for (const [from, ...points] of [
    [at(0.2, 0.35), at(0.28, 0.3), at(0.4, 0.33)],
    [at(0.3, 0.15), at(0.3, 0.5), at(0.22, 0.78)],
    [at(0.52, 0.25), at(0.48, 0.55), at(0.6, 0.75), at(0.7, 0.4), at(0.78, 0.7)],
  ] as const) {
    await page.mouse.move(...from);
    await page.mouse.down();
    for (const point of points) await page.mouse.move(...point, { steps: 6 });
    await page.mouse.up();
  }
}

/** Closes the signature dialog with the visit finished. */
export async function finishSigned(page: Page): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^完成走访/u })
    .click();
  await page.getByText(/^走访已完成/u).waitFor();
}

/** Back to today's page from a closed visit. */
export async function backToToday(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^回到今天/u }).click();
  await route(page).waitFor();
}

/** Finds a person with the search of the top bar, by keyboard; ends at the list of hits. */
export async function search(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: '查找居民' });
  await box.fill(text);
  const hits = page.getByRole('listbox', { name: '查找结果' }).getByRole('option');
  await hits.first().waitFor();
  return hits;
}

/** Opens the page of the person of this name who lives at this door. */
export async function openResident(page: Page, name: string, door: string): Promise<void> {
  const hits = await search(page, name);
  // A route writes 3幢 4单元 1001室 where a list writes 3 幢 4 单元 1001: the numbers are the same.
  const numbers = new RegExp(`${(door.match(/\d+/gu) ?? []).join('\\D+')}\\D*$`, 'u');
  await hits.filter({ hasText: name }).filter({ hasText: numbers }).first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** What the resident's page shows for one field. */
export const fieldCell = (page: Page, label: string | RegExp): Locator =>
  page
    .locator('dl > *')
    .filter({ has: page.getByRole('term').filter({ hasText: label }) })
    .first();

/** Exchanges now, from the sync page; ends when nothing waits. */
export async function exchange(page: Page): Promise<void> {
  await goTo(page, '同步');
  await page.getByRole('button', { name: /^现在同步/u }).click();
  await pill(page).filter({ hasText: '已同步' }).waitFor(patient);
}

/** Tries to exchange where there is no network; ends when the app has noticed that. */
export async function exchangeFails(page: Page): Promise<void> {
  await goTo(page, '同步');
  await page.getByRole('button', { name: /^现在同步/u }).click();
  await pill(page).filter({ hasText: '离线' }).waitFor(patient);
}

/** An open visit from its first change to the signed end, and back to today's page. */
export async function visitWhole(page: Page): Promise<void> {
  await workThrough(page);
  await openCamera(page);
  await shoot(page);
  await keepPhoto(page);
  await sign(page);
  await finishSigned(page);
  await backToToday(page);
}

/** One of a dispute's two sides, by its value. */
export const truth = (page: Page, value: string): Locator => page.getByRole('article').filter({ hasText: value });
