import type { CentralRow } from '../../shared/sync/judge.ts';
import { keyText, type RowKey, type RowWrite } from '../store/records.ts';
import type { HistoryLine } from '../store/history.ts';

/** Rows as a transaction has them in memory: what was locked, and on top what its deltas have done so far. */
export class Overlay {
  private readonly below: Overlay | null;
  private readonly original: Pick<ReadonlyMap<string, CentralRow>, 'get'>;
  private readonly current = new Map<string, CentralRow>();
  private readonly lines: HistoryLine[] = [];

  constructor(original: Pick<ReadonlyMap<string, CentralRow>, 'get'>, below: Overlay | null = null) {
    this.original = original;
    this.below = below;
  }

  row(key: RowKey): CentralRow | null {
    return this.current.get(keyText(key)) ?? this.original.get(keyText(key)) ?? null;
  }

  put(row: CentralRow): void {
    this.current.set(keyText(row), row);
  }

  note(lines: readonly HistoryLine[]): void {
    this.lines.push(...lines);
  }

  /** Rows created or changed so far, as they are now; those of the layer below too. */
  touched(): readonly CentralRow[] {
    const rows = new Map(this.below?.current);
    for (const [key, row] of this.current) rows.set(key, row);
    return [...rows.values()];
  }

  get history(): readonly HistoryLine[] {
    return this.lines;
  }

  /** Everything to write, each row once. */
  writes(): readonly RowWrite[] {
    return [...this.current].map(([key, after]) => ({ before: this.original.get(key) ?? null, after }));
  }

  /** A layer that can be thrown away: it sees what lies below it, and changes nothing until `adopt`. */
  branch(): Overlay {
    return new Overlay({ get: (key) => this.current.get(key) ?? this.original.get(key) }, this);
  }

  adopt(branch: Overlay): void {
    for (const [key, row] of branch.current) this.current.set(key, row);
    this.lines.push(...branch.lines);
  }
}
