import { z } from 'zod';
import { schemaVersion, type EntityName } from '../../../shared/domain/entities.ts';
import { AreaCode, RowId } from '../../../shared/domain/values.ts';
import { EntityNameSchema } from '../../../shared/sync/delta.ts';
import { PulledRow, type AreaChecksum, type AreaPage } from '../../../shared/sync/wire.ts';
import { checksumOf, findArea, heldAreas, moveCursor, noteChecked, startReload, wasCheckedAs } from '../store/areas.ts';
import type { Replica, Writer } from '../store/database.ts';
import { receiveRow, rowLeft, type Received } from '../store/receive.ts';
import { SearchUpdate } from '../store/search-index.ts';
import { countTry, unwant, want, wantedRows } from '../store/wanted.ts';
import type { GatewayClient, Trouble } from './gateway-client.ts';
import type { Turn } from './turn.ts';

/** Rows asked for at once: about what one short transaction takes. */
const pageRows = 400;
/** An area whose sum does not fit is loaded anew at most this often, so that a lasting fault does not eat the network. */
const reloadEveryMillis = 30 * 60_000;

/** What a pull found out beside rows. */
export interface PullResult {
  readonly trouble: Trouble | null;
  readonly scopeChanged: boolean;
}

/** Pulls every whole area from its cursor until there is no more. */
export async function pullAll(replica: Replica, client: GatewayClient, turn: Turn): Promise<PullResult> {
  const told: Told = new Map();
  for (;;) {
    if (turn.stopped()) return { trouble: null, scopeChanged: false };
    const areas = heldAreas(replica.reader).flatMap((area) =>
      area.state === 'whole' && area.cursor !== null ? [{ area: area.code, cursor: area.cursor }] : [],
    );
    if (areas.length === 0) return { trouble: null, scopeChanged: false };
    turn.phase('pulling');
    const answer = await client.pull({ areas, limit: pageRows, schema: schemaVersion });
    if (!answer.ok) return { trouble: answer.trouble, scopeChanged: false };
    const asked = new Map(areas.map(({ area, cursor }) => [area, cursor]));
    // Rows that move between two held areas should arrive before they leave, so pages without leavers go first.
    const pages = [...answer.value.pages].sort((a, b) => a.left.length - b.left.length);
    applyPages(
      replica,
      pages.filter((page) => asked.has(page.area)),
      told,
      turn,
    );
    await turn.breathe();
    const trouble = await askWanted(replica, client, told, turn);
    if (trouble !== null) return { trouble, scopeChanged: answer.value.scopeChanged };
    if (answer.value.scopeChanged) return { trouble: null, scopeChanged: true };
    // A page that says "more" without moving its cursor would keep us here for ever.
    const moved = pages.some((page) => {
      const from = asked.get(page.area);
      return page.more && from !== undefined && (from.xid !== page.cursor.xid || from.seq !== page.cursor.seq);
    });
    if (!moved) {
      await checkAreas(replica, told, turn);
      return { trouble: null, scopeChanged: false };
    }
  }
}

const Named = z.looseObject({ entity: EntityNameSchema, id: RowId });

type Counts = Record<Received, number>;

/** What the centre said an area adds up to at the cursor it has reached in this turn, and whether anything came for it. */
type Told = Map<string, { readonly checksum: AreaChecksum; readonly touched: boolean }>;

/**
 * The pages of one answer and their cursors in one transaction of a few hundred rows at most. A power cut may take it back
 * whole; then the cursors ask for the same rows again. A bad row is left out, asked for by name, and holds up nobody.
 */
function applyPages(replica: Replica, pages: readonly AreaPage[], told: Told, turn: Turn): void {
  if (pages.length === 0) return;
  const changed = new Set<EntityName>();
  let applied = 0;
  const malformed = new Map<string, number>();
  replica.refetchable((writer) => {
    const search = new SearchUpdate(writer);
    for (const page of pages) {
      const counts = applyPage(writer, search, page, changed, turn);
      applied += counts.applied;
      if (counts.malformed > 0) malformed.set(page.area, counts.malformed);
      const touched = page.rows.length + page.left.length > 0 || told.get(page.area)?.touched === true;
      if (page.checksum !== undefined && !page.more) told.set(page.area, { checksum: page.checksum, touched });
      else told.delete(page.area);
    }
    search.finish();
  });
  for (const [area, rows] of malformed) turn.log('warn', 'pull.malformed', { area, rows });
  turn.pulled(applied);
  turn.changed(changed);
}

function applyPage(writer: Writer, search: SearchUpdate, page: AreaPage, changed: Set<EntityName>, turn: Turn): Counts {
  const counts: Counts = { applied: 0, known: 0, missing: 0, malformed: 0 };
  if (findArea(writer, page.area)?.state !== 'whole') return counts;
  if (page.mustBootstrap === true) {
    turn.log('info', 'pull.must-bootstrap', { area: page.area });
    startReload(writer, page.area, turn.now());
    return counts;
  }
  const asked = new Set(wantedRows(writer, 5000).map((row) => `${row.entity}|${row.id}`));
  for (const raw of page.rows) {
    const outcome = applyRaw(writer, search, page.area, raw, asked, turn);
    counts[outcome.received] += 1;
    if (outcome.entity !== undefined && outcome.received === 'applied') changed.add(outcome.entity);
  }
  for (const { entity, id } of page.left) {
    unwant(writer, entity, id, page.area);
    if (rowLeft(writer, search, page.area, entity, id)) changed.add(entity);
  }
  moveCursor(writer, page.area, page.cursor);
  return counts;
}

function applyRaw(
  writer: Writer,
  search: SearchUpdate,
  area: string,
  raw: unknown,
  asked: ReadonlySet<string>,
  turn: Turn,
): { readonly received: Received; readonly entity: EntityName | undefined } {
  const parsed = PulledRow.safeParse(raw);
  if (!parsed.success) {
    const named = Named.safeParse(raw);
    if (named.success) want(writer, named.data.entity, named.data.id, area);
    return { received: 'malformed', entity: undefined };
  }
  const row = parsed.data;
  const key = `${row.entity}|${row.id}`;
  // An earlier part of this row did not arrive: a later part alone would leave a hole.
  if (asked.has(key) && !row.whole && !row.deleted) return { received: 'missing', entity: row.entity };
  const received = receiveRow(writer, search, area, row, turn.now());
  if (received === 'missing' || received === 'malformed') want(writer, row.entity, row.id, area);
  else if (asked.has(key)) unwant(writer, row.entity, row.id, area);
  return { received, entity: row.entity };
}

/** Each area once in a turn, at its last cursor: adding up an area costs a look at each of its rows. */
async function checkAreas(replica: Replica, told: Told, turn: Turn): Promise<void> {
  for (const [area, { checksum, touched }] of told) {
    if (turn.stopped()) return;
    replica.refetchable((writer) => {
      if (findArea(writer, area)?.state !== 'whole') return;
      if (!touched && wasCheckedAs(writer, area, checksum)) noteChecked(writer, area, checksum, turn.now());
      else check(writer, area, checksum, turn);
    });
    await turn.breathe();
  }
}

/** Compares with the centre's checksum; an area that differs is loaded anew, its unsent work kept. */
function check(writer: Writer, area: string, told: AreaChecksum, turn: Turn): void {
  const own = checksumOf(writer, area);
  if (own.rows === told.rows && own.sum === told.sum) {
    noteChecked(writer, area, own, turn.now());
    return;
  }
  // Rows that are still asked for explain a difference.
  if (wantedRows(writer, 5000).some((row) => row.area === area)) return;
  const last = findArea(writer, area)?.reloadedAt ?? null;
  const recent = last !== null && Math.abs(Date.parse(turn.now()) - Date.parse(last)) < reloadEveryMillis;
  turn.log('error', 'pull.checksum', { area, rows: own.rows, told: told.rows, reload: !recent });
  if (!recent) startReload(writer, area, turn.now());
}

const RowOfArea = z.strictObject({ area: AreaCode, row: PulledRow });

/** Asks for rows by name: those that came malformed or in part. One that stays bad is left after a few tries. */
async function askWanted(replica: Replica, client: GatewayClient, told: Told, turn: Turn): Promise<Trouble | null> {
  const wanted = wantedRows(replica.reader, 300);
  if (wanted.length === 0) return null;
  const answer = await client.rows(wanted.map(({ entity, id }) => ({ entity, id })));
  if (!answer.ok) return answer.trouble;
  const changed = new Set<EntityName>();
  replica.transaction((writer) => {
    const search = new SearchUpdate(writer);
    const held = new Set(heldAreas(writer).map((area) => area.code));
    const named = new Set<string>();
    for (const raw of answer.value.rows) {
      const loose = z.looseObject({ row: Named }).safeParse(raw);
      if (loose.success) named.add(`${loose.data.row.entity}|${loose.data.row.id}`);
      const parsed = RowOfArea.safeParse(raw);
      if (!parsed.success || !held.has(parsed.data.area)) continue;
      const { area, row } = parsed.data;
      // It comes as it is now, which may be past what the area added up to at its cursor.
      told.delete(area);
      const received = receiveRow(writer, search, area, { ...row, whole: true }, turn.now());
      if (received === 'malformed' || received === 'missing') continue;
      unwant(writer, row.entity, row.id, null);
      if (received === 'applied') changed.add(row.entity);
    }
    for (const row of wanted) {
      // The centre does not have it (any more): nothing to wait for.
      if (!named.has(`${row.entity}|${row.id}`)) unwant(writer, row.entity, row.id, null);
      else countTry(writer, row.entity, row.id);
    }
    search.finish();
  });
  turn.changed(changed);
  return null;
}
