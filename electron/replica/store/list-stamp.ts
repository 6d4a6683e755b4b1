import type { Reader } from './database.ts';
import { select, selectOne } from './decoding.ts';

/** What a cached list depends on. */
export type Aspect = 'place' | 'name' | 'age' | 'facts' | 'proposals';

const factFields: ReadonlySet<string> = new Set([
  'birth_date',
  'disability_category',
  'living_status',
  'death_date',
  'living_alone',
  'relief_category',
]);

/** Aspects a changed field bears on; most changes (phones, answers, notes) bear on none. */
function aspectsOf(entity: string, field: string): readonly Aspect[] {
  if (entity === 'proposal') return field === 'state' || field === 'row' ? ['proposals'] : [];
  if (entity === 'membership' || entity === 'address') return ['place', 'facts'];
  if (entity !== 'resident' && entity !== 'household') return [];
  // The row itself came or went, or lies in another area now.
  if (field === 'row' || field === 'area') return ['place', 'name', 'age', 'facts', 'proposals'];
  if (field === 'address_id') return ['place'];
  if (field === 'name') return ['name'];
  const aged: readonly Aspect[] = field === 'birth_date' ? ['age', 'place'] : [];
  return factFields.has(field) ? [...aged, 'facts'] : aged;
}

interface Seen {
  history: number;
  readonly changes: Record<Aspect, number>;
}

const seenBy = new WeakMap<Reader, Seen>();

const newestRow = {
  resident: 'SELECT MAX(rowid) AS n FROM resident',
  household: 'SELECT MAX(rowid) AS n FROM household',
  membership: 'SELECT MAX(rowid) AS n FROM membership',
  proposal: 'SELECT MAX(rowid) AS n FROM proposal',
} as const;

function latest(reader: Reader, table: keyof typeof newestRow): number {
  return selectOne<{ n: number | null }>(reader, newestRow[table])?.n ?? 0;
}

/**
 * A text that differs whenever a list that rests on these aspects may have changed. Made of what is cheap to read: the
 * newest rows, the areas' sizes, and the history lines since the last look. Lists at 100,000 residents are built in
 * some hundred milliseconds, so they must outlive the edits that do not concern them.
 */
export function stampOf(reader: Reader, aspects: readonly Aspect[]): string {
  let seen = seenBy.get(reader);
  if (seen === undefined) {
    seen = { history: 0, changes: { place: 0, name: 0, age: 0, facts: 0, proposals: 0 } };
    seenBy.set(reader, seen);
    seen.history = selectOne<{ n: number | null }>(reader, 'SELECT MAX(id) AS n FROM field_history')?.n ?? 0;
  } else {
    const lines = select<{ entity: string; field: string; last: number }>(
      reader,
      'SELECT entity, field, MAX(id) AS last FROM field_history WHERE id > ? GROUP BY entity, field',
      seen.history,
    );
    for (const { entity, field, last } of lines) {
      seen.history = Math.max(seen.history, last);
      for (const aspect of aspectsOf(entity, field)) seen.changes[aspect] += 1;
    }
  }
  const areas = selectOne<{ text: string }>(
    reader,
    `SELECT SUM(rows) || '.' || SUM(loaded) || '.' || COALESCE(MAX(reloaded_at), '') || '.' || group_concat(state) AS text
       FROM area`,
  );
  const { changes } = seen;
  const tables = aspects.includes('proposals')
    ? (['resident', 'proposal'] as const)
    : (['resident', 'household', 'membership'] as const);
  return [
    areas?.text ?? '',
    ...tables.map((table) => latest(reader, table)),
    ...aspects.map((aspect) => changes[aspect]),
  ].join('|');
}
