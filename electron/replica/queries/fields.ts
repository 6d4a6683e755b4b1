import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Context } from '../commands/writing.ts';
import { historyLines } from './history.ts';

const mostLines = 200;

export const fieldQueries = {
  'fields.history': (context: Context, input: ParsedInput<'fields.history'>): CallOutput<'fields.history'> =>
    historyLines(context, input.entity, input.rowId, input.field, mostLines),
};
