import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Centre } from './scenario/centre.ts';
import { checkConvergence } from './scenario/convergence.ts';
import { checkNoLoss, checkOnce } from './scenario/no-loss.ts';
import { areas, firstRows } from './scenario/district.ts';
import { World } from './scenario/world.ts';
import type { Device } from './scenario/device.ts';

/*
 * I14 and I5 with a real SIGKILL: the replica runs in a process of its own, on a line to a real gateway, and is killed without
 * warning while it takes commands, while it pushes and while it pulls, many times over the same files.
 */
const times = Math.max(1, Number(process.env['DOORSTEP_HISTORIES'] ?? '1'));
let centre: Centre;

beforeAll(async () => {
  centre = await Centre.start();
});
afterAll(() => centre.stop());

/** Lets a process work on the device's files until it has said so many lines, kills it, and gives the lines back. */
async function workAndDie(device: Device, mode: string, from: number, lines: number, soon: number): Promise<string[]> {
  const child = join(import.meta.dirname, 'scenario', 'replica-child.ts');
  const flags = ['--experimental-strip-types', '--no-warnings'];
  const running = spawn(process.execPath, [...flags, child, device.dataDir, device.person, mode, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let heard = '';
  running.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    // Not at the line itself but some work later, another amount each time.
    if (heard.split('\n').length > lines) setTimeout(() => running.kill('SIGKILL'), soon);
  });
  await new Promise<void>((resolve) => running.on('close', () => resolve()));
  return heard.split('\n').slice(0, -1);
}

/** Gives the files to another process, and takes them back as it left them. */
async function away<T>(device: Device, work: () => Promise<T>): Promise<T> {
  await device.lock();
  const result = await work();
  await device.reopen();
  return result;
}

test.each(['work', 'both'])(
  'killed while it takes commands (%s)',
  async (mode) => {
    const world = await World.open({ centre, seed: 3, devices: 2 });
    try {
      const device = world.device(0);
      for (const one of world.devices) await world.turn(one);
      let next = 0;
      for (let round = 0; round < 5 * times; round += 1) {
        const said = await away(device, () => workAndDie(device, mode, next, 2 + (round % 4), round % 5));
        expect(said[0]).toBe('open');
        const answered = said.slice(1).map(Number);
        const outbox = device.outbox();
        expect(outbox.map((line) => line.delta.opNo)).toEqual(outbox.map((_line, index) => index + 1));
        for (const number of answered) {
          const there = outbox.filter((line) => line.delta.fields['workplace']?.value === `工厂${String(number)}`);
          expect(there, `command ${String(number)} was answered`).toHaveLength(1);
        }
        // A last command may have become durable unanswered; each is there whole.
        for (const { delta } of outbox) expect(Object.keys(delta.fields).sort()).toEqual(['notes', 'workplace']);
        next = outbox.length;
        expect(device.value('resident', 'r1', 'workplace')).toBe(`工厂${String(next - 1)}`);
        world.note(device);
      }
      await world.heal();
      expect(device.outbox().every((line) => line.result === 'applied')).toBe(true);
      await checkConvergence(world);
      await checkNoLoss(world);
      expect(await centre.answers()).toHaveLength(next);
    } finally {
      await world.close();
    }
  },
  120_000 * times,
);

test(
  'killed while it pulls',
  async () => {
    const world = await World.open({ centre, seed: 4, devices: 2 });
    try {
      const [device, other] = [world.device(0), world.device(1)];
      await world.turn(other);
      let made = 0;
      for (let round = 0; round < 6 * times; round += 1) {
        // The first rounds die in the first load, the later ones among pulled pages.
        for (let count = 0; count < 40; count += 1) {
          made += 1;
          const values = { name: `居民${String(made)}`, notes: [], tags: ['aged'] };
          world.added.push({ entity: 'resident', id: `many-${String(made)}`, area: areas[0], values });
          await centre.add('resident', `many-${String(made)}`, areas[0], values);
        }
        await world.edit(other, 'r1', { workplace: `工厂${String(round)}` });
        world.note(other);
        await world.turn(other);
        const said = await away(device, () => workAndDie(device, 'exchange', 0, 1, 12 * round));
        expect(said[0]).toBe('open');
        const held = device.areas().find((area) => area.code === areas[0]);
        // Rows and cursor are of one page: a whole area has what the centre's cursor says, as its checksum shows in the end.
        if (held?.state === 'whole')
          expect(device.checksum(areas[0]).rows).toBeGreaterThanOrEqual(firstRows.length / 3);
        world.look(device);
      }
      await world.heal();
      expect(device.log.filter((line) => line.event === 'pull.checksum')).toEqual([]);
      await checkConvergence(world);
      await checkOnce(world);
    } finally {
      await world.close();
    }
  },
  120_000 * times,
);

/*
 * The same without chance: one exchange that sends and hears, cut at its first point, at its second, and so on until it gets
 * through. Whatever the disk holds then, the next exchange makes it right, and no area has to be loaded anew for it.
 */
test('the power fails at every point of an exchange, one after the other', async () => {
  const world = await World.open({ centre, seed: 5, devices: 2 });
  try {
    const [device, other] = [world.device(0), world.device(1)];
    for (const one of world.devices) await world.turn(one);
    let through = false;
    for (let point = 0; !through; point += 1) {
      if (point > 80) throw new Error('an exchange has no end');
      await world.edit(other, 'r1', { workplace: `工厂${String(point)}` });
      await world.edit(other, 'r2', { workplace: `工厂${String(point)}` });
      world.note(other);
      await world.turn(other);
      await world.edit(device, 'r3', { workplace: `工厂${String(point)}` });
      world.note(device);
      device.light(point);
      await device.takeTurn();
      through = !device.isBurnt();
      device.dryFuse();
      await device.revive();
      world.look(device);
      await world.turn(device);
      expect(device.value('resident', 'r1', 'workplace'), `cut at ${String(point)}`).toBe(`工厂${String(point)}`);
      expect(device.value('resident', 'r2', 'workplace'), `cut at ${String(point)}`).toBe(`工厂${String(point)}`);
      expect(device.log.filter((line) => line.event === 'pull.checksum')).toEqual([]);
    }
    await world.heal();
    await checkConvergence(world);
    await checkNoLoss(world);
    await checkOnce(world);
  } finally {
    await world.close();
  }
}, 120_000);
