import type { Author } from '../../../shared/contract/views.ts';
import type { Reader } from './database.ts';
import { selectOne } from './decoding.ts';

/**
 * Who wrote something, by name. The product itself and departments' feeds are no persons: their name is empty, and the
 * window words them by the source.
 */
export function authorOf(reader: Reader, id: string, self: string): Author {
  const worker = selectOne<{ name: string | null }>(reader, 'SELECT name FROM worker WHERE id = ?', id);
  return { id, name: worker?.name ?? '', self: id === self };
}
