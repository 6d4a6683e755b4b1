import { existsSync } from 'node:fs';
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { ServiceToMain, type MainToService } from '../../shared/contract/port.ts';
import type { Log } from './log.ts';

export interface ServicePaths {
  readonly entry: string;
  readonly dataDir: string;
  readonly migrationsDir: string;
  readonly appVersion: string;
}

const backoffMillis = [200, 1_000, 5_000, 15_000] as const;
const healthyMillis = 60_000;

/**
 * Keeps the replica service running: starts it with a scrubbed environment, restarts it after a crash with growing
 * pauses, hands each window its own port, and ends it gently before it ends it hard.
 */
export class ReplicaService {
  private child: UtilityProcess | null = null;
  private ready = false;
  private stopping = false;
  private crashes = 0;
  private startedAt = 0;
  private waiting: MessagePortMain[] = [];
  private readonly paths: ServicePaths;
  private readonly log: Log;
  private readonly onState: (state: 'up' | 'down') => void;
  private readonly onIdleMinutes: (minutes: number) => void;

  constructor(
    paths: ServicePaths,
    log: Log,
    onState: (state: 'up' | 'down') => void,
    onIdleMinutes: (minutes: number) => void,
  ) {
    this.paths = paths;
    this.log = log;
    this.onState = onState;
    this.onIdleMinutes = onIdleMinutes;
  }

  /** Process id of the running service, for the supervisor's own tests and the device page. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    if (!existsSync(this.paths.entry)) throw new Error(`replica service is missing: ${this.paths.entry}`);
    const { dataDir, migrationsDir, appVersion } = this.paths;
    const child = utilityProcess.fork(
      this.paths.entry,
      [`--data=${dataDir}`, `--migrations=${migrationsDir}`, `--app-version=${appVersion}`],
      { serviceName: 'Doorstep replica', stdio: ['ignore', 'pipe', 'pipe'], env: scrubbedEnvironment() },
    );
    this.child = child;
    this.ready = false;
    this.startedAt = Date.now();
    child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    child.on('message', (message: unknown) => this.hear(message));
    child.on('exit', (code) => this.ended(code));
    this.log.write('info', 'service.started', { attempt: this.crashes });
  }

  /** A port to the service for one window. Until the service is ready the other end waits for it. */
  connect(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    if (this.ready) this.send({ kind: 'window' }, [port2]);
    else this.waiting.push(port2);
    return port1;
  }

  lock(why: 'idle' | 'sleep' | 'demand' | 'quit'): void {
    if (this.ready) this.send({ kind: 'lock', why });
  }

  /** Asks the service to finish its work, waits up to `graceMillis`, then kills it. */
  async stop(graceMillis = 4_000): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => child.kill(), graceMillis);
    await gone;
    clearTimeout(timer);
  }

  private send(message: MainToService, ports: MessagePortMain[] = []): void {
    this.child?.postMessage(message, ports);
  }

  private hear(raw: unknown): void {
    const parsed = ServiceToMain.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        for (const port of this.waiting.splice(0)) this.send({ kind: 'window' }, [port]);
        this.log.write('info', 'service.ready', { millis: Date.now() - this.startedAt });
        this.onState('up');
        break;
      case 'idle-minutes':
        this.onIdleMinutes(message.minutes);
        break;
      case 'log':
        this.log.write(message.level, 'service.log', { ...message.facts, what: message.event });
        break;
      case 'stopped':
        break;
    }
  }

  private ended(code: number): void {
    this.child = null;
    this.ready = false;
    this.waiting = [];
    this.log.write(this.stopping ? 'info' : 'error', 'service.ended', { code, asked: this.stopping });
    if (this.stopping) return;
    this.onState('down');
    if (Date.now() - this.startedAt > healthyMillis) this.crashes = 0;
    const pause = backoffMillis[Math.min(this.crashes, backoffMillis.length - 1)] ?? 15_000;
    this.crashes += 1;
    this.log.write('warn', 'service.restarting', { pauseMillis: pause });
    setTimeout(() => {
      if (!this.stopping) this.start();
    }, pause);
  }
}

/** Only what the service needs: no inherited tokens, proxies or Node options. */
function scrubbedEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['DOORSTEP_SQLITE_BINDING', 'LANG', 'TZ', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  return kept;
}
