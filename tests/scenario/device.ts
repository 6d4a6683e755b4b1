import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context, Change } from '../../electron/replica/commands/writing.ts';
import { createService, type Service } from '../../electron/replica/service.ts';
import { checksumOf, heldAreas, type HeldArea } from '../../electron/replica/store/areas.ts';
import type { Reader } from '../../electron/replica/store/database.ts';
import { readRow, type StoredRow } from '../../electron/replica/store/entity-table.ts';
import { needMeta } from '../../electron/replica/store/meta.ts';
import type { OutboxState } from '../../electron/replica/store/outbox.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/contract/calls.ts';
import type { SyncStatus } from '../../shared/contract/views.ts';
import { entityNames, type EntityName } from '../../shared/domain/entities.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import { Delta, type Outcome } from '../../shared/sync/delta.ts';
import type { Centre } from './centre.ts';
import { Random } from './random.ts';
import type { Wire } from './wire.ts';

export const password = '春天的田野-2026';

/** A line of a device's outbox. */
export interface OutboxLine {
  readonly id: string;
  readonly delta: Delta;
  readonly state: OutboxState;
  readonly result: Outcome['result'] | null;
  readonly version: number | null;
}

export interface PendingRow {
  readonly entity: EntityName;
  readonly row_id: string;
  readonly field: string;
  readonly mine: string;
  readonly delta_id: string;
}

export interface DeviceFacts {
  readonly name: string;
  readonly person: string;
  readonly seed: number;
  readonly wire: Wire;
  readonly centre: Centre;
  /** The world's time in milliseconds; the device adds its own clock's error. */
  readonly time: () => number;
}

/** Copies what is in a folder, in the state the disk has at this moment; what lives in memory only is not there. */
export function copyDisk(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    // The index of the log is shared memory: a power cut takes it.
    if (name.endsWith('-shm')) continue;
    const path = join(from, name);
    if (statSync(path).isDirectory()) copyDisk(path, join(to, name));
    else copyFileSync(path, join(to, name));
  }
}

/** One workstation: the production replica on real files, with a clock, a die and a line of its own. */
export class Device {
  readonly name: string;
  readonly person: string;
  readonly log: { readonly event: string; readonly facts: Record<string, unknown> }[] = [];
  private readonly facts: DeviceFacts;
  private readonly random: Random;
  private running: Service;
  private folder: string;
  /** Milliseconds by which this clock is wrong. */
  skew = 0;
  /** The power fails when this many more points were passed; null for never. */
  private fuse: number | null = null;
  /** What the power cut left on the disk. */
  private remains: string | null = null;

  constructor(facts: DeviceFacts, folder?: string) {
    this.name = facts.name;
    this.person = facts.person;
    this.facts = facts;
    this.random = new Random(facts.seed);
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'doorstep-device-'));
    this.running = this.make();
  }

  private make(): Service {
    return createService({
      dataDir: this.folder,
      automatic: false,
      scryptCost: 2 ** 14,
      now: () => {
        this.passPoint();
        return new Date(this.facts.time() + this.skew).toISOString();
      },
      newId: () => {
        this.passPoint();
        return this.random.uuid();
      },
      random: () => this.random.next(),
      log: (_level, event, more) => {
        this.log.push({ event, facts: { ...more } });
      },
    });
  }

  get dataDir(): string {
    return this.folder;
  }

  get context(): Context {
    const context = this.running.context();
    if (context === null) throw new Error(`${this.name} is locked`);
    return context;
  }

  get reader(): Reader {
    return this.context.reader;
  }

  get identity(): string {
    return needMeta(this.reader, 'device');
  }

  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    return this.running.call(name, input);
  }

  write(...changes: Change[]): void {
    this.context.write(changes, { action: 'test' });
  }

  takeTurn(): Promise<void> {
    return this.running.takeTurn();
  }

  async status(): Promise<SyncStatus> {
    return this.running.call('sync.status', {});
  }

  /** Shows a new code to the centre: the first time, or again after the centre gave this device up. */
  async enrol(): Promise<void> {
    const gateway = this.facts.wire.address(this.name);
    const code = await this.facts.centre.code(this.person);
    const answer = await this.running.call('vault.enrol', { gateway, code, password, deviceName: this.name });
    if (!answer.ok) throw new Error(`${this.name} cannot enrol: ${answer.failure.code}`);
  }

  async unlock(): Promise<void> {
    const answer = await this.running.call('vault.unlock', { userId: this.person, password });
    if (!answer.ok) throw new Error(`${this.name} does not open: ${answer.failure.code}`);
  }

  /** Cuts the power when this many more points of the replica's work were passed. */
  light(fuse: number): void {
    this.fuse = fuse;
  }

  /** True once the power was cut: what this process says from then on, nobody hears. */
  isBurnt(): boolean {
    return this.remains !== null;
  }

  extinguishIfBurnt(): boolean {
    if (this.remains === null) return false;
    this.fuse = null;
    return true;
  }

  /** A fuse that was lit burns no further. */
  dryFuse(): void {
    this.fuse = null;
  }

  /** A place where the power may fail: between and within transactions, before and after requests. */
  passPoint(): void {
    if (this.fuse === null || this.remains !== null) return;
    this.fuse -= 1;
    if (this.fuse >= 0) return;
    this.cutPower();
  }

  private cutPower(): void {
    this.remains = this.backup();
    // The dead do not speak: what this process still does goes nowhere.
    this.facts.wire.unplug(this.name, true);
  }

  /** Power cut at once, and on again. */
  async crash(): Promise<void> {
    if (this.remains === null) this.cutPower();
    await this.revive();
  }

  /** Starts from what the power cut left. */
  async revive(): Promise<void> {
    const { remains } = this;
    if (remains === null) return;
    this.fuse = null;
    this.remains = null;
    await this.replaceDisk(remains);
    this.facts.wire.unplug(this.name, false);
  }

  /** A copy of the disk as it is now. */
  backup(): string {
    const copy = mkdtempSync(join(tmpdir(), 'doorstep-copy-'));
    copyDisk(this.folder, copy);
    return copy;
  }

  /** The disk is replaced by another, and the machine starts. The folder becomes the device's own. */
  async replaceDisk(folder: string): Promise<void> {
    const old = this.running;
    const oldFolder = this.folder;
    await old.close();
    rmSync(oldFolder, { recursive: true, force: true });
    this.folder = folder;
    this.running = this.make();
    if (existsSync(join(folder, 'replica'))) await this.unlock();
  }

  /** Closes the files, so that another process may have them. */
  async lock(): Promise<void> {
    await this.running.close();
  }

  /** Opens the files as they are. */
  async reopen(): Promise<void> {
    this.running = this.make();
    await this.unlock();
  }

  async end(): Promise<void> {
    await this.running.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  outbox(): OutboxLine[] {
    return this.reader
      .prepare<{
        delta_id: string;
        body: string;
        state: OutboxState;
        result: Outcome['result'] | null;
        version: number | null;
      }>('SELECT delta_id, body, state, result, version FROM outbox ORDER BY device, epoch, op_no')
      .all()
      .map(({ delta_id: id, body, ...line }) => ({ ...line, id, delta: Delta.parse(JSON.parse(body)) }));
  }

  pending(): PendingRow[] {
    return this.reader.prepare<PendingRow>('SELECT entity, row_id, field, mine, delta_id FROM pending').all();
  }

  areas(): readonly HeldArea[] {
    return heldAreas(this.reader);
  }

  checksum(area: string): { rows: number; sum: number } {
    return checksumOf(this.reader, area);
  }

  row(entity: EntityName, id: string): StoredRow | undefined {
    return readRow(this.reader, entity, id);
  }

  /** Rows of an entity that are in view, ordered by id. */
  rows(entity: EntityName): StoredRow[] {
    return this.reader
      .prepare<{ id: string }>(`SELECT id FROM "${entity}" WHERE deleted = 0 ORDER BY id`)
      .all()
      .flatMap(({ id }) => this.row(entity, id) ?? []);
  }

  allRows(): (StoredRow & { entity: EntityName })[] {
    return entityNames.flatMap((entity) => this.rows(entity).map((row) => ({ ...row, entity })));
  }

  /** Version of every row that the centre has shown, in view or not. */
  versions(): Map<string, number> {
    const versions = new Map<string, number>();
    for (const entity of entityNames)
      for (const { id, version } of this.reader
        .prepare<{ id: string; version: number }>(`SELECT id, version FROM "${entity}"`)
        .all())
        versions.set(`${entity}/${id}`, version);
    return versions;
  }

  /** Every table of the decrypted database as text, but those named. */
  dump(without: ReadonlySet<string> = new Set()): Map<string, string> {
    const tables = this.reader
      .prepare<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()
      .map(({ name }) => name)
      .filter((name) => !without.has(name));
    return new Map(
      tables.map((name) => [
        name,
        JSON.stringify(
          this.reader.prepare<Record<string, unknown>>(`SELECT * FROM "${name}"`).all(),
          (_key, value: unknown) =>
            value instanceof Uint8Array
              ? Buffer.from(value).toString('latin1')
              : typeof value === 'bigint'
                ? String(value)
                : value,
        ),
      ]),
    );
  }

  value(entity: EntityName, id: string, field: string): FieldValue {
    return this.row(entity, id)?.values[field] ?? null;
  }
}
