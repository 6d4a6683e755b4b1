import type { VaultUser } from '../../../shared/contract/views.ts';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import type { Reader, Writer } from '../store/database.ts';
import type { Station } from '../station.ts';

export { ReplicaFull } from '../store/database.ts';

/** One command's change to one row. */
export interface Change {
  readonly entity: EntityName;
  readonly row: string;
  /**
   * `create` of a row that is there already is an update of it; `update` or `create` of a deleted row brings it back;
   * `update` or `delete` of a row that was never there throws.
   */
  readonly op: 'create' | 'update' | 'delete';
  /** The row's area; for a row that exists, the one it has. */
  readonly area: string;
  /** Only what changes; what is the same already is left out of the delta. Empty for `delete`. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly source: Source;
  readonly reason: Reason;
}

/** One line of the audit log. No names and no values: who, what, which row. */
export interface AuditNote {
  readonly action: string;
  readonly subject?: string;
  readonly detail?: string;
}

/** What a handler of a person's call gets. */
export interface Context {
  /** Who is unlocked. */
  readonly person: VaultUser;
  /** Committed state, read-only. */
  readonly reader: Reader;
  /** UTC ISO instant. */
  now(): string;
  /** Civil date at UTC+8. */
  today(): string;
  /** A new row id. */
  newId(): string;
  /** Six-digit county code. */
  readonly county: string;
  /** A demonstration district: fictitious ID prefixes are accepted. */
  readonly demonstration: boolean;
  /**
   * One transaction: rows, deltas into the outbox, provenance, history, search index, audit; then events. All changes of
   * one call share one txn: the centre takes them together or refuses them together.
   * @param also more work in the same transaction, after the rows
   * @returns deltas that the centre has not answered yet
   * @throws ReplicaFull when the disk is full; nothing of the call remains (answered as `disk.full`)
   */
  write(changes: readonly Change[], audit: AuditNote, also?: (writer: Writer) => void): { waiting: number };
  /** Writes only the audit line (unmask, export), durable when it returns. */
  note(audit: AuditNote): void;
  /** The station itself, for calls about keys and the exchange. */
  readonly station: Station;
}
