import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Context } from '../commands/writing.ts';
import { linesById } from '../store/residents.ts';
import { findResidents } from '../store/search-index.ts';
import { residentLine } from './residents.ts';

function find(context: Context, input: ParsedInput<'search.find'>): CallOutput<'search.find'> {
  if (input.text.trim() === '') return { hits: [], more: false };
  const ids = findResidents(context.reader, input.text, input.limit + 1);
  const today = context.today();
  const rows = linesById(context.reader, ids.slice(0, input.limit), today);
  return { hits: rows.map((row) => residentLine(row, today)), more: ids.length > input.limit };
}

export const searchQueries = { 'search.find': find };
