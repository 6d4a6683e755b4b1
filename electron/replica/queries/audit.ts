import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Context } from '../commands/writing.ts';
import { listAudit } from '../store/audit.ts';

export const auditQueries = {
  'audit.list': (context: Context, input: ParsedInput<'audit.list'>): CallOutput<'audit.list'> =>
    listAudit(context.reader, input.limit).map((line) => ({ ...line })),
};
