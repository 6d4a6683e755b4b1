import { randomUUID } from 'node:crypto';
import { calls, isCallName, type CallName } from '../../shared/contract/calls.ts';
import { Request, type Reply } from '../../shared/contract/port.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { fail } from '../../shared/result.ts';
import type { Context } from './commands/writing.ts';
import type { Handler } from './handlers.ts';
import type { Log } from './log.ts';
import type { Station } from './station.ts';
import { ReplicaFull } from './store/database.ts';

/** Every call of the contract has its handler, with the types of its name. */
export type Handlers = { readonly [N in CallName]: Handler<N> };

/** What the reader of the port needs to answer. */
export interface Desk {
  readonly handlers: Handlers;
  readonly station: Station;
  readonly log: Log;
  /** The context of the person who is unlocked, or null. */
  context(): Context | null;
}

type Refusal = Extract<Reply, { kind: 'refused' }>['code'];

/**
 * The only reader of a window's port: envelope, name, role, input, handler, output. An unknown name, a wrong shape or a
 * forbidden call is a bug or an attack: refused with a trace to look for in the log, where no value is written.
 */
export async function answer(desk: Desk, message: unknown): Promise<Reply> {
  const envelope = Request.safeParse(message);
  if (!envelope.success) return refuse(desk, 0, 'none', 'call.malformed');
  const { id, name, input } = envelope.data;
  if (!isCallName(name)) return refuse(desk, id, 'unknown', 'call.unknown');
  const call = calls[name];
  const context = contextFor(desk, name, call.roles);
  if (typeof context === 'string') return refuse(desk, id, name, context);
  const parsed = call.input.safeParse(input);
  if (!parsed.success) return refuse(desk, id, name, 'call.malformed');
  // `Handlers` ties each name to its types; here the name is known only at run time, and both ends are parsed.
  const handle = desk.handlers[name] as (context: Context, input: unknown) => unknown;
  try {
    const output = call.output.safeParse(await handle(context, parsed.data));
    if (output.success) return { kind: 'answer', id, output: output.data };
    const places = output.error.issues.map((issue) => issue.path.join('.')).slice(0, 3);
    return refuse(desk, id, name, 'call.failed', { wrong: 'output', places: places.join(' ') });
  } catch (error) {
    if (error instanceof ReplicaFull) {
      const full = call.output.safeParse(fail('disk.full', 'free-space'));
      if (full.success) return { kind: 'answer', id, output: full.data };
    }
    return refuse(desk, id, name, 'call.failed', factsOf(error));
  }
}

/** The context a call gets, or why it gets none. */
function contextFor(desk: Desk, name: CallName, roles: readonly Role[] | 'anyone'): Context | Refusal {
  // Nothing but `station` is there before a person has unlocked; a handler of such a call may touch nothing else.
  if (roles === 'anyone') return { station: desk.station } as Context;
  const context = desk.context();
  if (context === null) return 'call.locked';
  if (!roles.includes(context.person.role)) {
    desk.log('warn', 'call.forbidden', { name, role: context.person.role });
    return 'call.forbidden';
  }
  return context;
}

/** An error's kind and place, without its message: that may hold values. */
function factsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { error: 'no error object' };
  const place = error.stack?.split('\n').find((line) => line.trim().startsWith('at ')) ?? '';
  return {
    error: error.name,
    place: place.trim().slice(0, 160),
    ...('code' in error ? { code: String(error.code) } : {}),
  };
}

function refuse(
  desk: Desk,
  id: number,
  name: string,
  code: Refusal,
  facts: Readonly<Record<string, string>> = {},
): Reply {
  const trace = randomUUID();
  desk.log(code === 'call.failed' ? 'error' : 'warn', code, { name, trace, ...facts });
  return { kind: 'refused', id, code, trace };
}
