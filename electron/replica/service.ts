import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '../../shared/contract/calls.ts';
import type { Reply, ServiceEvent } from '../../shared/contract/port.ts';
import { scryptCost } from './crypto/password-slot.ts';
import { answer, type Desk, type Handlers } from './answer.ts';
import type { Context } from './commands/writing.ts';
import { Events } from './events.ts';
import { useCases } from './handlers.ts';
import { silent, type Log } from './log.ts';
import { stationHandlers } from './station-handlers.ts';
import { StationService, type StationFacts } from './station-service.ts';

export interface ServiceFacts extends Partial<Omit<StationFacts, 'dataDir' | 'log'>> {
  readonly dataDir: string;
  readonly log?: Log;
  onIdleMinutes?(minutes: number): void;
}

/** The replica service without any process around it: usable in tests as it is in Electron. */
export interface Service {
  /** Answers one message of a window's port. */
  answer(message: unknown): Promise<Reply>;
  /** Asks as a window would. Throws with the code when the call is refused. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  subscribe(listener: (event: ServiceEvent) => void): () => void;
  /** One whole turn of the exchange with the centre; resolves when it is over, however it ended. */
  takeTurn(): Promise<void>;
  /** The unlocked person's context, for tests that look beneath the calls. */
  context(): Context | null;
  lock(): Promise<void>;
  readonly idleMinutes: number;
  close(): Promise<void>;
}

/** Where the steps of the schema are when nobody says: beside this repository's sources. */
const ownMigrations = join(import.meta.dirname, '..', '..', 'migrations', 'replica');

const handlers: Handlers = { ...useCases, ...stationHandlers };

export function createService(facts: ServiceFacts): Service {
  const log = facts.log ?? silent;
  const events = new Events();
  const station = new StationService(
    {
      migrationsDir: ownMigrations,
      appVersion: '0.0.0',
      electronVersion: 'none',
      now: () => new Date().toISOString(),
      newId: () => randomUUID(),
      random: () => Math.random(),
      automatic: true,
      scryptCost,
      ...facts,
      log,
    },
    events,
    (minutes) => facts.onIdleMinutes?.(minutes),
  );
  const desk: Desk = { handlers, station, log, context: () => station.context() };
  let count = 0;
  return {
    answer: (message) => answer(desk, message),
    call: async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => {
      count += 1;
      const reply = await answer(desk, { id: count, name, input });
      if (reply.kind === 'refused') throw new Error(reply.code);
      // The reply was parsed by the output schema of this very name.
      return reply.output as CallOutput<N>;
    },
    subscribe: (listener) => events.subscribe(listener),
    takeTurn: () => station.takeTurn(),
    context: () => station.context(),
    lock: async () => {
      await station.lock();
    },
    get idleMinutes() {
      return station.settings().idleLockMinutes;
    },
    close: async () => {
      await station.lock();
    },
  };
}
