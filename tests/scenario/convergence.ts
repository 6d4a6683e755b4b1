import { expect } from 'vitest';
import { fieldNames } from '../../shared/domain/entities.ts';
import { commonArea, markers } from './district.ts';
import type { World } from './world.ts';

/** Events of a replica's log that tell of something that must not happen on a line that merely loses and repeats. */
const alarms = new Set([
  'pull.checksum',
  'pull.malformed',
  'sync.failed',
  'sync.strange-answer',
  'call.failed',
  'push.gap',
]);

/** I1: what is in view at every holder of an area is, byte for byte, what the centre keeps for it. */
export async function checkConvergence(world: World): Promise<void> {
  const records = await world.centre.records();
  for (const device of world.devices) {
    const granted = [commonArea, ...(world.grants[device.person] ?? [])].sort();
    const held = device.areas().map((area) => area.code);
    expect(held, `areas of ${device.name}`).toEqual(granted);
    const wanted = records
      .filter((row) => granted.includes(row.area) && !row.deleted)
      .map(({ entity, id, area, version, values }) => {
        const all = fieldNames(entity).map((name) => [name, values[name] ?? null] as const);
        return { entity, id, area, version, values: Object.fromEntries(all) };
      });
    const shown = device
      .allRows()
      .map(({ entity, id, area, version, values }) => ({ entity, id, area, version, values }));
    const order = (a: { entity: string; id: string }, b: { entity: string; id: string }): number =>
      `${a.entity} ${a.id}` < `${b.entity} ${b.id}` ? -1 : 1;
    expect(shown.sort(order), `rows of ${device.name}`).toEqual(wanted.sort(order));
    expect(device.pending(), `pending of ${device.name}`).toEqual([]);
    for (const area of granted)
      expect(device.checksum(area), `checksum of ${area} at ${device.name}`).toEqual(await world.centre.checksum(area));
  }
}

/** Nothing that a replica calls an error or an alarm happened on the way. */
export function checkCalm(world: World): void {
  for (const device of world.devices)
    expect(
      device.log.filter((line) => alarms.has(line.event)),
      `alarms of ${device.name}`,
    ).toEqual([]);
}

/** I8: neither the decrypted file nor what came over the wire holds a value of a row outside the grants. */
export async function checkIsolation(world: World): Promise<void> {
  const records = await world.centre.records();
  const everIn = new Map<string, Set<string>>();
  const note = (row: string, area: unknown): void => {
    if (typeof area !== 'string') return;
    everIn.set(row, (everIn.get(row) ?? new Set()).add(area));
  };
  for (const row of records) note(row.id, row.area);
  for (const line of await world.centre.history())
    if (line.field === 'area') {
      note(line.id, line.before);
      note(line.id, line.after);
    }
  for (const exchange of world.wire.exchanges) {
    const device = world.devices.find((one) => one.name === exchange.device);
    const granted = exchange.stamp.grants[device?.person ?? ''] ?? [];
    for (const [marker] of exchange.text.matchAll(markers)) {
      const row = marker.slice('Marker-'.length, -1);
      const places = [...(everIn.get(row) ?? [])];
      expect(
        places.some((area) => granted.includes(area)),
        `${exchange.path} told ${exchange.device} of ${row} in ${places.join()}, granted ${granted.join()}`,
      ).toBe(true);
    }
  }
  for (const device of world.devices) {
    const granted = world.grants[device.person] ?? [];
    const allowed = new Set(
      records
        .filter((row) => granted.includes(row.area))
        .flatMap((row) => [...JSON.stringify(row.values).matchAll(markers)].map(([marker]) => marker)),
    );
    // The outbox holds the device's own work, which it keeps whatever happens to its grants.
    for (const [table, text] of device.dump(new Set(['outbox'])))
      for (const [marker] of text.matchAll(markers))
        expect(allowed.has(marker), `${table} of ${device.name} holds ${marker}`).toBe(true);
  }
}

/** I11: the feed does not grow beyond rows and the areas they have left; no outbox is stuck. */
export async function checkBounds(world: World): Promise<void> {
  const records = await world.centre.records();
  const { entries, left } = await world.centre.feedSize();
  expect(entries - left).toBeLessThanOrEqual(records.length);
  for (const device of world.devices)
    expect(
      device.outbox().filter((line) => line.state === 'waiting' || line.state === 'sent'),
      `outbox of ${device.name}`,
    ).toEqual([]);
}

/** I4: everything that was ever pushed, pushed again, gets the same answers and changes nothing; so do pages pulled again. */
export async function checkRepetition(world: World): Promise<void> {
  const before = await world.centre.dump();
  const { now } = world.centre;
  const pushes = world.wire.exchanges.filter((one) => one.path === '/v1/push' && one.status === 200);
  for (const push of pushes) {
    // Tokens live for ten minutes: the request is repeated at the time it was made.
    world.centre.now = new Date(push.stamp.time);
    const again = await world.wire.repeat(push);
    expect(again.status, again.text).toBe(200);
    expect(outcomesOf(again.text)).toEqual(outcomesOf(push.text));
  }
  world.centre.now = now;
  expect(await world.centre.dump()).toBe(before);
  for (const device of world.devices) {
    const kept = device.dump(new Set(['meta', 'area', 'audit']));
    if (!(await world.rewind(device))) continue;
    await world.turn(device);
    for (const [table, text] of device.dump(new Set(['meta', 'area', 'audit'])))
      expect(text, `${table} of ${device.name} after pages were repeated`).toBe(kept.get(table));
  }
}

const outcomesOf = (text: string): unknown => (JSON.parse(text) as { outcomes: unknown }).outcomes;
