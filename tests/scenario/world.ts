import { rmSync } from 'node:fs';
import { fieldSpec } from '../../shared/domain/entities.ts';
import { gradeOf } from '../../shared/domain/proposals.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { Delta } from '../../shared/sync/delta.ts';
import type { Cursor } from '../../shared/sync/wire.ts';
import { moveCursor } from '../../electron/replica/store/areas.ts';
import type { LoadRow } from '../../central/store/records.ts';
import { sameValue } from '../../shared/domain/values.ts';
import type { Centre } from './centre.ts';
import { act, edit, settle, type Hands } from './commands.ts';
import { copyDisk, Device } from './device.ts';
import { areas, commonArea, firstGrants, firstRows, members, persons } from './district.ts';
import type { Step } from './steps.ts';
import { Wire } from './wire.ts';

const claims = [
  { field: 'medical_insurance', value: 'employee', source: 'medical-insurance' },
  { field: 'living_status', value: 'deceased', source: 'police' },
  { field: 'phone', value: '13811111111', source: 'civil-affairs' },
  { field: 'medical_insurance', value: 'elsewhere', source: 'medical-insurance' },
] as const;

/** Facts about one device that no file of its own holds. */
interface Ledger {
  /** Deltas of commands that were answered: they may not vanish. */
  readonly held: Set<string>;
  /** Fields whose own edit the person took back when she was shown the other value. */
  readonly withdrawn: Set<string>;
  readonly floor: Map<string, number>;
  backup: { readonly folder: string; readonly held: ReadonlySet<string> } | null;
}

export interface WorldFacts {
  readonly centre: Centre;
  readonly seed: number;
  readonly devices?: number;
  /** Fields of the first resident that these builds do not know. */
  readonly unknown?: Readonly<Record<string, FieldValue>>;
}

/** One county with three workers and their workstations, a centre, and a bad line between them. */
export class World {
  readonly centre: Centre;
  readonly wire = new Wire();
  readonly devices: Device[] = [];
  readonly written = new Map<string, Delta>();
  /** Deltas whose disk was replaced before anybody else had them. */
  readonly goneWithDisk = new Set<string>();
  grants: Readonly<Record<string, readonly string[]>> = firstGrants;
  time = Date.parse('2026-11-21T00:00:00.000Z');
  /** Rows that the centre made by itself since the first ones. */
  readonly added: LoadRow[] = [];
  private readonly ledgers = new Map<Device, Ledger>();
  private readonly seed: number;
  private made = 0;
  private readonly hands: Hands = {
    next: () => (this.made += 1),
    withdraw: (device, place) => void this.ledger(device).withdrawn.add(place),
  };

  private constructor(facts: WorldFacts) {
    this.centre = facts.centre;
    this.seed = facts.seed;
  }

  static async open(facts: WorldFacts): Promise<World> {
    const world = new World(facts);
    await world.wire.start();
    world.wire.onTraffic = (name) => world.devices.find((device) => device.name === name)?.passPoint();
    world.wire.stamp = () => ({ time: world.time, grants: world.grants });
    world.pass(0);
    await world.centre.populate(
      [commonArea, ...areas].map((code) => ({ code, name: `社区${code.slice(-6)}`, street: '招宝山街道' })),
      members,
      firstRows.map((row) => (row.id === 'r1' ? { ...row, values: { ...row.values, ...facts.unknown } } : row)),
    );
    world.wire.connect(world.centre.url);
    for (let index = 0; index < (facts.devices ?? 3); index += 1) world.add(persons[index % persons.length] ?? 'w1');
    await Promise.all(world.devices.map((device) => device.enrol()));
    return world;
  }

  /** One more workstation, not enrolled yet. */
  add(person: string): Device {
    const name = `d${String(this.devices.length + 1)}`;
    const { wire, centre } = this;
    const seed = this.seed * 31 + this.devices.length;
    const device = new Device({ name, person, seed, wire, centre, time: () => this.time });
    this.devices.push(device);
    this.ledgers.set(device, { held: new Set(), withdrawn: new Set(), floor: new Map(), backup: null });
    return device;
  }

  async close(): Promise<void> {
    for (const device of this.devices) await device.end();
    for (const { backup } of this.ledgers.values())
      if (backup !== null) rmSync(backup.folder, { recursive: true, force: true });
    await this.wire.stop();
  }

  /** Time goes on. */
  pass(millis: number): void {
    this.time += millis;
    this.centre.now = new Date(this.time);
  }

  device(index: number): Device {
    const device = this.devices[index % this.devices.length];
    if (device === undefined) throw new Error('a world without devices');
    return device;
  }

  ledger(device: Device): Ledger {
    const ledger = this.ledgers.get(device);
    if (ledger === undefined) throw new Error('a device of another world');
    return ledger;
  }

  /** Does one step and looks at once whether the devices still keep what they must. */
  async run(step: Step): Promise<void> {
    this.pass(60_000);
    switch (step.do) {
      case 'turn': {
        const device = this.device(step.on);
        this.wire.plan(device.name, step.faults);
        await this.turn(device);
        this.wire.plan(device.name, []);
        break;
      }
      case 'meanwhile':
        await this.meanwhile(this.device(step.on), { ...step, do: 'edit' });
        break;
      case 'restart': {
        const device = this.device(step.on);
        await device.lock();
        await device.reopen();
        this.look(device);
        break;
      }
      case 'together':
        await Promise.all(this.devices.map((device) => device.takeTurn()));
        for (const device of this.devices) await this.afterTurn(device);
        break;
      case 'late':
        await this.wire.deliverLate();
        break;
      case 'crash':
        this.device(step.on).light(step.after);
        break;
      case 'backup':
        this.keepBackup(this.device(step.on));
        break;
      case 'restore':
        await this.restore(this.device(step.on));
        break;
      case 'grant': {
        const person = this.device(step.on).person;
        const granted = areas.filter((_area, bit) => (step.mask & (1 << bit)) !== 0);
        this.grants = { ...this.grants, [person]: granted };
        await this.centre.grant(person, granted);
        break;
      }
      case 'clock':
        this.device(step.on).skew += step.days * 86_400_000;
        break;
      case 'gateway':
        await this.centre.restart();
        this.wire.connect(this.centre.url);
        break;
      case 'propose':
        await this.propose(step.row, step.about);
        break;
      default: {
        const device = this.device(step.on);
        await this.command(device, () => act(this.hands, device, step));
      }
    }
  }

  /** A command of a person: when it was answered, its deltas are in the outbox from then on. */
  async command(device: Device, work: () => Promise<void> | void): Promise<void> {
    await work();
    if (device.extinguishIfBurnt()) await device.revive();
    else this.note(device);
    this.look(device);
  }

  /** Takes down what the device has promised to keep. */
  note(device: Device): void {
    const { held } = this.ledger(device);
    for (const { id, delta } of device.outbox()) {
      held.add(id);
      this.written.set(id, delta);
    }
  }

  /** A command between what a device sends and what it hears in one exchange. */
  private async meanwhile(device: Device, step: Step): Promise<void> {
    let done = false;
    const seen: unknown[] = [];
    this.wire.interlude = async (name, path) => {
      if (name !== device.name || device.isBurnt()) return;
      try {
        // Between what was heard and what is sent next the own work must still be in view.
        if (done) this.look(device);
        else if (path === '/v1/pull') {
          done = true;
          await act(this.hands, device, step);
          if (!device.isBurnt()) this.note(device);
        }
      } catch (error) {
        seen.push(error);
      }
    };
    await this.turn(device);
    this.wire.interlude = () => Promise.resolve();
    if (seen.length > 0) throw new Error(`${device.name} while it exchanged: ${String(seen[0])}`, { cause: seen[0] });
  }

  /** One exchange of a device, with what a person does when it says that it must enrol again. */
  async turn(device: Device): Promise<void> {
    await device.takeTurn();
    await this.afterTurn(device);
  }

  private async afterTurn(device: Device): Promise<void> {
    if (device.extinguishIfBurnt()) await device.revive();
    else if ((await device.status()).problem === 'device.forked') {
      await device.enrol().catch((error: unknown) => {
        // The line, or the power, may fail just then; she tries again next time.
        if (!String(error).includes('gateway.') && !device.isBurnt()) throw error;
      });
      if (device.extinguishIfBurnt()) await device.revive();
    }
    this.look(device);
  }

  /** I6, I9 and I14 as far as they show on one device at any moment. */
  look(device: Device): void {
    const { held, withdrawn, floor } = this.ledger(device);
    const outbox = device.outbox();
    const there = new Set(outbox.map((line) => line.id));
    for (const id of held) if (!there.has(id)) throw new Error(`${device.name} lost delta ${id} out of its outbox`);
    for (const [row, version] of device.versions()) {
      const least = floor.get(row) ?? 0;
      if (version < least) throw new Error(`${device.name}: ${row} fell from version ${least} to ${version}`);
      floor.set(row, version);
    }
    for (const line of device.pending()) {
      const row = device.row(line.entity, line.row_id);
      if (row === undefined || line.field === 'row' || line.field === 'area') continue;
      if (!sameValue(row.values[line.field], JSON.parse(line.mine) as FieldValue))
        throw new Error(`${device.name}: unsent ${line.entity}/${line.row_id}.${line.field} is not what is shown`);
    }
    const latest = new Map<string, { delta: Delta; value: FieldValue; field: string }>();
    for (const { delta, state } of outbox) {
      if (state !== 'waiting' && state !== 'sent') continue;
      for (const [field, { value }] of Object.entries(delta.fields))
        latest.set(`${delta.entity}/${delta.row}/${field}`, { delta, value, field });
    }
    for (const [place, { delta, value, field }] of latest) {
      const row = device.row(delta.entity, delta.row);
      const merge = fieldSpec(delta.entity, field)?.merge;
      if (row === undefined || withdrawn.has(place) || (merge !== 'ask' && merge !== 'authority')) continue;
      if (!sameValue(row.values[field], value)) throw new Error(`${device.name} does not show its own ${place}`);
    }
  }

  private keepBackup(device: Device): void {
    const ledger = this.ledger(device);
    if (ledger.backup !== null) rmSync(ledger.backup.folder, { recursive: true, force: true });
    ledger.backup = { folder: device.backup(), held: new Set(device.outbox().map((line) => line.id)) };
  }

  /** The disk of some days ago is put back. What was made since and not sent is gone with the other disk, by anybody's rules. */
  private async restore(device: Device): Promise<void> {
    const ledger = this.ledger(device);
    const { backup } = ledger;
    if (backup === null) return;
    for (const id of ledger.held) if (!backup.held.has(id)) this.goneWithDisk.add(id);
    ledger.held.clear();
    for (const id of backup.held) ledger.held.add(id);
    ledger.floor.clear();
    const folder = `${backup.folder}-${String((this.made += 1))}`;
    copyDisk(backup.folder, folder);
    await device.replaceDisk(folder);
    this.look(device);
  }

  private async propose(row: number, about: number): Promise<void> {
    const residents = (await this.centre.records()).filter((one) => one.entity === 'resident' && !one.deleted);
    const subject = residents[row % Math.max(1, residents.length)];
    const claim = claims[about % claims.length];
    if (subject === undefined || claim === undefined) return;
    this.made += 1;
    const old = subject.values[claim.field] ?? null;
    const id = `p${String(this.made)}`;
    const values = {
      subject_entity: 'resident',
      subject_id: subject.id,
      field: claim.field,
      old_value: JSON.stringify(old),
      new_value: JSON.stringify(claim.value),
      source: claim.source,
      observed_on: '2026-11-20',
      received_at: this.centre.now.toISOString(),
      grade: gradeOf('resident', claim.field, claim.value, old),
      state: 'pending',
    };
    this.added.push({ entity: 'proposal', id, area: subject.area, values });
    await this.centre.add('proposal', id, subject.area, values);
  }

  /** Puts a device's cursors back to the first ones it was given; false where it has none. */
  async rewind(device: Device): Promise<boolean> {
    const first = new Map<string, Cursor>();
    for (const { device: name, path, status, text } of this.wire.exchanges) {
      if (name !== device.name || status !== 200 || !path.startsWith('/v1/snapshot/')) continue;
      const chunk = JSON.parse(text) as { area: string; cursor: Cursor };
      if (!first.has(chunk.area)) first.set(chunk.area, chunk.cursor);
    }
    const held = device.areas().filter((area) => first.has(area.code));
    device.context.write([], { action: 'test' }, (writer) => {
      for (const { code } of held) moveCursor(writer, code, first.get(code) ?? { xid: '0', seq: '0' });
    });
    return held.length > 0;
  }

  edit(device: Device, rowId: string, fields: Record<string, FieldValue>): Promise<void> {
    return edit(device, rowId, fields);
  }

  settle(device: Device, conflictId: string, side: 'current' | 'offered'): Promise<void> {
    return settle(this.hands, device, conflictId, side);
  }

  /** All is well again: everybody exchanges until nothing is left to say. */
  async heal(): Promise<void> {
    for (const device of this.devices) if (device.extinguishIfBurnt()) await device.revive();
    for (const device of this.devices) device.dryFuse();
    await this.wire.heal();
    let before = '';
    for (let round = 1; round <= 12; round += 1) {
      this.pass(60_000);
      for (const device of this.devices) await this.turn(device);
      const after = await this.centre.dump();
      const states = await Promise.all(this.devices.map((device) => this.unsettled(device)));
      if (after === before && states.every((state) => state === null)) return;
      before = after;
      if (round === 12) throw new Error(`no quiet: ${states.filter((state) => state !== null).join('; ')}`);
    }
  }

  private async unsettled(device: Device): Promise<string | null> {
    const { problem, load } = await device.status();
    const waiting = device.outbox().filter((line) => line.state === 'waiting' || line.state === 'sent').length;
    if (problem === null && waiting === 0 && load.complete) return null;
    return `${device.name}: problem ${String(problem)}, ${waiting} waiting, load ${String(load.complete)}`;
  }
}
