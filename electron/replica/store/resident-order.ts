import { isLeapYear } from '../../../shared/domain/age.ts';
import type { Reader } from './database.ts';
import { select, selectOne } from './decoding.ts';
import { stampOf, type Aspect } from './list-stamp.ts';

/*
 * Lists of all residents in some order, a window at a time. A list is kept as row numbers in memory (0.4 MB for
 * 100,000 people) and made again when something it rests on has changed; see list-stamp.ts.
 */

export type ResidentOrder = 'place' | 'name' | 'age';
export type ResidentFilter = 'all' | 'elder' | 'child' | 'disabled' | 'relief' | 'alone' | 'with-changes' | 'deceased';

/** What a list is about; equal wishes share one list. */
export interface ListWish {
  readonly filter: ResidentFilter;
  readonly order: ResidentOrder;
  /** 12-digit code; one ending in zeros stands for all areas below it. */
  readonly area: string | null;
  /** Civil date for the ages behind `elder` and `child`. */
  readonly today: string;
}

interface Kept<T> {
  readonly stamp: string;
  readonly value: T;
}
interface Cache {
  readonly ranks: Map<ResidentOrder, Kept<Int32Array>>;
  readonly lists: Map<string, Kept<Int32Array>>;
}

const caches = new WeakMap<Reader, Cache>();
const mostLists = 8;
/** Windows this near to the top are read through the index when the list is not there yet: the first look is instant. */
const nearTop = 1000;

const cacheOf = (reader: Reader): Cache => {
  const known = caches.get(reader) ?? { ranks: new Map(), lists: new Map() };
  caches.set(reader, known);
  return known;
};

interface Numbered {
  readonly n: number;
}

const naturalPlace = `a.community, a.compound, CAST(a.building AS INTEGER), a.building, CAST(a.unit AS INTEGER), a.unit,
  CAST(a.room AS INTEGER), a.room`;

function byPlace(reader: Reader, today: string): readonly Numbered[] {
  return select<Numbered>(
    reader,
    `SELECT r.rowid AS n FROM resident r
       LEFT JOIN membership m ON m.resident_id = r.id AND m.deleted = 0 AND (m.until IS NULL OR m.until > ?)
       LEFT JOIN household h ON h.id = m.household_id AND h.deleted = 0
       LEFT JOIN address a ON a.id = h.address_id AND a.deleted = 0
      WHERE r.deleted = 0
      ORDER BY a.id IS NULL, ${naturalPlace}, h.id, r.birth_date, r.rowid`,
    today,
  );
}

/** Beginning of the list in place order, read along the address index; undefined when it may not be exact. */
function topByPlace(reader: Reader, today: string, until: number): readonly number[] | undefined {
  const lines = select<Numbered>(
    reader,
    `SELECT r.rowid AS n FROM address a INDEXED BY address_place
       CROSS JOIN household h ON h.address_id = a.id AND h.deleted = 0
       CROSS JOIN membership m ON m.household_id = h.id AND m.deleted = 0 AND (m.until IS NULL OR m.until > ?)
       CROSS JOIN resident r ON r.id = m.resident_id AND r.deleted = 0
      WHERE a.deleted = 0
      ORDER BY ${naturalPlace}, h.id, r.birth_date, r.rowid LIMIT ?`,
    today,
    until,
  );
  const numbers = [...new Set(lines.map((line) => line.n))];
  // Somebody with two homes, or people without any: the whole list knows where they stand.
  return numbers.length === until ? numbers : undefined;
}

/**
 * Names in the order of a Chinese dictionary. Characters are ranked once, then names compare as plain text: comparing
 * 100,000 names by the collator would take seconds.
 */
function byName(reader: Reader): readonly Numbered[] {
  const rows = select<{ n: number; name: string | null }>(
    reader,
    'SELECT rowid AS n, name FROM resident WHERE deleted = 0',
  );
  const characters = [...new Set(rows.flatMap((row) => [...(row.name ?? '')]))];
  const collator = new Intl.Collator('zh-CN');
  const rank = new Map(
    characters
      .sort((a, b) => collator.compare(a, b))
      .map((character, index) => [character, String.fromCodePoint(0x100 + index)]),
  );
  const keyed = rows.map((row) => ({
    n: row.n,
    key: [...(row.name ?? '')].map((character) => rank.get(character) ?? '').join(''),
  }));
  return keyed.sort((a, b) => {
    if ((a.key === '') !== (b.key === '')) return a.key === '' ? 1 : -1;
    return a.key < b.key ? -1 : a.key > b.key ? 1 : a.n - b.n;
  });
}

const byAge = (reader: Reader): readonly Numbered[] =>
  select<Numbered>(
    reader,
    'SELECT rowid AS n FROM resident WHERE deleted = 0 ORDER BY birth_date IS NULL, birth_date, rowid',
  );

/** Position of each resident by row number; 0 is nobody, so positions start at 1. */
function ranksOf(reader: Reader, order: ResidentOrder, today: string): Int32Array {
  const cache = cacheOf(reader);
  const stamp = `${order === 'place' ? today : ''}|${stampOf(reader, [order])}`;
  const kept = cache.ranks.get(order);
  if (kept?.stamp === stamp) return kept.value;
  const lines = order === 'place' ? byPlace(reader, today) : order === 'name' ? byName(reader) : byAge(reader);
  const size = lines.reduce((most, line) => Math.max(most, line.n), 0) + 1;
  const ranks = new Int32Array(size);
  let position = 0;
  for (const { n } of lines) {
    if (ranks[n] !== 0) continue;
    position += 1;
    ranks[n] = position;
  }
  cache.ranks.set(order, { stamp, value: ranks });
  return ranks;
}

/** First and last area code a wish covers. */
function areaRange(area: string): readonly [string, string] {
  const prefix = area.replace(/(000)+$/, '');
  return [area, prefix.padEnd(12, '9')];
}

/** Latest birth date with which somebody is so many years old today; who was born on 29 February is so a day earlier. */
function yearsBefore(today: string, years: number): string {
  const year = Number(today.slice(0, 4));
  const day = today.slice(4) === '-02-28' && !isLeapYear(year) ? '-02-29' : today.slice(4);
  return `${String(year - years).padStart(4, '0')}${day}`;
}

/** SQL condition of a filter under the alias `r`, and its parameters. */
function conditionOf({ filter, today }: ListWish): readonly [string, ...string[]] {
  switch (filter) {
    case 'all':
      return ['1'];
    case 'elder':
      return [`r.birth_date <= ? AND r.living_status IS NOT 'deceased'`, yearsBefore(today, 60)];
    case 'child':
      return [`r.birth_date > ? AND r.living_status IS NOT 'deceased'`, yearsBefore(today, 18)];
    case 'disabled':
      return [`r.disability_category IS NOT NULL AND r.disability_category <> 'none'`];
    case 'relief':
      return [
        `r.id IN (SELECT m.resident_id FROM household h JOIN membership m ON m.household_id = h.id
           WHERE h.relief_category IS NOT NULL AND h.relief_category <> 'none' AND h.deleted = 0 AND m.deleted = 0
             AND (m.until IS NULL OR m.until > ?))`,
        today,
      ];
    case 'alone':
      return [`r.living_alone = 1 AND r.living_status IS NOT 'deceased'`];
    case 'with-changes':
      return [
        `r.id IN (SELECT subject_id FROM proposal WHERE state = 'pending' AND subject_entity = 'resident' AND deleted = 0)`,
      ];
    case 'deceased':
      return [`r.living_status = 'deceased'`];
  }
}

function aspectsOf({ filter, order }: ListWish): readonly Aspect[] {
  if (filter === 'all') return [order];
  return filter === 'with-changes' ? [order, 'proposals'] : [order, 'facts'];
}

function matching(reader: Reader, wish: ListWish): readonly Numbered[] {
  const [condition, ...parameters] = conditionOf(wish);
  if (wish.area === null)
    return select<Numbered>(
      reader,
      `SELECT r.rowid AS n FROM resident r WHERE r.deleted = 0 AND ${condition}`,
      ...parameters,
    );
  return select<Numbered>(
    reader,
    `SELECT r.rowid AS n FROM resident r WHERE r.deleted = 0 AND r.area BETWEEN ? AND ? AND ${condition}`,
    ...areaRange(wish.area),
    ...parameters,
  );
}

const keyOf = (wish: ListWish): string => [wish.filter, wish.order, wish.area ?? '', wish.today].join('|');

/** A list that was made before and still holds. */
function keptList(reader: Reader, wish: ListWish): Int32Array | undefined {
  const kept = cacheOf(reader).lists.get(keyOf(wish));
  return kept?.stamp === stampOf(reader, aspectsOf(wish)) ? kept.value : undefined;
}

/** The whole list as row numbers, from the cache where it still holds. */
function listOf(reader: Reader, wish: ListWish): Int32Array {
  const kept = keptList(reader, wish);
  if (kept !== undefined) return kept;
  const { lists } = cacheOf(reader);
  const stamp = stampOf(reader, aspectsOf(wish));
  const ranks = ranksOf(reader, wish.order, wish.today);
  const numbers = Int32Array.from(matching(reader, wish), (line) => line.n);
  const list = numbers.sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  lists.delete(keyOf(wish));
  lists.set(keyOf(wish), { stamp, value: list });
  for (const oldest of [...lists.keys()].slice(0, Math.max(0, lists.size - mostLists))) lists.delete(oldest);
  return list;
}

/** One window of a list and the list's length. Row numbers, good until the next change. */
export function residentWindow(
  reader: Reader,
  wish: ListWish,
  offset: number,
  limit: number,
): { readonly total: number; readonly rows: readonly number[] } {
  const whole = wish.filter === 'all' && wish.area === null && wish.order === 'place';
  if (whole && offset + limit <= nearTop && keptList(reader, wish) === undefined) {
    const top = topByPlace(reader, wish.today, offset + limit);
    const total = selectOne<Numbered>(reader, 'SELECT COUNT(*) AS n FROM resident WHERE deleted = 0')?.n ?? 0;
    if (top !== undefined) return { total, rows: top.slice(offset) };
  }
  const list = listOf(reader, wish);
  return { total: list.length, rows: [...list.subarray(offset, offset + limit)] };
}

/** Those of the given residents that a wish covers, in its order: what a search text found, filtered. */
export function residentsAmong(reader: Reader, wish: ListWish, ids: readonly string[]): readonly number[] {
  const found = new Set(
    select<Numbered>(
      reader,
      'SELECT rowid AS n FROM resident WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    ).map((line) => line.n),
  );
  return [...listOf(reader, wish)].filter((n) => found.has(n));
}
