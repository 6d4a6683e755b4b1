import { performance } from 'node:perf_hooks';
import type { SyncProblem, SyncStatus } from '../../../shared/contract/views.ts';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Log } from '../log.ts';
import { ReplicaFull, type Replica } from '../store/database.ts';
import { needMeta, readMeta, writeMeta, type MetaKey } from '../store/meta.ts';
import { countWaiting } from '../store/outbox.ts';
import { isDiskFull } from '../store/sqlite.ts';
import { heldAreas } from '../store/areas.ts';
import { clearIfOutdated } from '../store/search-index.ts';
import { readSyncState, type SyncState } from '../store/sync-state.ts';
import { pauseMillis } from './back-off.ts';
import { fetchContent, sendFiles } from './files.ts';
import { GatewayClient, type Trouble } from './gateway-client.ts';
import { pullAll } from './pull.ts';
import { pushAll } from './push.ts';
import { applyScope } from './scope.ts';
import { openSession } from './session.ts';
import { indexArea, loadAreas } from './snapshot.ts';
import { breathe, type Turn } from './turn.ts';

export interface ExchangeFacts {
  readonly appVersion: string;
  readonly log: Log;
  now(): string;
  newId(): string;
  readonly random: () => number;
  /** Off in tests that take each turn themselves. */
  readonly automatic: boolean;
  onStatus(status: SyncStatus): void;
  onChanged(entities: ReadonlySet<EntityName>): void;
  /** The centre will not have this device any more: a person has to enrol it anew. */
  onEnrolAgain(): void;
  /** A session brought a new lease or person. */
  onSession(): void;
}

const everyMillis = 30_000;
const soonMillis = 400;
const statusEveryMillis = 100;

/** Why a turn ended early and what follows from it. */
interface Setback {
  readonly problem: SyncProblem;
  readonly retryAfterMillis: number | null;
  /** No further turn by itself. */
  readonly final: boolean;
}

/** The exchange with the centre while the replica is open: turns of push, load, pull and files, one at a time. */
export class Exchange {
  private readonly replica: Replica;
  private readonly facts: ExchangeFacts;
  private readonly abort = new AbortController();
  private readonly client: GatewayClient;
  private readonly startBytes: { readonly up: number; readonly down: number; readonly rows: number };
  private rows = 0;
  private phase: SyncStatus['phase'] = 'idle';
  private online = false;
  private problem: SyncProblem | null;
  private nextTry: string | null = null;
  private paused: boolean;
  private failures = 0;
  /** When the token is over, by a clock that nobody can set. */
  private tokenOver = 0;
  /** False while a session was opened whose areas nobody has looked at. */
  private scopeKnown = false;
  private turn: Promise<void> | null = null;
  private indexing: Promise<void> | null = null;
  private again = false;
  private timer: NodeJS.Timeout | null = null;
  private statusTimer: NodeJS.Timeout | null = null;
  private readonly finalProblem: () => boolean;

  constructor(replica: Replica, paused: boolean, facts: ExchangeFacts) {
    this.replica = replica;
    this.facts = facts;
    this.paused = paused;
    this.client = new GatewayClient(needMeta(replica.reader, 'gateway'), this.abort.signal);
    const count = (key: MetaKey): number => Number(readMeta(replica.reader, key) ?? '0');
    this.startBytes = { up: count('bytes_up'), down: count('bytes_down'), rows: count('rows_pulled') };
    const kept = readMeta(replica.reader, 'problem');
    this.problem = kept === 'device.revoked' || kept === 'device.forked' ? kept : null;
    this.finalProblem = () => this.problem === 'device.revoked' || this.problem === 'device.forked';
  }

  start(): void {
    if (this.replica.transaction((writer) => clearIfOutdated(writer))) this.indexing = this.indexAnew();
    if (this.facts.automatic) this.plan(0);
  }

  /** After an upgrade that cuts search tokens differently; search finds more and more while it goes on. */
  private async indexAnew(): Promise<void> {
    const stopped = (): boolean => this.abort.signal.aborted;
    for (const area of heldAreas(this.replica.reader))
      if (area.state === 'whole') await indexArea(this.replica, area.code, { stopped, breathe });
    this.facts.log('info', 'search.indexed-anew');
  }

  /** A command has written: send it soon, together with what follows at once. */
  written(): void {
    this.announce();
    if (this.facts.automatic && this.failures === 0) this.plan(soonMillis);
  }

  now(): void {
    if (!this.paused) void this.takeTurn();
  }

  pause(paused: boolean): void {
    this.paused = paused;
    if (paused && this.timer !== null) clearTimeout(this.timer);
    if (!paused) this.plan(0);
    this.announce();
  }

  status(): SyncStatus {
    const state: SyncState = readSyncState(this.replica.reader);
    const { bytesUp, bytesDown } = this.client.http;
    return {
      ...state,
      phase: this.paused && this.turn === null ? 'paused' : this.phase,
      online: this.online,
      nextTry: this.nextTry,
      bytesUp: this.startBytes.up + bytesUp,
      bytesDown: this.startBytes.down + bytesDown,
      rowsPulled: this.startBytes.rows + this.rows,
      problem: this.problem,
    };
  }

  /** One whole turn; joins the one under way. Resolves when it is over, however it ended. */
  takeTurn(): Promise<void> {
    if (this.turn !== null) {
      this.again = true;
      return this.turn;
    }
    if (this.abort.signal.aborted || this.finalProblem()) return Promise.resolve();
    if (this.timer !== null) clearTimeout(this.timer);
    this.nextTry = null;
    this.turn = this.run().finally(() => {
      this.turn = null;
    });
    return this.turn;
  }

  /** Only opens a session, to renew a lease that is over; true when that worked. */
  async renew(): Promise<boolean> {
    return (await this.connect(this.steps(), false)) === null;
  }

  async fetch(sha256: string, mime: string): Promise<boolean> {
    if (this.tokenIsOver() && (await this.connect(this.steps(), false)) !== null) return false;
    const fetched = await fetchContent(this.replica, this.client, sha256, mime);
    if (fetched) this.facts.onChanged(new Set(['attachment']));
    return fetched;
  }

  /** Ends the exchange: what is under way stops at its next safe place. */
  async stop(): Promise<void> {
    this.abort.abort();
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.statusTimer !== null) clearTimeout(this.statusTimer);
    await this.turn;
    await this.indexing;
    this.client.http.close();
  }

  private async run(): Promise<void> {
    const steps = this.steps();
    let setback: Setback | null;
    do {
      this.again = false;
      setback = await this.attempt(steps);
    } while (this.wasAskedAgain() && setback === null && !steps.stopped());
    this.phase = 'idle';
    if (this.abort.signal.aborted) return;
    try {
      this.settle(setback);
    } catch (error) {
      // How the turn ended could not be noted; the next one will see to it.
      if (!(error instanceof ReplicaFull) && !isDiskFull(error)) throw error;
      this.problem = 'disk.full';
      this.failures += 1;
    }
    this.plan(setback === null ? everyMillis * (0.9 + 0.2 * this.facts.random()) : null, setback);
    this.announce();
  }

  private wasAskedAgain(): boolean {
    return this.again;
  }

  private async attempt(steps: Turn): Promise<Setback | null> {
    try {
      let trouble = await this.exchange(steps);
      // A token may end in the middle of a turn: once more with a new one.
      if (trouble?.kind === 'refused' && (trouble.code.startsWith('token.') || trouble.code === 'scope.outside')) {
        this.tokenOver = 0;
        trouble = await this.exchange(steps);
      }
      return trouble === null ? null : this.setback(trouble);
    } catch (error) {
      if (this.abort.signal.aborted) return null;
      if (error instanceof ReplicaFull) return { problem: 'disk.full', retryAfterMillis: null, final: false };
      const name = error instanceof Error ? error.name : 'unknown';
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'none';
      this.facts.log('error', 'sync.failed', { name, code });
      return { problem: 'unavailable', retryAfterMillis: null, final: false };
    }
  }

  private async exchange(steps: Turn): Promise<Trouble | null> {
    if (this.tokenIsOver() || !this.scopeKnown) {
      const trouble = await this.connect(steps, true);
      if (trouble !== null) return trouble;
    }
    // Unsent work goes first: whatever else fails, it is at the centre.
    const pushed = await pushAll(this.replica, this.client, steps);
    if (pushed !== null) return pushed;
    for (let round = 0; round < 5; round += 1) {
      const loaded = await loadAreas(this.replica, this.client, steps);
      if (loaded !== null) return loaded;
      const { trouble, scopeChanged } = await pullAll(this.replica, this.client, steps);
      if (trouble !== null) return trouble;
      // A token outlives a gap in coverage, so a turn may never connect: an answer is what shows the network is back.
      if (!steps.stopped()) this.online = true;
      if (scopeChanged) {
        const refused = await this.connect(steps, true);
        if (refused !== null) return refused;
      } else if (readSyncState(this.replica.reader).load.complete) break;
      if (steps.stopped()) return null;
    }
    if (countWaiting(this.replica.reader) > 0) {
      const late = await pushAll(this.replica, this.client, steps);
      if (late !== null) return late;
    }
    return sendFiles(this.replica, this.client, steps);
  }

  private async connect(steps: Turn, scope: boolean): Promise<Trouble | null> {
    steps.phase('connecting');
    const answer = await openSession(this.replica, this.client, this.facts);
    if (!answer.ok) return answer.trouble;
    const { expiresAt, now, areas } = answer.value;
    const lifeMillis = Math.max(30_000, Date.parse(expiresAt) - Date.parse(now));
    this.tokenOver = performance.now() + lifeMillis - 20_000;
    this.online = true;
    this.facts.onSession();
    this.scopeKnown = scope;
    if (scope) await applyScope(this.replica, areas, steps);
    return null;
  }

  private readonly tokenIsOver = (): boolean => performance.now() >= this.tokenOver;

  private setback(trouble: Trouble): Setback {
    const wait = (problem: SyncProblem, retryAfterMillis: number | null = null): Setback => ({
      problem,
      retryAfterMillis,
      final: false,
    });
    switch (trouble.kind) {
      case 'offline':
        return wait('offline');
      case 'unavailable':
        return wait('unavailable', trouble.retryAfterMillis);
      case 'strange':
        this.facts.log('warn', 'sync.strange-answer', { status: trouble.status });
        return wait('unavailable');
      case 'refused':
        this.facts.log('warn', 'sync.refused', { code: trouble.code });
        if (trouble.code === 'device.revoked' || trouble.code === 'device.forked')
          return { problem: trouble.code, retryAfterMillis: null, final: true };
        if (trouble.code === 'schema.too-old') return wait('schema.too-old', 600_000);
        return wait('refused');
    }
  }

  /** Remembers how the turn ended, for people and for the next start. */
  private settle(setback: Setback | null): void {
    this.problem = setback?.problem ?? null;
    this.failures = setback === null ? 0 : this.failures + 1;
    if (setback !== null) this.online = setback.problem !== 'offline' && setback.problem !== 'unavailable';
    if (setback?.problem === 'disk.full') return;
    const { bytesUp, bytesDown } = this.client.http;
    this.replica.transaction((writer) => {
      writeMeta(writer, 'bytes_up', String(this.startBytes.up + bytesUp));
      writeMeta(writer, 'bytes_down', String(this.startBytes.down + bytesDown));
      writeMeta(writer, 'rows_pulled', String(this.startBytes.rows + this.rows));
      if (setback === null && !this.paused) writeMeta(writer, 'last_success', this.facts.now());
      if (setback?.final === true) writeMeta(writer, 'problem', setback.problem);
    });
    if (setback?.final === true) this.facts.onEnrolAgain();
  }

  private plan(millis: number | null, setback: Setback | null = null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (!this.facts.automatic || this.paused || this.abort.signal.aborted || this.finalProblem()) return;
    const pause = millis ?? pauseMillis(this.failures, this.facts.random, setback?.retryAfterMillis ?? null);
    this.nextTry = new Date(Date.parse(this.facts.now()) + pause).toISOString();
    this.timer = setTimeout(() => void this.takeTurn(), pause);
  }

  private steps(): Turn {
    return {
      log: this.facts.log,
      now: () => this.facts.now(),
      newId: () => this.facts.newId(),
      stopped: () => this.abort.signal.aborted || this.paused,
      phase: (phase) => {
        this.phase = phase;
        this.announce();
      },
      changed: (entities) => {
        if (entities.size > 0) this.facts.onChanged(entities);
        this.announce();
      },
      pulled: (rows) => {
        this.rows += rows;
      },
      breathe,
    };
  }

  /** At most ten times a second, the last state always. */
  private announce(): void {
    if (this.statusTimer !== null || this.abort.signal.aborted) return;
    this.statusTimer = setTimeout(() => {
      this.statusTimer = null;
      if (!this.abort.signal.aborted) this.facts.onStatus(this.status());
    }, statusEveryMillis);
  }
}
