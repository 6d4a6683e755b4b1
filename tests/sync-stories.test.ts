import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Centre } from './scenario/centre.ts';
import { checkCalm, checkConvergence, checkIsolation } from './scenario/convergence.ts';
import { copyDisk, type Device } from './scenario/device.ts';
import { checkNoLoss, checkOnce } from './scenario/no-loss.ts';
import { areas } from './scenario/district.ts';
import { World } from './scenario/world.ts';

let centre: Centre;
let world: World;

beforeAll(async () => {
  centre = await Centre.start();
});
afterAll(() => centre.stop());
beforeEach(async () => {
  world = await World.open({ centre, seed: 7 });
  for (const device of world.devices) await world.turn(device);
});
afterEach(() => world.close());

const phoneOf = (device: Device, row = 'r1') => device.value('resident', row, 'phone');

async function edit(device: Device, fields: Record<string, string | string[]>, row = 'r1'): Promise<void> {
  await world.edit(device, row, fields);
  world.note(device);
}

async function central(id: string) {
  return (await centre.records()).find((row) => row.id === id);
}

const openConflicts = async (device: Device) => device.call('conflicts.list', { state: 'open' });

/*
 * Wang, Li and a third colleague visit one old lady on one day, each offline, and hear three telephone numbers. The first to
 * come home has hers taken; the two others stand beside it as disputes that all of them see. Wang decides for Li's number;
 * the third colleague, who decides otherwise before hearing of it, is told that it is settled.
 */
test('three workers and one dispute', async () => {
  const [wang, li, zhang] = [world.device(0), world.device(1), world.device(2)];
  await centre.grant('w3', [...areas]);
  world.grants = { ...world.grants, w3: [...areas] };
  await world.turn(zhang);
  await edit(wang, { phone: '13800000001' });
  await edit(li, { phone: '13800000002' });
  await edit(zhang, { phone: '13800000003' });
  await world.turn(wang);
  await world.turn(li);
  await world.turn(zhang);
  await world.heal();
  expect((await central('r1'))?.values['phone']).toBe('13800000001');
  for (const device of world.devices) {
    expect(phoneOf(device)).toBe('13800000001');
    expect(await openConflicts(device)).toHaveLength(2);
  }
  const records = (await centre.records()).filter((row) => row.entity === 'conflict');
  const lis = records.find((row) => row.values['offered_by'] === 'w2');
  if (lis === undefined) throw new Error('no conflict of Li');
  expect(lis.values).toMatchObject({
    base_value: '"13800000000"',
    current_value: '"13800000001"',
    offered_value: '"13800000002"',
    state: 'open',
  });
  const choose = (device: Device, side: 'current' | 'offered') =>
    device.call('conflicts.settle', { conflictId: lis.id, choice: { side } });
  expect(await choose(wang, 'offered')).toMatchObject({ ok: true });
  expect(await choose(zhang, 'current')).toMatchObject({ ok: true });
  await world.turn(wang);
  await world.turn(zhang);
  expect(zhang.outbox().filter((line) => line.result === 'rejected')).not.toHaveLength(0);
  await world.heal();
  for (const device of world.devices) {
    expect(phoneOf(device)).toBe('13800000002');
    expect(await openConflicts(device)).toHaveLength(1);
  }
  await checkConvergence(world);
  await checkNoLoss(world);
});

/*
 * The tablet sends the day's work from the stairwell. The centre takes it, the answer is lost in the lift. At home it is sent
 * again, gets the same answer, and the note stands once.
 */
test('a lost answer after the commit, and the work sent again', async () => {
  const device = world.device(0);
  await edit(device, { notes: ['first', 'seen at the door'] });
  // The token is still good: the next request is the push itself.
  world.wire.plan(device.name, ['lose-answer']);
  await device.takeTurn();
  expect((await central('r1'))?.values['notes']).toEqual(['first', 'seen at the door']);
  expect(device.outbox().map((line) => line.state)).toEqual(['sent']);
  expect((await device.status()).problem).toBe('offline');
  const after = await central('r1');
  await world.turn(device);
  expect(device.outbox().map((line) => [line.state, line.result])).toEqual([['answered', 'applied']]);
  expect(await central('r1')).toEqual(after);
  const pushes = world.wire.exchanges.filter((one) => one.path === '/v1/push');
  expect(pushes.map((one) => one.text)).toEqual([pushes[0]?.text, pushes[0]?.text]);
  await world.heal();
  await checkConvergence(world);
  await checkOnce(world);
});

/*
 * The disk dies on Friday; Monday's copy is put in. The copy's chain is broken, so the centre asks it to enrol again. It does,
 * and what Monday's disk had not sent arrives once: the part that had reached the centre on Tuesday is recognised by its ids,
 * the rest is new (decision 0002).
 */
test('an old copy of the disk is put back', async () => {
  const device = world.device(0);
  await edit(device, { notes: ['first', 'monday'] });
  await edit(device, { workplace: '工厂1' });
  world.wire.plan(device.name, ['lose-answer']);
  await device.takeTurn();
  const copy = device.backup();
  const answered = await centre.answers();
  expect(answered).toHaveLength(2);
  // The week goes on at the first disk: it hears its answers and speaks with the centre again.
  await device.crash();
  await world.turn(device);
  await edit(device, { phone: '13800000005' });
  await world.turn(device);
  const identity = device.identity;
  for (const line of device.outbox()) if (line.delta.fields['phone'] !== undefined) world.goneWithDisk.add(line.id);
  await device.replaceDisk(copy);
  world.ledger(device).held.clear();
  world.ledger(device).floor.clear();
  expect(device.outbox().map((line) => line.state)).toEqual(['sent', 'sent']);
  await edit(device, { notes: ['first', 'monday', 'on the old disk'] });
  await device.takeTurn();
  expect((await device.status()).problem).toBe('device.forked');
  expect((await device.call('vault.status', {})).state).toBe('unlocked');
  await device.enrol();
  expect(device.identity).not.toBe(identity);
  await world.turn(device);
  expect(device.outbox().map((line) => line.result)).not.toContain('rejected');
  const row = await central('r1');
  expect(row?.values['notes']).toEqual(['first', 'monday', 'on the old disk']);
  expect(row?.values['workplace']).toBe('工厂1');
  expect(row?.values['phone']).toBe('13800000005');
  const ids = (await centre.answers()).map((answer) => answer.id);
  expect(ids).toHaveLength(4);
  for (const answer of answered) expect(await centre.answers()).toContainEqual(answer);
  await world.heal();
  await checkConvergence(world);
  await checkNoLoss(world);
  await checkOnce(world);
});

/*
 * Somebody images a tablet and sets the image up on a second one. The first goes on as if nothing were. The second is asked to
 * enrol again at its first word, and brings its own work then.
 */
test('a cloned disk', async () => {
  const first = world.device(0);
  await edit(first, { workplace: '工厂1' });
  const folder = first.backup();
  const second = world.add('w1');
  await world.turn(first);
  // Only a session moves the chain; a new day opens one.
  await first.crash();
  await world.turn(first);
  copyDisk(folder, `${folder}-clone`);
  // The image knows the first one's address, and speaks over its line.
  await second.replaceDisk(`${folder}-clone`);
  await edit(second, { phone: '13800000009' });
  await second.takeTurn();
  expect((await second.status()).problem).toBe('device.forked');
  expect((await centre.answers()).length).toBe(1);
  await world.turn(first);
  expect((await first.status()).problem).toBe(null);
  await edit(first, { notes: ['first', 'second'] });
  await world.turn(first);
  expect((await central('r1'))?.values['notes']).toEqual(['first', 'second']);
  await second.enrol();
  await world.heal();
  expect((await first.status()).problem).toBe(null);
  expect(second.identity).not.toBe(first.identity);
  expect((await central('r1'))?.values).toMatchObject({ phone: '13800000009', workplace: '工厂1' });
  expect((await centre.answers()).length).toBe(3);
  await checkConvergence(world);
  await checkNoLoss(world);
});

/*
 * A tablet that fell into the river believes it is 2036, another that it is 2016. Both work, are judged by versions alone, and
 * find their disputes; the time that people see is the centre's where the device's lies ahead.
 */
test('clocks ten years off', async () => {
  const [ahead, behind] = [world.device(0), world.device(1)];
  ahead.skew = 10 * 365 * 86_400_000;
  behind.skew = -10 * 365 * 86_400_000;
  await world.turn(ahead);
  await world.turn(behind);
  await edit(behind, { workplace: '工厂1' });
  await world.turn(behind);
  await edit(ahead, { workplace: '工厂2' });
  await edit(behind, { workplace: '工厂3' });
  await world.turn(behind);
  await world.turn(ahead);
  await world.heal();
  // The second edit of the slow clock came after it had seen the first: no dispute. The fast clock had not seen it: a dispute.
  expect((await central('r1'))?.values['workplace']).toBe('工厂3');
  expect(await openConflicts(behind)).toHaveLength(1);
  const conflict = (await centre.records()).find((row) => row.entity === 'conflict');
  expect(String(conflict?.values['offered_at']).slice(0, 4)).toBe('2026');
  expect(String(conflict?.values['current_at']).slice(0, 4)).toBe('2016');
  checkCalm(world);
  await checkConvergence(world);
  await checkNoLoss(world);
});

/*
 * A bit falls over in a push: one delta of three is no delta any more. It is refused under its number with its content kept,
 * the two others count. And one row of a pulled page is no row: the others are shown, and this one is asked for by name.
 */
test('one bad line in a push and one in a page', async () => {
  const [device, other] = [world.device(0), world.device(1)];
  await edit(device, { workplace: '工厂1' });
  await edit(device, { phone: '13800000001' }, 'r2');
  await edit(device, { phone: '13800000002' }, 'r3');
  let spoilt = 0;
  world.wire.tamper = ({ path, body }) => {
    if (path !== '/v1/push') return body;
    const request = JSON.parse(body.toString('utf8')) as { deltas: Record<string, unknown>[] };
    const [, second] = request.deltas;
    if (second === undefined) return body;
    spoilt += 1;
    second['baseVersion'] = 'first';
    return Buffer.from(JSON.stringify(request), 'utf8');
  };
  await world.turn(device);
  world.wire.tamper = ({ body }) => body;
  expect(spoilt).toBe(1);
  expect(device.outbox().map((line) => line.result)).toEqual(['applied', 'rejected', 'applied']);
  expect([...(await centre.rejected()).values()].join()).toContain('13800000001');
  expect((await central('r3'))?.values['phone']).toBe('13800000002');
  // Refused work is out of the row and in the list; sent again it goes through.
  expect(phoneOf(device, 'r2')).toBe('13800000000');
  const refused = device.outbox().find((line) => line.result === 'rejected');
  expect(await device.call('sync.resend', { deltaId: refused?.id ?? '' })).toMatchObject({ ok: true });
  await world.turn(device);
  expect((await central('r2'))?.values['phone']).toBe('13800000001');

  let bent = 0;
  world.wire.forge = ({ path }, text) => {
    if (path !== '/v1/pull' || bent > 0) return text;
    const answer = JSON.parse(text) as { pages: { rows: { id: string; version: unknown }[] }[] };
    for (const row of answer.pages.flatMap((page) => page.rows))
      if (row.id === 'r1') {
        bent += 1;
        row.version = 'newest';
      }
    return JSON.stringify(answer);
  };
  await world.turn(other);
  expect(bent).toBe(1);
  expect(other.log.map((line) => line.event)).toContain('pull.malformed');
  expect(phoneOf(other, 'r3')).toBe('13800000002');
  expect(world.wire.exchanges.some((one) => one.device === other.name && one.path === '/v1/rows')).toBe(true);
  await world.heal();
  await checkConvergence(world);
});

/*
 * Two tablets meet a person who is not in the register, and each creates her with her ID number. Nobody merges them in
 * silence; whoever looks at the duplicate and decides does not change either's number by it.
 */
test('a duplicate is settled without touching the numbers', async () => {
  const idNo = '330299199001010011';
  const make = (device: Device, row: string): void => {
    const fields = { name: '新人', id_no: idNo };
    device.write({
      entity: 'resident',
      row,
      op: 'create',
      area: areas[0],
      fields,
      source: 'visit',
      reason: { kind: 'edit' },
    });
    world.note(device);
  };
  make(world.device(0), 'new-one');
  make(world.device(1), 'new-two');
  await world.heal();
  const [line] = await openConflicts(world.device(0));
  if (line === undefined) throw new Error('nobody saw the duplicate');
  const settled = await world.device(0).call('conflicts.settle', { conflictId: line.id, choice: { side: 'current' } });
  expect(settled).toMatchObject({ ok: true });
  await world.heal();
  expect((await central('new-one'))?.values['id_no']).toBe(idNo);
  expect((await central('new-two'))?.values['id_no']).toBe(idNo);
  expect(await openConflicts(world.device(1))).toEqual([]);
  await checkConvergence(world);
});

/*
 * Two colleagues dispute one reported change, each with her own words. They agree, so nobody is asked; the second one's words
 * are kept all the same.
 */
test('the words of the second of two who agree', async () => {
  await world.run({ do: 'propose', row: 0, about: 3 });
  const [wang, li] = [world.device(0), world.device(1)];
  await world.turn(wang);
  await world.turn(li);
  for (const [device, reason] of [
    [wang, '家里说没有办过'],
    [li, '本人在外地'],
  ] as const) {
    const answer = await device.call('proposals.dispute', { proposalId: 'p1', reason, visitId: null });
    expect(answer).toMatchObject({ ok: true });
    world.note(device);
  }
  await world.heal();
  expect(li.outbox().map((line) => line.result)).toEqual(['converged']);
  const lost = (await centre.history()).filter((line) => line.fate === 'aside' && line.field === 'dispute_reason');
  expect(lost.map((line) => line.after)).toEqual(['本人在外地']);
  await checkNoLoss(world);
});

/*
 * Wang strikes a man off who has moved away; Li, offline, notes two things about him on two days. Her first note is taken back
 * into view, somebody adds a line, then her second one is: no line is lost by the way back.
 */
test('notes on a deleted row come back one after the other', async () => {
  const [wang, li] = [world.device(0), world.device(1)];
  await edit(li, { notes: ['first', 'one'] });
  await edit(li, { notes: ['first', 'one', 'two'] });
  wang.write({
    ...{ entity: 'resident', row: 'r1', op: 'delete', area: areas[0], fields: {} },
    ...{ source: 'visit', reason: { kind: 'edit' } },
  });
  world.note(wang);
  await world.turn(wang);
  await world.heal();
  const back = async (wanted: string): Promise<void> => {
    const found = (await centre.records()).find(
      (row) => row.entity === 'conflict' && row.values['state'] === 'open' && row.values['offered_value'] === wanted,
    );
    if (found === undefined) throw new Error(`no conflict about ${wanted}`);
    await world.settle(wang, found.id, 'offered');
    await world.heal();
  };
  const offered = (...notes: string[]): string => JSON.stringify(JSON.stringify({ notes }));
  await back(offered('first', 'one', 'two'));
  await edit(wang, { notes: ['first', 'one', 'two', 'three'] });
  await back(offered('first', 'one'));
  expect((await central('r1'))?.deleted).toBe(false);
  expect((await central('r1'))?.values['notes']).toEqual(['first', 'one', 'two', 'three']);
  await checkConvergence(world);
  await checkNoLoss(world);
});

/*
 * Li moves a household's person to the neighbouring community, offline, and loses one of the two communities the same day.
 * What the centre has where she may not look any more goes from her tablet, wherever she has put it; what it has where she
 * may look stays.
 */
test.each([
  ['out of the area that is lost', 'r1', areas[0], areas[1]],
  ['into the area that is lost', 'r3', areas[1], areas[0]],
])('a row moved %s', async (_name, row, from, to) => {
  const li = world.device(1);
  const reason = { kind: 'edit' } as const;
  li.write({ entity: 'resident', row, op: 'update', area: from, fields: { area: to }, source: 'visit', reason });
  world.note(li);
  world.grants = { ...world.grants, w2: [areas[1]] };
  await centre.grant('w2', [areas[1]]);
  // Switched on again it opens a session first: the areas are put right before the work is sent.
  await li.crash();
  await world.heal();
  expect(li.outbox().map((line) => line.result)).toEqual(['rejected']);
  checkCalm(world);
  await checkConvergence(world);
  await checkIsolation(world);
});

/*
 * Wang is moved to another community at nine. At ten Li writes about the old lady; at eleven Wang's tablet, whose session is
 * still good, asks for news of the old community. It hears that its areas have changed, and not a word of what Li wrote.
 */
test('an area lost in the middle of a session', async () => {
  const [wang, li] = [world.device(0), world.device(1)];
  world.grants = { ...world.grants, w1: [areas[1]] };
  await centre.grant('w1', [areas[1]]);
  await edit(li, { workplace: '只有李知道' });
  await world.turn(li);
  await world.turn(wang);
  const heard = world.wire.exchanges.filter((one) => one.device === wang.name).map((one) => one.text);
  expect(heard.join()).not.toContain('只有李知道');
  expect(wang.areas().map((area) => area.code)).not.toContain(areas[0]);
  for (const [table, text] of wang.dump()) expect(text, table).not.toContain('Marker-r1-');
  await world.heal();
  await checkIsolation(world);
});

/*
 * While the tablet exchanges, Wang corrects the number that Li has just sent. The page with Li's number arrives under her own:
 * she goes on seeing hers and is shown both at once, before the centre has heard of it.
 */
test('a page arrives under work that was done meanwhile', async () => {
  const [wang, li] = [world.device(0), world.device(1)];
  await edit(li, { phone: '13800000002' });
  await world.turn(li);
  let shown: unknown[] = [];
  let edited = false;
  world.wire.interlude = async (name, path) => {
    if (name !== wang.name) return;
    if (edited && path === '/v1/push') {
      const lines = await openConflicts(wang);
      shown = [phoneOf(wang), wang.pending().map((line) => line.mine), lines.map((line) => line.place)];
    } else if (!edited && path === '/v1/pull') {
      edited = true;
      await edit(wang, { phone: '13800000001' });
    }
  };
  await world.turn(wang);
  expect(shown).toEqual(['13800000001', ['"13800000001"'], ['local']]);
  expect(wang.outbox().map((line) => line.result)).toEqual(['conflict']);
  await world.heal();
  expect(phoneOf(wang)).toBe('13800000002');
  expect((await openConflicts(li)).map((line) => line.place)).toEqual(['central']);
  await checkConvergence(world);
  await checkNoLoss(world);
});
