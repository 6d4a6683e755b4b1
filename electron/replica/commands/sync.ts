import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { fail, ok } from '../../../shared/result.ts';
import { readRow } from '../store/entity-table.ts';
import { findEntry, rejectedOf, setAside, type OutboxEntry } from '../store/outbox.ts';
import type { Change, Context } from './writing.ts';

function rejected(context: Context, id: string): OutboxEntry | 'unknown' | 'not-rejected' {
  const entry = findEntry(context.reader, id);
  if (entry === undefined) return 'unknown';
  return entry.state === 'answered' && entry.result === 'rejected' ? entry : 'not-rejected';
}

/**
 * A refused change is made once more, as a new change on top of what is known now; the refused one is set aside. What belonged
 * to it (one call's changes are taken or refused together) goes along.
 */
function resend(context: Context, input: ParsedInput<'sync.resend'>): CallOutput<'sync.resend'> {
  const entry = rejected(context, input.deltaId);
  if (entry === 'unknown') return fail('delta.unknown', 'reload');
  if (entry === 'not-rejected') return fail('delta.not-rejected', 'reload');
  const together = rejectedOf(context.reader, entry.delta.txn);
  const changes = together.flatMap(({ delta }): Change[] => {
    const held = readRow(context.reader, delta.entity, delta.row);
    // An edit of a row that is not here any more has nothing to be made on: it stays set aside with its content.
    if (held === undefined && delta.op !== 'create') return [];
    const fields = Object.fromEntries(Object.entries(delta.fields).map(([name, change]) => [name, change.value]));
    const { entity, row, op, area, source, reason } = delta;
    return [{ entity, row, op, area, fields, source, reason }];
  });
  return ok(
    context.write(changes, { action: 'sync.resend', subject: input.deltaId }, (writer) => {
      for (const { delta } of together) setAside(writer, delta.id);
    }),
  );
}

function putAside(context: Context, input: ParsedInput<'sync.setAside'>): CallOutput<'sync.setAside'> {
  const entry = rejected(context, input.deltaId);
  if (entry === 'unknown') return fail('delta.unknown', 'reload');
  if (entry === 'not-rejected') return fail('delta.not-rejected', 'reload');
  return ok(
    context.write([], { action: 'sync.set-aside', subject: input.deltaId }, (writer) =>
      setAside(writer, input.deltaId),
    ),
  );
}

export const syncCommands = {
  'sync.now': (context: Context): CallOutput<'sync.now'> => {
    context.station.syncNow();
    return {};
  },
  'sync.pause': (context: Context, input: ParsedInput<'sync.pause'>): CallOutput<'sync.pause'> => {
    context.station.pauseSync(input.paused);
    return {};
  },
  'sync.resend': resend,
  'sync.setAside': putAside,
};
