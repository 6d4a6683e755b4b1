import { contextBridge, ipcRenderer } from 'electron';
import { isCallName } from '../../shared/contract/calls.ts';
import { FromService, type Bridge, type ServiceEvent } from '../../shared/contract/port.ts';

/*
 * The one bridge. It holds the port so that the page never does: the page can name a call of the contract and
 * nothing else.
 */

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
const listeners = new Set<(event: ServiceEvent) => void>();
const serviceListeners = new Set<(state: 'up' | 'down') => void>();
let port: MessagePort | null = null;
let connecting: Promise<MessagePort> | null = null;
let nextId = 1;

function connect(): Promise<MessagePort> {
  if (port !== null) return Promise.resolve(port);
  connecting ??= new Promise<MessagePort>((resolve, reject) => {
    const nonce = crypto.randomUUID();
    const take = (event: Electron.IpcRendererEvent, answered: unknown): void => {
      const [received] = event.ports;
      if (answered !== nonce || received === undefined) return;
      ipcRenderer.off('doorstep:port', take);
      received.onmessage = (message: MessageEvent<unknown>) => hear(message.data);
      port = received;
      connecting = null;
      resolve(received);
    };
    ipcRenderer.on('doorstep:port', take);
    ipcRenderer.invoke('doorstep:port', nonce).catch((error: unknown) => {
      connecting = null;
      reject(error instanceof Error ? error : new Error('port.refused'));
    });
  });
  return connecting;
}

function hear(raw: unknown): void {
  const parsed = FromService.safeParse(raw);
  if (!parsed.success) return;
  const message = parsed.data;
  if ('event' in message) {
    for (const listener of listeners) listener(message);
    return;
  }
  const asked = waiting.get(message.id);
  if (asked === undefined) return;
  waiting.delete(message.id);
  if (message.kind === 'answer') asked.resolve(message.output);
  else asked.reject(new Error(message.code));
}

/** The service is gone: whoever waits is told, since a command may or may not have been written. */
function drop(): void {
  port?.close();
  port = null;
  for (const asked of waiting.values()) asked.reject(new Error('service.down'));
  waiting.clear();
}

ipcRenderer.on('doorstep:service', (_event, state: unknown) => {
  if (state !== 'up' && state !== 'down') return;
  if (state === 'down') drop();
  else void connect();
  for (const listener of serviceListeners) listener(state);
});

function readFacts(): Bridge['facts'] {
  const prefix = '--doorstep-facts=';
  const argument = process.argv.find((text) => text.startsWith(prefix));
  const bytes = Uint8Array.from(atob(argument?.slice(prefix.length) ?? ''), (unit) => unit.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Bridge['facts'];
}

const bridge: Bridge = {
  async ask(name, input) {
    if (!isCallName(name)) throw new Error('call.unknown');
    const open = await connect();
    return new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      open.postMessage({ id, name, input });
    });
  },
  subscribe(listener) {
    listeners.add(listener);
    void connect();
    return () => listeners.delete(listener);
  },
  onService(listener) {
    serviceListeners.add(listener);
    return () => serviceListeners.delete(listener);
  },
  facts: readFacts(),
};

const usedEveryMillis = 5_000;
let lastTold = Number.NEGATIVE_INFINITY;
/** Tells main that somebody is there, so that the idle lock waits. */
function tellUse(): void {
  if (performance.now() - lastTold < usedEveryMillis) return;
  lastTold = performance.now();
  ipcRenderer.send('doorstep:used');
}
for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
  window.addEventListener(name, tellUse, { capture: true, passive: true });

contextBridge.exposeInMainWorld('doorstep', bridge);
