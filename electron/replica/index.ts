import { MainToService, type ServiceToMain } from '../../shared/contract/port.ts';
import type { Log } from './log.ts';
import { createService } from './service.ts';

/** The end of a window's port that Electron hands to a utility process. */
interface WindowPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}

/** Electron's `process.parentPort`. */
interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly WindowPort[] }) => void,
  ): void;
  postMessage(message: ServiceToMain): void;
}

function parentPort(): ParentPort {
  const candidate: unknown = Reflect.get(process, 'parentPort');
  if (typeof candidate !== 'object' || candidate === null) throw new Error('this is a service of the desktop app');
  // Electron's own object; its types belong to Electron, which this room does not import.
  return candidate as ParentPort;
}

/** `--name=value` from the command line. Paths and versions only: no secret ever travels here. */
function argument(name: string): string {
  const prefix = `--${name}=`;
  const found = process.argv.find((text) => text.startsWith(prefix));
  if (found === undefined) throw new Error(`missing ${prefix}`);
  return found.slice(prefix.length);
}

/** Node's types know no Electron in `versions`. */
function electronVersion(): string {
  const version: unknown = Reflect.get(process.versions, 'electron');
  return typeof version === 'string' ? version : 'none';
}

const main = parentPort();
const log: Log = (level, event, facts) => main.postMessage({ kind: 'log', level, event, facts: { ...facts } });

const service = createService({
  dataDir: argument('data'),
  migrationsDir: argument('migrations'),
  appVersion: argument('app-version'),
  electronVersion: electronVersion(),
  log,
  onIdleMinutes: (minutes) => main.postMessage({ kind: 'idle-minutes', minutes }),
});

/** Answers a window until its port closes. */
function serve(port: WindowPort): void {
  const end = service.subscribe((event) => port.postMessage(event));
  port.on('message', ({ data }) => {
    void service.answer(data).then((reply) => port.postMessage(reply));
  });
  port.on('close', end);
  port.start();
}

main.on('message', ({ data, ports }) => {
  const message = MainToService.safeParse(data);
  if (!message.success) return log('warn', 'process.malformed-message');
  switch (message.data.kind) {
    case 'window':
      for (const port of ports) serve(port);
      break;
    case 'lock':
      void service.lock();
      break;
    case 'stop':
      void service.close().then(() => {
        main.postMessage({ kind: 'stopped' });
        process.exit(0);
      });
      break;
  }
});

main.postMessage({ kind: 'ready' });
main.postMessage({ kind: 'idle-minutes', minutes: service.idleMinutes });
