import { entityNames } from '../../../shared/domain/entities.ts';
import type { Area } from '../../../shared/sync/wire.ts';
import { dropAreaLine, heldAreas, holdArea, someRowsIn } from '../store/areas.ts';
import type { Replica } from '../store/database.ts';
import { forget } from '../store/receive.ts';
import { SearchUpdate, sweepIndex } from '../store/search-index.ts';
import type { Turn } from './turn.ts';

/** Rows taken out in one transaction. */
const purgedRows = 200;

/**
 * Makes the held areas those of the session: new ones wait for their snapshot, lost ones go with every value of theirs. Unsent
 * work in a lost area stays in the outbox, where the centre answers it and people see it.
 */
export async function applyScope(replica: Replica, areas: readonly Area[], turn: Turn): Promise<void> {
  const wanted = new Set(areas.map((area) => area.code));
  const lost = heldAreas(replica.reader).filter((area) => !wanted.has(area.code));
  replica.transaction((writer) => {
    for (const area of areas) holdArea(writer, area);
  });
  if (lost.length === 0) return;
  // Deleted content is overwritten in the file, not only unlinked.
  replica.secureDelete(true);
  try {
    for (const area of lost) {
      await purge(replica, area.code, turn);
      if (turn.stopped()) return;
    }
    let left = true;
    while (left && !turn.stopped()) {
      left = replica.transaction((writer) => sweepIndex(writer));
      await turn.breathe();
    }
  } finally {
    replica.secureDelete(false);
  }
  turn.changed(new Set(entityNames));
}

async function purge(replica: Replica, area: string, turn: Turn): Promise<void> {
  for (const entity of entityNames) {
    for (;;) {
      if (turn.stopped()) return;
      const count = replica.transaction((writer) => {
        const ids = someRowsIn(writer, entity, area, purgedRows);
        const search = new SearchUpdate(writer);
        for (const id of ids) {
          search.before(entity, id);
          forget(writer, entity, id);
          search.after(entity, id);
        }
        search.finish();
        return ids.length;
      });
      await turn.breathe();
      if (count < purgedRows) break;
    }
  }
  replica.transaction((writer) => dropAreaLine(writer, area));
  turn.log('info', 'scope.dropped', { area });
}
