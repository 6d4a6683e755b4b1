import type { EntityName } from '../../../shared/domain/entities.ts';
import { readMeta, writeMeta } from './meta.ts';
import { doorWords, pairs, runs, searchTextVersion, searchTokens, type Run } from './search-text.ts';
import type { Reader, SqlRow, Writer } from './sqlite.ts';

/**
 * Residents that fit a text, best first: whole names, then what names start with, then given names, then places. Terms may be
 * names, pinyin initials, full pinyin, the last 4 to 6 characters of an ID number, and parts of an address, together too.
 * Each step stops at the limit, so that one letter costs as little as a whole name.
 */
export function findResidents(reader: Reader, text: string, limit: number): readonly string[] {
  const typed = runs(text).slice(0, 8);
  const numbered = typed.some((term) => term.kind === 'digits');
  const terms = typed.filter((term) => !numbered || !doorWords.has(term.text));
  const [first] = terms;
  if (first === undefined || limit <= 0) return [];
  const found = new Set<string>();
  const query = reader.prepare<{ resident_id: string }>(
    `SELECT d.resident_id FROM search s CROSS JOIN search_doc d ON d.doc = s.rowid WHERE search MATCH ? LIMIT ?`,
    'search.find',
  );
  const rest = terms.slice(1).map((term) => `(${anywhere(term)})`);
  for (const step of steps(first)) {
    for (const hit of query.all([`(${step})`, ...rest].join(' AND '), limit)) found.add(hit.resident_id);
    if (found.size >= limit) break;
  }
  const ids = [...found];
  const long = terms.find((term) => term.kind === 'digits' && term.text.length > 6);
  return (long === undefined ? ids : ids.filter((id) => idEndsWith(reader, id, long.text))).slice(0, limit);
}

/** Ways to understand the first term, the likeliest first. */
function steps(term: Run): string[] {
  switch (term.kind) {
    case 'han':
      return [`head : ${exact(term.text)}`, `head : ${start(term.text)}`, `tail : ${start(term.text)}`, place(term)];
    case 'letters':
      return [`head : ${exact(term.text)}`, `head : ${start(term.text)}`, `tail : ${start(term.text)}`, place(term)];
    case 'digits':
      return term.text.length < 4 ? [`place : ${exact(term.text)}`, place(term)] : [suffix(term), place(term)];
  }
}

function anywhere(term: Run): string {
  const name = term.kind === 'digits' ? suffix(term) : `{head tail} : ${start(term.text)}`;
  return `${name} OR (${place(term)})`;
}

const suffix = (term: Run): string =>
  `suffix : ${term.text.length > 6 ? exact(term.text.slice(-6)) : start(term.text)}`;

const place = (term: Run): string =>
  term.kind === 'han' && [...term.text].length > 1
    ? pairs(term.text)
        .map((pair) => `place : ${exact(pair)}`)
        .join(' AND ')
    : `place : ${start(term.text)}`;

// Runs hold letters, digits and Han characters only, so a quoted term cannot end early.
const exact = (text: string): string => `"${text}"`;
const start = (text: string): string => `"${text}" *`;

function idEndsWith(reader: Reader, resident: string, digits: string): boolean {
  const row = reader.prepare<{ id_no: string | null }>('SELECT id_no FROM resident WHERE id = ?').get(resident);
  return row?.id_no?.toLowerCase().endsWith(digits) === true;
}

const placeColumns = ['street', 'community', 'compound', 'building', 'unit', 'room'] as const;

/** One resident with the standard address of the household she lives in now. */
const source = `SELECT r.id, r.name, r.id_no AS idNo, r.deleted, r.registered_address AS registered, a.id AS address,
    ${placeColumns.map((column) => `a.${column}`).join(', ')}
  FROM resident r
  LEFT JOIN membership m ON m.id = (SELECT id FROM membership WHERE resident_id = r.id AND deleted = 0
    ORDER BY until IS NOT NULL, since DESC LIMIT 1)
  LEFT JOIN household h ON h.id = m.household_id AND h.deleted = 0
  LEFT JOIN address a ON a.id = h.address_id AND a.deleted = 0`;

interface Source extends SqlRow {
  readonly id: string;
  readonly name: string | null;
  readonly idNo: string | null;
  readonly deleted: number;
  readonly registered: string | null;
  readonly address: string | null;
}

function insertDoc(writer: Writer, doc: number | bigint, resident: Source): void {
  const place =
    resident.address === null
      ? [resident.registered]
      : placeColumns.map((column) => {
          const part = resident[column];
          return typeof part === 'string' ? part : null;
        });
  const tokens = searchTokens({ name: resident.name, idNo: resident.idNo, place });
  writer
    .command('INSERT INTO search (rowid, head, tail, suffix, place) VALUES (?, ?, ?, ?, ?)', 'search.insert')
    .run(doc, tokens.head, tokens.tail, tokens.suffix, tokens.place);
}

/** Brings one resident's entry up to date. */
function reindex(writer: Writer, resident: string): void {
  const row = writer.prepare<Source>(`${source} WHERE r.id = ?`, 'search.source').get(resident);
  const doc = writer.prepare<{ doc: number }>('SELECT doc FROM search_doc WHERE resident_id = ?').get(resident)?.doc;
  if (doc !== undefined) writer.command('DELETE FROM search WHERE rowid = ?', 'search.delete').run(doc);
  if (row === undefined || row.deleted === 1) {
    if (doc !== undefined) writer.command('DELETE FROM search_doc WHERE doc = ?').run(doc);
    return;
  }
  insertDoc(writer, doc ?? newDoc(writer, resident), row);
}

const newDoc = (writer: Writer, resident: string): number | bigint =>
  writer.command('INSERT INTO search_doc (resident_id) VALUES (?)', 'search.new-doc').run(resident).lastInsertRowid;

/**
 * Adds residents of an area that the index lacks, at most `limit` of them: the bulk build of a first load.
 * @returns how many were added; 0 when the area is done
 */
export function indexMissing(writer: Writer, area: string, limit: number): number {
  const missing = writer
    .prepare<Source>(
      `${source} WHERE r.area = ? AND r.deleted = 0
         AND NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.resident_id = r.id) LIMIT ?`,
      'search.missing',
    )
    .all(area, limit);
  for (const resident of missing) insertDoc(writer, newDoc(writer, resident.id), resident);
  return missing.length;
}

/** Takes away every entry, to be built anew by `indexMissing`; with it goes what deleted entries left behind. */
export function clearIndex(writer: Writer): void {
  writer.command(`INSERT INTO search (search) VALUES ('delete-all')`).run();
  writer.command('DELETE FROM search_doc').run();
}

/** The columns of each entity that search depends on; its residents follow from the rest. */
const watched: Readonly<Partial<Record<EntityName, { readonly mark: string; readonly residents: string }>>> = {
  resident: {
    mark: `SELECT json_array(name, id_no, registered_address, deleted) AS mark FROM resident WHERE id = ?`,
    residents: `SELECT ? AS id`,
  },
  membership: {
    mark: `SELECT json_array(resident_id, household_id, since, until, deleted) AS mark FROM membership WHERE id = ?`,
    residents: `SELECT resident_id AS id FROM membership WHERE id = ? AND resident_id IS NOT NULL`,
  },
  household: {
    mark: `SELECT json_array(address_id, deleted) AS mark FROM household WHERE id = ?`,
    residents: `SELECT resident_id AS id FROM membership WHERE household_id = ? AND resident_id IS NOT NULL`,
  },
  address: {
    mark: `SELECT json_array(${placeColumns.join(', ')}, deleted) AS mark FROM address WHERE id = ?`,
    residents: `SELECT m.resident_id AS id FROM household h JOIN membership m ON m.household_id = h.id
      WHERE h.address_id = ? AND m.resident_id IS NOT NULL`,
  },
};

/**
 * Keeps the index in step with rows written in one transaction: tell it before and after each row, and finish at the end.
 */
export class SearchUpdate {
  private readonly writer: Writer;
  private readonly marks = new Map<string, string | undefined>();
  private readonly stale = new Set<string>();

  constructor(writer: Writer) {
    this.writer = writer;
  }

  before(entity: EntityName, id: string): void {
    const watch = watched[entity];
    if (watch === undefined || this.marks.has(`${entity}|${id}`)) return;
    this.marks.set(`${entity}|${id}`, this.mark(watch.mark, id));
    // A member who moves out loses the address: remembered while the row still names her.
    if (entity === 'membership') this.collect(watch.residents, id);
  }

  after(entity: EntityName, id: string): void {
    const watch = watched[entity];
    if (watch === undefined) return;
    if (this.marks.get(`${entity}|${id}`) === this.mark(watch.mark, id)) return;
    this.collect(watch.residents, id);
  }

  finish(): void {
    for (const resident of this.stale) reindex(this.writer, resident);
    this.stale.clear();
    this.marks.clear();
  }

  private mark(sql: string, id: string): string | undefined {
    return this.writer.prepare<{ mark: string }>(sql, 'search.mark').get(id)?.mark;
  }

  private collect(sql: string, id: string): void {
    for (const row of this.writer.prepare<{ id: string }>(sql, 'search.affected').all(id)) this.stale.add(row.id);
  }
}

/**
 * Rewrites a part of the index without what deleted entries left behind, for areas that were lost.
 * @returns true while there is more to do
 */
export function sweepIndex(writer: Writer): boolean {
  const changes = (): number => writer.prepare<{ n: number }>('SELECT total_changes() AS n').get()?.n ?? 0;
  const before = changes();
  // A negative number takes in segments that would not be merged yet.
  writer.command(`INSERT INTO search (search, rank) VALUES ('merge', -200)`, 'search.sweep').run();
  return changes() - before >= 2;
}

/**
 * Begins the index anew when its tokens were cut by another version of the rules. Entries come back by `indexMissing`.
 * @returns true when it was begun anew
 */
export function clearIfOutdated(writer: Writer): boolean {
  if (readMeta(writer, 'search_version') === searchTextVersion) return false;
  clearIndex(writer);
  writeMeta(writer, 'search_version', searchTextVersion);
  return true;
}
