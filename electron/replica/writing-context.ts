import type { VaultUser } from '../../shared/contract/views.ts';
import type { EntityName } from '../../shared/domain/entities.ts';
import type { Context } from './commands/writing.ts';
import type { Station } from './station.ts';
import { addAudit } from './store/audit.ts';
import type { Replica } from './store/database.ts';
import { countWaiting } from './store/outbox.ts';
import { writeChanges } from './store/rows.ts';

const chinaMillis = 8 * 3_600_000;

/** Civil date at UTC+8, the only civil time of the field. */
export const civilDate = (instant: string): string =>
  new Date(Date.parse(instant) + chinaMillis).toISOString().slice(0, 10);

/** What the handlers of one person's calls get, over an open replica. */
export function contextOver(
  replica: Replica,
  person: VaultUser,
  station: Station,
  facts: { now(): string; newId(): string },
  place: {
    readonly county: string;
    readonly demonstration: boolean;
    onWritten(entities: ReadonlySet<EntityName>): void;
  },
): Context {
  const context: Context = {
    person,
    reader: replica.reader,
    now: () => facts.now(),
    today: () => civilDate(facts.now()),
    newId: () => facts.newId(),
    county: place.county,
    demonstration: place.demonstration,
    station,
    write: (changes, audit, also) => {
      const author = { person: context.person.id, now: facts.now(), newId: () => facts.newId() };
      const touched = replica.transaction((writer) => {
        const entities = writeChanges(writer, author, changes);
        also?.(writer);
        addAudit(writer, author.now, author.person, audit);
        return entities;
      });
      place.onWritten(touched);
      return { waiting: countWaiting(replica.reader) };
    },
    note: (audit) => replica.transaction((writer) => addAudit(writer, facts.now(), context.person.id, audit)),
  };
  return context;
}
