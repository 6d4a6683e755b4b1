import type { VaultUser } from '../../../shared/contract/views.ts';
import type { Change } from '../store/change.ts';
import type { Reader, Writer } from '../store/database.ts';
import type { Station } from '../station.ts';

export type { Change } from '../store/change.ts';
export { ReplicaFull } from '../store/database.ts';

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
