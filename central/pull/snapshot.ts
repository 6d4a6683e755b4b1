import { entityNames, type EntityName } from '../../shared/domain/entities.ts';
import type { Cursor } from '../../shared/sync/wire.ts';
import type { Database, Transaction } from '../store/database.ts';
import { readHorizon } from '../store/feed.ts';
import { countArea, readPart, type SnapshotPart } from '../store/snapshot.ts';
import { provenanceOf } from './pull.ts';

/** Rows of one chunk. Small enough to be lost on a bad line, large enough that a request costs little beside it. */
export const chunkRows = 5000;

const ordered: readonly EntityName[] = [...entityNames].sort();

/** Where a chunk ended: `<entity>:<id>` of its last row. */
export interface ChunkKey {
  readonly entity: EntityName;
  readonly id: string;
}

/** Reads a chunk key as this module wrote it. @returns null for anything else */
export function readChunkKey(text: string): ChunkKey | null {
  const colon = text.indexOf(':');
  const entity = ordered.find((name) => name === text.slice(0, colon));
  return entity === undefined ? null : { entity, id: text.slice(colon + 1) };
}

/**
 * One chunk of an area's live rows as JSON text (`SnapshotChunk`), by `(entity, id)`. Chunks need no common snapshot:
 * the pull from the cursor, which is older than the first chunk, brings whatever changed between them.
 * @param after end of the chunk before, or null for the first
 * @param cursor as given with the first chunk, or null to take one now
 */
export async function snapshotChunk(
  database: Database,
  county: string,
  area: string,
  after: ChunkKey | null,
  cursor: Cursor | null,
): Promise<string> {
  // Before any row is read, in a statement of its own.
  const start = cursor ?? { xid: (await readHorizon(database)).horizon.toString(), seq: '0' };
  const { groups, next, total } = await database.read(async (transaction) => ({
    total: await countArea(transaction, county, area),
    ...(await readGroups(transaction, county, area, after)),
  }));
  const nextText = next === null ? 'null' : JSON.stringify(`${next.entity}:${next.id}`);
  return `{"area":"${area}","cursor":${JSON.stringify(start)},"groups":[${groups.join(',')}],"next":${nextText},"total":${String(total)}}`;
}

async function readGroups(
  transaction: Transaction,
  county: string,
  area: string,
  after: ChunkKey | null,
): Promise<{ readonly groups: readonly string[]; readonly next: ChunkKey | null }> {
  const groups: string[] = [];
  let room = chunkRows;
  for (const entity of ordered) {
    if (after !== null && entity < after.entity) continue;
    const from = after?.entity === entity ? after.id : '';
    const part = await readPart(transaction, county, area, entity, from, room);
    if (part === null) continue;
    groups.push(groupText(entity, part));
    room -= part.count;
    if (room === 0) return { groups, next: { entity, id: part.lastId } };
  }
  // A chunk that has room left has seen the end.
  return { groups, next: null };
}

function groupText(entity: EntityName, part: SnapshotPart): string {
  const provenance = Object.fromEntries([...part.heads].map(([id, heads]) => [id, provenanceOf(heads)]));
  return `{"entity":"${entity}","fields":${JSON.stringify(part.fields)},"rows":[${part.rowsJson}],"provenance":${JSON.stringify(provenance)}}`;
}
