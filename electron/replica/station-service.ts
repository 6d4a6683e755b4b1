import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CallOutput, ParsedInput } from '../../shared/contract/calls.ts';
import { VaultUser, type SyncStatus, type VaultStatus } from '../../shared/contract/views.ts';
import { schemaVersion } from '../../shared/domain/entities.ts';
import { fail, ok } from '../../shared/result.ts';
import type { Context } from './commands/writing.ts';
import { KeyRing } from './crypto/key-ring.ts';
import { isWeak } from './crypto/password-rules.ts';
import { passwordSlots, type Vault } from './crypto/vault-file.ts';
import { enrolAtCentre, enrolFirst, writeIdentity } from './enrolment.ts';
import type { Events } from './events.ts';
import type { Log } from './log.ts';
import { inspectFiles, pathsIn, sweepNurseries, type Paths } from './paths.ts';
import type { Station } from './station.ts';
import { addAudit, checkAudit, type AuditCheck } from './store/audit.ts';
import { openReplica, ReplicaFull, type Refusal, type Replica, type ReplicaPlace } from './store/database.ts';
import { applyDeferred } from './store/deferred.ts';
import { moveNewsMark } from './store/history.ts';
import { needMeta, readMeta, writeMeta } from './store/meta.ts';
import { renumber } from './store/outbox.ts';
import { SettingsFile, type StationSettings } from './store/settings.ts';
import { closedSyncStatus } from './store/sync-state.ts';
import { isDiskFull } from './store/sqlite.ts';
import { contextOver } from './writing-context.ts';
import { Exchange } from './sync/exchange.ts';

export interface StationFacts {
  readonly dataDir: string;
  readonly migrationsDir: string;
  readonly appVersion: string;
  readonly electronVersion: string;
  readonly log: Log;
  /** UTC ISO instant. */
  now(): string;
  newId(): string;
  readonly random: () => number;
  /** False in tests that take each turn of the exchange themselves. */
  readonly automatic: boolean;
  /** Cost of deriving a key from a new password; less than the rule only in tests. */
  readonly scryptCost: number;
}

interface Open {
  readonly replica: Replica;
  readonly exchange: Exchange;
  readonly context: Context;
  person: VaultUser;
  audit?: AuditCheck;
}

const copyEveryMillis = 20 * 3_600_000;
const leaseCheckMillis = 30_000;

/** The machine: keys, the open replica, its exchange with the centre, settings. One change of state at a time. */
export class StationService implements Station {
  private readonly facts: StationFacts;
  private readonly events: Events;
  private readonly paths: Paths;
  private readonly ring: KeyRing;
  private readonly settingsFile: SettingsFile;
  private readonly onIdleMinutes: (minutes: number) => void;
  private refusal: Refusal | null = null;
  private open: Open | null = null;
  private order: Promise<unknown> = Promise.resolve();
  private leaseTimer: NodeJS.Timeout | null = null;

  constructor(facts: StationFacts, events: Events, onIdleMinutes: (minutes: number) => void) {
    this.facts = facts;
    this.events = events;
    this.onIdleMinutes = onIdleMinutes;
    mkdirSync(facts.dataDir, { recursive: true, mode: 0o700 });
    sweepNurseries(facts.dataDir);
    this.paths = pathsIn(facts.dataDir);
    this.ring = new KeyRing(
      this.paths.vault,
      { now: () => facts.now(), monotonic: () => performance.now() },
      facts.scryptCost,
    );
    this.settingsFile = new SettingsFile(facts.dataDir);
  }

  context(): Context | null {
    return this.open?.context ?? null;
  }

  vault(): VaultStatus {
    const read = this.ring.read();
    const found = inspectFiles(this.paths, read);
    const vault = read.state === 'present' ? read.vault : null;
    const users = vault === null ? [] : passwordSlots(vault).map((slot) => slot.user);
    const first = users[0]?.id;
    const refusal = this.open === null ? (found === 'new' ? null : (found ?? this.refusal)) : null;
    return {
      state: this.open !== null ? 'unlocked' : refusal !== null ? 'refused' : found === 'new' ? 'new' : 'locked',
      refusal,
      users,
      current: this.open?.person ?? null,
      countyName: vault?.countyName ?? null,
      deviceName: vault?.deviceName ?? null,
      leaseUntil: vault?.leaseUntil ?? null,
      failuresLeft: vault === null || first === undefined ? null : this.ring.failuresLeft(vault, first),
      lockedUntil: vault === null || first === undefined ? null : this.ring.lockedUntil(vault, first),
    };
  }

  enrol(input: ParsedInput<'vault.enrol'>): Promise<CallOutput<'vault.enrol'>> {
    return this.inOrder(async () => {
      if (isWeak(input.password)) return fail('password.weak', 'correct');
      const read = this.ring.read();
      const found = inspectFiles(this.paths, read);
      if (found !== 'new') {
        if (found !== null || read.state !== 'present' || !read.vault.enrolAgain) return fail('vault.exists', 'unlock');
        return this.enrolAgain(read.vault, input);
      }
      if (existsSync(this.paths.folder)) return fail('vault.exists', 'call-supervisor');
      try {
        const failure = await enrolFirst(
          this.facts.dataDir,
          this.paths.folder,
          input,
          this.place(),
          this.facts.scryptCost,
        );
        if (failure !== null) return failure;
      } catch (error) {
        if (isDiskFull(error) || error instanceof ReplicaFull) return fail('disk.full', 'free-space');
        throw error;
      }
      const vault = this.ring.read();
      const user = vault.state === 'present' ? passwordSlots(vault.vault)[0]?.user.id : undefined;
      if (user === undefined) throw new Error('an enrolment left no slot');
      const tried = await this.ring.try(user, input.password);
      if (tried.kind !== 'open') throw new Error('a fresh slot does not open');
      const opened = await this.openFor(tried.key, tried.slot.user);
      tried.key.fill(0);
      if (opened !== null) throw new Error(`a fresh replica does not open: ${opened.failure.code}`);
      return ok(this.vault());
    });
  }

  /** The centre gave this device up: it becomes a new one, with all unsent work under its new numbers. */
  private async enrolAgain(vault: Vault, input: ParsedInput<'vault.enrol'>): Promise<CallOutput<'vault.enrol'>> {
    const user = this.open?.person.id ?? passwordSlots(vault)[0]?.user.id;
    if (user === undefined) return fail('vault.exists', 'unlock');
    const tried = await this.ring.try(user, input.password);
    if (tried.kind !== 'open') return fail('vault.exists', 'unlock');
    try {
      await this.closeReplica('enrol-again');
      const place: ReplicaPlace = {
        ...this.place(),
        file: this.paths.replica,
        key: tried.key,
        copiesDir: this.paths.copies,
      };
      const opened = await openReplica(place, { salt: vault.salt });
      if (!opened.ok)
        return fail(opened.failure.code === 'disk.full' ? 'disk.full' : 'vault.exists', opened.failure.next);
      const replica = opened.value;
      let person: VaultUser;
      try {
        const enrolled = await enrolAtCentre(input);
        if ('ok' in enrolled) return enrolled;
        person = enrolled.answer.person;
        replica.transaction((writer) => {
          writeIdentity(writer, input, enrolled);
          renumber(writer);
          addAudit(writer, this.facts.now(), person.id, {
            action: 'vault.enrol-again',
            subject: enrolled.answer.device,
          });
        });
        await this.ring.seal(vault.replica, person, input.password, tried.key);
        this.ring.change((current) => ({
          ...current,
          enrolAgain: false,
          leaseUntil: enrolled.answer.leaseUntil,
          deviceName: input.deviceName,
          countyName: enrolled.answer.countyName,
        }));
      } finally {
        replica.close();
      }
      const again = await this.openFor(tried.key, person);
      if (again !== null) return fail('vault.exists', 'unlock');
      return ok(this.vault());
    } catch (error) {
      if (isDiskFull(error) || error instanceof ReplicaFull) return fail('disk.full', 'free-space');
      throw error;
    } finally {
      tried.key.fill(0);
      this.events.emit({ event: 'vault', status: this.vault() });
    }
  }

  unlock(input: ParsedInput<'vault.unlock'>): Promise<CallOutput<'vault.unlock'>> {
    return this.inOrder(async () => {
      const read = this.ring.read();
      const found = inspectFiles(this.paths, read);
      if (found === 'new' || read.state !== 'present')
        return fail(found === 'new' || found === null ? 'password.wrong' : found, 'restore-copy');
      if (found !== null) return fail(found, 'restore-copy');
      if (this.open !== null) await this.closeReplica('switch');
      try {
        const tried = await this.ring.try(input.userId, input.password);
        if (tried.kind === 'locked-out') return fail('vault.locked-out', 'wait', { until: tried.until });
        if (tried.kind === 'wrong') return fail('password.wrong', 'correct', { left: tried.left });
        const refused = await this.openFor(tried.key, tried.slot.user);
        tried.key.fill(0);
        return refused ?? ok(this.vault());
      } catch (error) {
        if (isDiskFull(error) || error instanceof ReplicaFull) return fail('disk.full', 'free-space');
        throw error;
      } finally {
        this.events.emit({ event: 'vault', status: this.vault() });
      }
    });
  }

  lock(): Promise<VaultStatus> {
    return this.inOrder(async () => {
      await this.closeReplica('lock');
      return this.vault();
    });
  }

  changePassword(input: ParsedInput<'vault.changePassword'>): Promise<CallOutput<'vault.changePassword'>> {
    return this.inOrder(async () => {
      const open = this.open;
      const read = this.ring.read();
      if (open === null || read.state !== 'present') return fail('password.wrong', 'unlock');
      if (isWeak(input.new)) return fail('password.weak', 'correct');
      const tried = await this.ring.try(open.person.id, input.old);
      if (tried.kind === 'locked-out') return fail('password.wrong', 'wait', { until: tried.until });
      if (tried.kind === 'wrong') return fail('password.wrong', 'correct', { left: tried.left });
      await this.ring.seal(read.vault.replica, tried.slot.user, input.new, tried.key);
      tried.key.fill(0);
      open.context.note({ action: 'vault.change-password', subject: open.person.id });
      return ok({});
    });
  }

  sync(): SyncStatus {
    return this.open?.exchange.status() ?? closedSyncStatus;
  }
  syncNow(): void {
    this.open?.exchange.now();
  }
  pauseSync(paused: boolean): void {
    this.settingsFile.change({ syncPaused: paused });
    this.open?.exchange.pause(paused);
  }
  /** One turn of the exchange, for tests: resolves when it is over. */
  async takeTurn(): Promise<void> {
    await this.open?.exchange.takeTurn();
  }

  settings(): StationSettings {
    return this.settingsFile.read();
  }
  changeSettings(wishes: ParsedInput<'settings.change'>): StationSettings {
    const before = this.settingsFile.read();
    const next = this.settingsFile.change(wishes);
    if (next.idleLockMinutes !== before.idleLockMinutes) this.onIdleMinutes(next.idleLockMinutes);
    if (next.syncPaused !== before.syncPaused) this.open?.exchange.pause(next.syncPaused);
    return next;
  }

  describe(): CallOutput<'device.describe'> {
    const open = this.open;
    const { appVersion: app, electronVersion: electron } = this.facts;
    const machine = { app, electron, schema: schemaVersion };
    if (open === null)
      return {
        ...machine,
        sqlite: null,
        migration: null,
        fileBytes: null,
        residents: null,
        audit: null,
        lastCopy: null,
        gateway: null,
        device: null,
      };
    const { reader, sqlite, migration, file } = open.replica;
    open.audit = checkAudit(reader, open.audit);
    const residents =
      reader.prepare<{ n: number }>('SELECT count(*) AS n FROM resident WHERE deleted = 0').get()?.n ?? 0;
    return {
      ...machine,
      sqlite,
      migration,
      fileBytes: statSync(file).size,
      residents,
      audit: { entries: open.audit.entries, intact: open.audit.intact },
      lastCopy: readMeta(reader, 'last_copy') ?? null,
      gateway: readMeta(reader, 'gateway') ?? null,
      device: readMeta(reader, 'device') ?? null,
    };
  }

  async fetchContent(sha256: string): Promise<boolean> {
    const open = this.open;
    if (open === null) return false;
    const mime = open.replica.reader
      .prepare<{ mime: string | null }>('SELECT mime FROM attachment WHERE sha256 = ? LIMIT 1')
      .get(sha256)?.mime;
    return open.exchange.fetch(sha256, mime ?? 'application/octet-stream');
  }

  private place(): Omit<ReplicaPlace, 'file' | 'key' | 'copiesDir'> {
    return { migrationsDir: this.facts.migrationsDir, log: this.facts.log, now: () => this.facts.now() };
  }

  /** Opens the replica with a key for a person; null when it is open, else why not. */
  private async openFor(
    key: Buffer,
    user: VaultUser,
  ): Promise<Extract<CallOutput<'vault.unlock'>, { ok: false }> | null> {
    const read = this.ring.read();
    if (read.state !== 'present') throw new Error('the vault went away');
    const place = { ...this.place(), file: this.paths.replica, key, copiesDir: this.paths.copies };
    const opened = await openReplica(place, { salt: read.vault.salt });
    if (!opened.ok) {
      if (opened.failure.code !== 'disk.full') this.refusal = opened.failure.code;
      this.facts.log('error', 'replica.refused', { code: opened.failure.code });
      return opened;
    }
    const replica = opened.value;
    try {
      if (readMeta(replica.reader, 'replica') !== read.vault.replica) {
        this.refusal = 'replica.foreign';
        replica.close();
        return fail('replica.foreign', 'restore-copy');
      }
      const exchange = this.exchangeOver(replica);
      if (this.leaseIsOver(replica) && !((await exchange.renew()) && !this.leaseIsOver(replica))) {
        const until = needMeta(replica.reader, 'lease_until');
        await exchange.stop();
        replica.close();
        return fail('lease.over', 'call-supervisor', { until });
      }
      replica.transaction((writer) => {
        writeMeta(writer, 'clock_seen', this.centreTime(replica));
        moveNewsMark(writer, user.id);
        applyDeferred(writer);
        addAudit(writer, this.facts.now(), user.id, { action: 'vault.unlock' });
      });
      const person = this.personOf(replica, user);
      this.refusal = null;
      const context = contextOver(replica, person, this, this.facts, {
        county: needMeta(replica.reader, 'county'),
        demonstration: readMeta(replica.reader, 'demonstration') === '1',
        onWritten: (entities) => {
          this.events.changed(entities);
          exchange.written();
        },
      });
      this.open = { replica, exchange, context, person };
      exchange.start();
      this.leaseTimer = setInterval(() => this.checkLease(), leaseCheckMillis);
      return null;
    } catch (error) {
      replica.close();
      throw error;
    }
  }

  private exchangeOver(replica: Replica): Exchange {
    const { appVersion, log, automatic } = this.facts;
    return new Exchange(replica, this.settingsFile.read().syncPaused, {
      appVersion,
      log,
      automatic,
      now: () => this.facts.now(),
      newId: () => this.facts.newId(),
      random: () => this.facts.random(),
      onStatus: (status) => this.events.emit({ event: 'sync', status }),
      onChanged: (entities) => this.events.changed(entities),
      onEnrolAgain: () => {
        this.ring.change((vault) => ({ ...vault, enrolAgain: true }));
        this.events.emit({ event: 'vault', status: this.vault() });
      },
      onSession: () => this.followSession(replica),
    });
  }

  /** A session may bring a new lease and another post of the person. */
  private followSession(replica: Replica): void {
    const leaseUntil = needMeta(replica.reader, 'lease_until');
    const read = this.ring.read();
    const changed = read.state === 'present' && (read.vault.leaseUntil !== leaseUntil || read.vault.enrolAgain);
    if (changed) this.ring.change((vault) => ({ ...vault, leaseUntil, enrolAgain: false }));
    const open = this.open;
    if (open === null || open.replica !== replica) return;
    const person = this.personOf(replica, open.person);
    const moved = JSON.stringify(person) !== JSON.stringify(open.person);
    if (moved) {
      open.person = person;
      Object.assign(open.context, { person });
    }
    if (moved || changed) this.events.emit({ event: 'vault', status: this.vault() });
  }

  private personOf(replica: Replica, user: VaultUser): VaultUser {
    const known = VaultUser.safeParse(JSON.parse(readMeta(replica.reader, 'person') ?? 'null'));
    return known.success && known.data.id === user.id ? known.data : user;
  }

  /** The centre's time as well as this machine can tell: never before the latest seen, so setting the clock back buys nothing. */
  private centreTime(replica: Replica): string {
    const offset = Number(readMeta(replica.reader, 'clock_offset') ?? '0');
    const seen = Date.parse(readMeta(replica.reader, 'clock_seen') ?? '1970-01-01T00:00:00.000Z');
    return new Date(Math.max(seen, Date.parse(this.facts.now()) + offset)).toISOString();
  }

  private leaseIsOver(replica: Replica): boolean {
    return Date.parse(this.centreTime(replica)) > Date.parse(needMeta(replica.reader, 'lease_until'));
  }

  private checkLease(): void {
    const open = this.open;
    if (open === null || !this.leaseIsOver(open.replica)) return;
    this.facts.log('warn', 'lease.over');
    void this.lock();
  }

  private async closeReplica(why: string): Promise<void> {
    const open = this.open;
    if (open === null) return;
    this.open = null;
    if (this.leaseTimer !== null) clearInterval(this.leaseTimer);
    this.events.flush();
    await open.exchange.stop();
    try {
      open.replica.transaction((writer) => {
        writeMeta(writer, 'clock_seen', this.centreTime(open.replica));
        addAudit(writer, this.facts.now(), open.person.id, { action: 'vault.lock', detail: why });
      });
      await this.copyIfDue(open.replica);
    } catch (error) {
      // Locking must not fail for want of space: the key goes all the same.
      if (!(error instanceof ReplicaFull) && !isDiskFull(error)) throw error;
      this.facts.log('error', 'disk.full', { at: 'lock' });
    } finally {
      open.replica.close();
      this.events.emit({ event: 'vault', status: this.vault() });
    }
  }

  /** One encrypted copy a day, made when nobody is working. */
  private async copyIfDue(replica: Replica): Promise<void> {
    const last = readMeta(replica.reader, 'last_copy');
    const now = this.facts.now();
    if (last !== undefined && Math.abs(Date.parse(now) - Date.parse(last)) < copyEveryMillis) return;
    await replica.copy(join(this.paths.copies, 'daily.db'));
    replica.transaction((writer) => writeMeta(writer, 'last_copy', now));
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.order.then(work, work);
    this.order = done.catch(() => undefined);
    return done;
  }
}
