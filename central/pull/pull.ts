import { areaField, type Provenance } from '../../shared/sync/delta.ts';
import { wholeRow } from '../../shared/sync/judge.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { AreaChecksum, AreaPage, Cursor, PulledRow } from '../../shared/sync/wire.ts';
import type { Database, Transaction } from '../store/database.ts';
import { newestEntries, readChecksums, readFeed, readHorizon, type AskedArea, type FeedEntry } from '../store/feed.ts';
import type { StoredHead } from '../store/heads.ts';
import { areasOf, grantsOf, mayRead, scopeHash } from '../store/people.ts';

/*
 * Cursors (I7). `(xid, seq)` orders an area's feed. A page that reaches the end moves the cursor to the snapshot's
 * horizon, below which every transaction has ended: nothing can still appear behind it.
 *
 * A row stands in the feed once, at its last change, so a cursor in the middle of the feed does not tell which earlier
 * changes of that row were passed over: only a cursor that left nothing visible behind does. Such a cursor is *clean*,
 * `seq` 0, and the fields changed at or after its transaction are all that a device can lack. From any other cursor
 * (in the middle, or at a horizon beyond which changes were visible already) rows are sent whole.
 */

export interface Puller {
  readonly person: string;
  readonly county: string;
  /** `scopeHash` of the areas when the session was opened. */
  readonly scope: string;
}

export interface Pulled {
  readonly pages: readonly AreaPage[];
  /** The person's areas are no longer those of the session. */
  readonly scopeChanged: boolean;
}

/** Checksums by area and position of its newest entry. A cache, no state: a wrong one cannot be, since any write moves the position. */
export type ChecksumCache = Map<string, { readonly position: string; readonly checksum: AreaChecksum }>;

const clean = '0';
const dirty = '1';

/** Changes of areas since their cursors, read in one snapshot together with the grants that allow it. */
export function pull(
  database: Database,
  puller: Puller,
  asked: readonly AskedArea[],
  limit: number,
  cache: ChecksumCache,
): Promise<Pulled> {
  return database.read(async (transaction) => {
    const grants = await grantsOf(transaction, puller.person);
    const isHeld = (area: string): boolean => area.startsWith(puller.county) && mayRead(grants, puller.county, area);
    const held = asked.filter((one) => isHeld(one.area));
    const areas = await areasOf(transaction, puller.person, puller.county);
    const scopeChanged = scopeHash(areas) !== puller.scope;
    return { pages: await readPages(transaction, puller.county, held, limit, cache), scopeChanged };
  });
}

async function readPages(
  transaction: Transaction,
  county: string,
  asked: readonly AskedArea[],
  limit: number,
  cache: ChecksumCache,
): Promise<readonly AreaPage[]> {
  const { horizon, limit: future } = await readHorizon(transaction);
  // A cursor from before the first load, or from a future this database does not have (a restored backup), serves nothing.
  const isLost = ({ cursor }: AskedArea): boolean => cursor.xid === '0' || BigInt(cursor.xid) > future;
  const lost = asked.filter(isLost);
  const present = asked.filter((one) => !isLost(one));
  const entries = await readFeed(transaction, county, present, limit + 1);
  const cut = entries.length > limit ? entries[limit] : undefined;
  const byArea = new Map<string, FeedEntry[]>();
  for (const entry of entries.slice(0, limit)) {
    const found = byArea.get(entry.area);
    if (found === undefined) byArea.set(entry.area, [entry]);
    else found.push(entry);
  }
  const pages: AreaPage[] = lost.map(({ area, cursor }) => ({
    area,
    cursor,
    rows: [],
    left: [],
    more: false,
    mustBootstrap: true,
  }));
  const complete: AreaPage[] = [];
  for (const one of present) {
    const found = byArea.get(one.area) ?? [];
    if (cut?.area === one.area) {
      pages.push(cutPage(one, found, horizon));
      // Areas after this one were not read; the device asks again because there is more.
      break;
    }
    const page = endPage(one, found, horizon);
    complete.push(page);
    pages.push(page);
  }
  await addChecksums(transaction, county, complete, cache);
  const cursors = new Map(asked.map((one) => [one.area, one.cursor]));
  return pages.filter((page) => hasNews(page, cursors.get(page.area)));
}

const hasNews = (page: AreaPage, cursor: Cursor | undefined): boolean =>
  page.rows.length > 0 ||
  page.left.length > 0 ||
  page.more ||
  page.mustBootstrap === true ||
  page.checksum !== undefined ||
  page.cursor.xid !== cursor?.xid ||
  page.cursor.seq !== cursor.seq;

/** The whole of what is visible: the cursor goes to the horizon, clean when nothing visible lies beyond it. */
function endPage({ area, cursor }: AskedArea, entries: readonly FeedEntry[], horizon: bigint): AreaPage {
  const beyond = entries.some((entry) => entry.xid >= horizon);
  return {
    area,
    cursor: { xid: horizon.toString(), seq: beyond ? dirty : clean },
    ...contentsOf(entries, cursor, horizon),
    more: false,
  };
}

/** A page that is full. Beyond the horizon there is no place to stop at, so what lies there waits until it is settled. */
function cutPage({ area, cursor }: AskedArea, entries: readonly FeedEntry[], horizon: bigint): AreaPage {
  const settled = entries.filter((entry) => entry.xid < horizon);
  if (settled.length < entries.length)
    return {
      area,
      cursor: { xid: horizon.toString(), seq: dirty },
      ...contentsOf(settled, cursor, horizon),
      more: false,
    };
  const last = settled.at(-1);
  const next = last === undefined ? cursor : { xid: last.xid.toString(), seq: last.seq.toString() };
  return { area, cursor: next, ...contentsOf(settled, cursor, horizon), more: true };
}

function contentsOf(entries: readonly FeedEntry[], cursor: Cursor, horizon: bigint): Pick<AreaPage, 'rows' | 'left'> {
  const rows: PulledRow[] = [];
  const left: AreaPage['left'] = [];
  const since = BigInt(cursor.xid);
  for (const entry of entries) {
    if (entry.row === null) {
      left.push({ entity: entry.entity, id: entry.id });
      continue;
    }
    const isNew = entry.entered !== null && entry.entered >= since;
    rows.push(pulledRow(entry, entry.row, cursor.seq !== clean || isNew || entry.xid >= horizon ? null : since));
  }
  return { rows, left };
}

/** @param since transaction from which on fields are sent; null sends the whole row */
function pulledRow(
  key: Pick<FeedEntry, 'entity' | 'id'>,
  row: NonNullable<FeedEntry['row']>,
  since: bigint | null,
): PulledRow {
  const { entity, id } = key;
  const { version, deleted } = row;
  if (deleted) return { entity, id, version, whole: false, deleted, fields: {}, provenance: {} };
  const heads = since === null ? row.heads : changedSince(row.heads, since);
  const fields: Record<string, FieldValue> = since === null ? { ...row.values } : {};
  if (since !== null) for (const name of Object.keys(heads)) if (isField(name)) fields[name] = row.values[name] ?? null;
  return { entity, id, version, whole: since === null, deleted, fields, provenance: provenanceOf(heads) };
}

const isField = (name: string): boolean => name !== areaField && name !== wholeRow;

function changedSince(heads: Readonly<Record<string, StoredHead>>, since: bigint): Record<string, StoredHead> {
  return Object.fromEntries(Object.entries(heads).filter(([, head]) => BigInt(head.xid) >= since));
}

/** What people may know of each field's last change. */
export function provenanceOf(heads: Readonly<Record<string, StoredHead>>): Record<string, Provenance> {
  const provenance: Record<string, Provenance> = {};
  for (const [name, { version, by, source, at, reason }] of Object.entries(heads))
    if (isField(name)) provenance[name] = { version, by, source, at, reason };
  return provenance;
}

/** A whole row, as `POST /v1/rows` gives it. */
export const wholePulledRow = (key: Pick<FeedEntry, 'entity' | 'id'>, row: NonNullable<FeedEntry['row']>): PulledRow =>
  pulledRow(key, row, null);

/** Adds the checksum of areas of which this snapshot was given whole, and nothing lies beyond its horizon. */
async function addChecksums(
  transaction: Transaction,
  county: string,
  pages: readonly AreaPage[],
  cache: ChecksumCache,
): Promise<void> {
  const settled = pages.filter((page) => page.cursor.seq === clean);
  const areas = settled.map((page) => page.area);
  const newest = await newestEntries(transaction, county, areas);
  const positionOf = (area: string): string => newest.get(area) ?? 'as loaded';
  const stale = areas.filter((area) => cache.get(area)?.position !== positionOf(area));
  for (const [area, checksum] of await readChecksums(transaction, county, stale))
    cache.set(area, { position: positionOf(area), checksum });
  for (const page of settled) {
    const checksum = cache.get(page.area)?.checksum;
    if (checksum !== undefined) page.checksum = checksum;
  }
}
