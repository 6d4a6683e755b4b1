import { z } from 'zod';
import { entityNames, type EntityName } from '../domain/entities.ts';
import { SyncStatus, VaultStatus } from './views.ts';

/*
 * Messages on the port between the window and the replica service. Main hands the port out once and sees none of it.
 */

/** Window to service. */
export const Request = z.strictObject({ id: z.int().positive(), name: z.string().max(64), input: z.unknown() });
export type Request = z.infer<typeof Request>;

/** Service to window, one for each request. `refused`: a bug or an attack, never an expected failure. */
export const Reply = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), id: z.int(), output: z.unknown() }),
  z.strictObject({
    kind: z.literal('refused'),
    id: z.int(),
    code: z.enum(['call.unknown', 'call.malformed', 'call.forbidden', 'call.locked', 'call.failed']),
    /** Log line to look for; never personal data. */
    trace: z.string().max(64),
  }),
]);
export type Reply = z.infer<typeof Reply>;

/** Service to window, unasked: what to refresh. */
export const ServiceEvent = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('changed'),
    entities: z.array(z.enum(entityNames as [EntityName, ...EntityName[]])),
  }),
  z.strictObject({ event: z.literal('sync'), status: SyncStatus }),
  z.strictObject({ event: z.literal('vault'), status: VaultStatus }),
]);
export type ServiceEvent = z.infer<typeof ServiceEvent>;

export const FromService = z.union([Reply, ServiceEvent]);

/**
 * What the preload puts on the window as `window.doorstep`. It knows nothing but call names and bytes in and out;
 * `renderer/app/client.ts` is its only user.
 */
export interface Bridge {
  /** Asks the replica service. Resolves with the parsed output; rejects with an Error whose message is a `refused` code. */
  ask(name: string, input: unknown): Promise<unknown>;
  /** Subscribes to service events; returns the function that ends the subscription. */
  subscribe(listener: (event: ServiceEvent) => void): () => void;
  /** The service died or came back: `down` while it is restarted. */
  onService(listener: (state: 'up' | 'down') => void): () => void;
  /** Facts that main knows: never secrets. */
  readonly facts: {
    readonly gateway: string | null;
    readonly demoCodes: readonly { readonly user: string; readonly name: string; readonly code: string }[];
    readonly platform: string;
  };
}

/** Messages between main and the replica service on the process port (not the window's). */
export const MainToService = z.discriminatedUnion('kind', [
  /** Comes with one transferred MessagePort: a window's. */
  z.strictObject({ kind: z.literal('window') }),
  z.strictObject({ kind: z.literal('lock'), why: z.enum(['idle', 'sleep', 'demand', 'quit']) }),
  z.strictObject({ kind: z.literal('stop') }),
]);
export type MainToService = z.infer<typeof MainToService>;
export const ServiceToMain = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('idle-minutes'), minutes: z.int().min(1).max(120) }),
  z.strictObject({ kind: z.literal('stopped') }),
  z.strictObject({
    kind: z.literal('log'),
    level: z.enum(['info', 'warn', 'error']),
    event: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
]);
export type ServiceToMain = z.infer<typeof ServiceToMain>;
