import type { CallName, CallOutput, ParsedInput } from '../../shared/contract/calls.ts';
import { attachmentCommands } from './commands/attachments.ts';
import { conflictCommands } from './commands/conflicts.ts';
import { fieldCommands } from './commands/fields.ts';
import { proposalCommands } from './commands/proposals.ts';
import { visitCommands } from './commands/visits.ts';
import type { Context } from './commands/writing.ts';
import { attachmentQueries } from './queries/attachments.ts';
import { conflictQueries } from './queries/conflicts.ts';
import { fieldQueries } from './queries/fields.ts';
import { householdQueries } from './queries/households.ts';
import { proposalQueries } from './queries/proposals.ts';
import { residentQueries } from './queries/residents.ts';
import { searchQueries } from './queries/search.ts';
import { todayQueries } from './queries/today.ts';
import { visitQueries } from './queries/visits.ts';

/** Answers one call for the person who is unlocked. Gets what the contract's schema returned, never the raw message. */
export type Handler<N extends CallName> = (
  context: Context,
  input: ParsedInput<N>,
) => CallOutput<N> | Promise<CallOutput<N>>;

/** Calls about keys, the exchange, settings and the machine; the others are a worker's day. */
export type StationCall = Extract<CallName, `${'vault' | 'sync' | 'settings' | 'device' | 'audit'}.${string}`>;

/** A worker's day: visits, changes, people, disputes. */
export const useCases: { readonly [N in Exclude<CallName, StationCall>]: Handler<N> } = {
  ...todayQueries,
  ...visitQueries,
  ...visitCommands,
  ...attachmentQueries,
  ...attachmentCommands,
  ...proposalQueries,
  ...proposalCommands,
  ...residentQueries,
  ...householdQueries,
  ...searchQueries,
  ...fieldQueries,
  ...fieldCommands,
  ...conflictQueries,
  ...conflictCommands,
};
