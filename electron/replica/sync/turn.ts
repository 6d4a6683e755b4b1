import { setImmediate as nextTick } from 'node:timers/promises';
import type { SyncStatus } from '../../../shared/contract/views.ts';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Log } from '../log.ts';

/** One turn of the exchange, as its steps see it. */
export interface Turn {
  readonly log: Log;
  now(): string;
  newId(): string;
  /** True once the replica is being closed or the exchange paused: stop at the next safe place. */
  stopped(): boolean;
  phase(phase: SyncStatus['phase']): void;
  /** Rows of these entities changed: views refresh. */
  changed(entities: ReadonlySet<EntityName>): void;
  /** Rows that came, for the person's progress bar. */
  pulled(rows: number): void;
  /** Lets the service answer calls before it goes on. */
  breathe(): Promise<void>;
}

export const breathe = (): Promise<void> => nextTick();
