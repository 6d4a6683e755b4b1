import { getCurrentScope, inject, onScopeDispose, type App, type InjectionKey } from 'vue';
import { calls, type CallInput, type CallName, type CallOutput } from '../../shared/contract/calls.ts';
import type { Bridge, ServiceEvent } from '../../shared/contract/port.ts';
import type { SyncStatus, VaultStatus } from '../../shared/contract/views.ts';
import type { EntityName } from '../../shared/domain/entities.ts';
import { CallError } from '../components/call-error.ts';

/** Ends a subscription. Called for you when the component or store that subscribed goes away. */
export type Stop = () => void;

/** The only door out of the window, typed by the contract. */
export interface Client {
  /**
   * Asks the replica service. Resolves with what the contract's schema returned; a `Result` failure is a value here.
   * @throws CallError when the service refuses, is down, or answers what the contract does not allow
   */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /**
   * Runs `refresh` whenever a row of one of these entities changed. Changes that arrive while it still runs are
   * gathered into one more run, so a pull of a thousand rows does not refresh a thousand times.
   */
  onChanged(entities: readonly EntityName[], refresh: () => unknown): Stop;
  onSync(listener: (status: SyncStatus) => void): Stop;
  onVault(listener: (status: VaultStatus) => void): Stop;
  /** The service died (`down`) or is back (`up`). */
  onService(listener: (state: 'up' | 'down') => void): Stop;
  /** Facts that main knows: never secrets. */
  readonly facts: Bridge['facts'];
}

function disposedWithScope(stop: Stop): Stop {
  if (getCurrentScope() !== undefined) onScopeDispose(stop);
  return stop;
}

const refusal = /(?:call|service)\.[a-z-]+/;

/** Wraps the bridge of the preload; tests and trials pass a bridge of their own. */
export function createClient(bridge: Bridge): Client {
  const onEvent = (listener: (event: ServiceEvent) => void): Stop => disposedWithScope(bridge.subscribe(listener));

  return {
    facts: bridge.facts,

    async call(name, input) {
      let answer: unknown;
      try {
        answer = await bridge.ask(name, input);
      } catch (error) {
        const code = error instanceof Error ? refusal.exec(error.message)?.[0] : undefined;
        throw new CallError(code ?? 'call.failed', name, { cause: error });
      }
      const parsed = calls[name].output.safeParse(answer);
      if (!parsed.success) throw new CallError('call.garbled', name, { cause: parsed.error });
      return parsed.data as CallOutput<typeof name>;
    },

    onChanged(entities, refresh) {
      const wanted = new Set<EntityName>(entities);
      let running = false;
      let wanting = false;
      const run = async (): Promise<void> => {
        wanting = true;
        if (running) return;
        running = true;
        try {
          while (wanting) {
            wanting = false;
            await refresh();
          }
        } finally {
          running = false;
        }
      };
      return onEvent((event) => {
        if (event.event === 'changed' && event.entities.some((entity) => wanted.has(entity))) void run();
      });
    },

    onSync: (listener) =>
      onEvent((event) => {
        if (event.event === 'sync') listener(event.status);
      }),

    onVault: (listener) =>
      onEvent((event) => {
        if (event.event === 'vault') listener(event.status);
      }),

    onService: (listener) => disposedWithScope(bridge.onService(listener)),
  };
}

const clientKey: InjectionKey<Client> = Symbol('client');

export const installClient = (client: Client) => (app: App) => app.provide(clientKey, client);

/** The client, in a component's or store's setup. */
export function useClient(): Client {
  const client = inject(clientKey);
  if (client === undefined) throw new Error('useClient outside of the app');
  return client;
}
