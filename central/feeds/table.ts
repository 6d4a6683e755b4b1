/** One line of a file, whatever its format. */
export interface TableRow {
  /** Where it stands, for people: a line number, with the sheet's name where there are several. */
  readonly place: string;
  /** Number of the line or row, from 1. */
  readonly line: number;
  /** Name of the sheet; empty where there are none. */
  readonly sheet: string;
  readonly cells: readonly string[];
  /** Headers of exactly these cells, where each line brings its own (JSON). */
  readonly header?: readonly string[];
  /** The line cannot be taken apart; `cells` then hold what there is of it. */
  readonly fault?: 'row.broken' | 'json.invalid';
}

/** Why a file is not read at all. */
export type FileCode =
  | 'file.missing'
  | 'file.empty'
  | 'file.binary'
  | 'file.old-excel'
  | 'file.protected'
  | 'file.damaged'
  | 'header.unknown'
  | 'kind.columns-missing'
  | 'kind.ambiguous';

/** Thrown inside the readers, turned into a failure at the importer's door: a stream has no other way out. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly code: FileCode;

  constructor(code: FileCode) {
    super(code);
    this.code = code;
  }
}
