import { basename, dirname, extname, join } from 'node:path';
import { CivilDate } from '../../shared/domain/values.ts';
import type { Source } from '../../shared/domain/sources.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Database } from '../store/database.ts';
import { forgetSettlements } from '../store/feeds.ts';
import { findDistrict } from '../store/people.ts';
import { applyBatch, applySums, forgetUntil, type ReadyRow } from './apply.ts';
import { mapColumns, type ColumnMap } from './columns.ts';
import { readCsv, sniffDelimiter } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import { kinds, kindsOf, readRow, type FeedKind, type RowRules } from './kinds.ts';
import { noCounts, type ImportScope, type ProposeCounts } from './propose.ts';
import type { RowReason } from './reasons.ts';
import { RejectFile } from './reject-file.ts';
import { FileProblem, type FileCode, type TableRow } from './table.ts';
import { shapeOf } from './text-file.ts';
import { readXlsx } from './xlsx.ts';

export interface ImportOptions {
  /** Six digits. */
  readonly county: string;
  /** Civil day that counts as today. */
  readonly today: string;
  /** Instant of the import (UTC, ISO); the present one unless told. */
  readonly now?: string;
  /** What the file is; found out from its headers unless told. */
  readonly kind?: FeedKind;
  /** The department that sent it; the kind's own unless told. */
  readonly source?: Source;
  /** Where bad rows go; `<name>.rejected.csv` beside the file unless told. */
  readonly rejectPath?: string;
  /** Told after each batch how many rows have been read. */
  readonly onProgress?: (rows: number) => void;
}

export interface ImportReport extends ProposeCounts {
  readonly kind: FeedKind;
  /** Rows of data, bad ones included. */
  readonly rows: number;
  /** People of good rows who are not in the county. */
  readonly unknownPeople: number;
  readonly rejected: number;
  readonly rejectFile: string | null;
  /** Sheets of a workbook in which no known header was found. */
  readonly ignoredSheets: readonly string[];
}

export type ImportCode = FileCode | 'county.unknown';

const batchSize = 500;
/** Titles, units and notes may stand above the header, no more than this. */
const mostLinesAboveHeader = 20;

async function openTable(path: string): Promise<AsyncGenerator<TableRow>> {
  const shape = await shapeOf(path);
  switch (shape.format) {
    case 'xlsx':
      return readXlsx(path);
    case 'json-lines':
      return readJsonLines(path, shape.encoding);
    case 'csv':
      return readCsv(path, shape.encoding, sniffDelimiter(shape.sample));
  }
}

/** Totals and signatures at the foot of a sheet are no rows about people. */
const isFooter = (cells: readonly string[]): boolean => {
  const said = cells.filter((cell) => cell.trim() !== '');
  return (
    said.length > 0 && /^\s*(合计|总计|小计|共计|填表人|制表人|填报人|制表日期|备注[:：]|注[:：])/.test(said[0] ?? '')
  );
};

/** A header as it was found, with what its columns mean. */
interface Layout {
  readonly header: readonly string[];
  readonly columns: ColumnMap;
}

/** One file on its way in: finds the header, sorts rows, works them off in batches. */
class FileImport {
  readonly counts = noCounts();
  readonly unknown = new Set<string>();
  readonly ignoredSheets = new Set<string>();
  rows = 0;
  kind: FeedKind | null;
  private readonly database: Database;
  private readonly scope: ImportScope;
  private readonly rules: RowRules;
  private readonly rejects: RejectFile;
  private readonly onProgress: (rows: number) => void;
  private readonly layouts = new Map<string, Layout>();
  private readonly touched = new Set<string>();
  private sheet = '';
  private layout: Layout | null = null;
  private linesAbove = 0;
  private missing = false;
  private batch: ReadyRow[] = [];

  constructor(
    database: Database,
    scope: ImportScope,
    rules: RowRules,
    kind: FeedKind | null,
    rejects: RejectFile,
    onProgress: (rows: number) => void,
  ) {
    this.database = database;
    this.scope = scope;
    this.rules = rules;
    this.kind = kind;
    this.rejects = rejects;
    this.onProgress = onProgress;
  }

  async take(row: TableRow): Promise<void> {
    if (row.sheet !== this.sheet) this.turnTo(row.sheet);
    if (row.header !== undefined) {
      this.layout = this.layoutOf(row.header);
      // The first object says what the file is; a later one without its keys is a bad row among good ones.
      if (this.layout === null && !this.isHeaderKnown())
        throw new FileProblem(this.missing ? 'kind.columns-missing' : 'header.unknown');
    } else if (this.layout === null && row.fault === undefined) {
      this.lookForHeader(row);
      return;
    }
    if (isFooter(row.cells) && row.fault === undefined) return;
    this.rows += 1;
    const reading = this.read(row);
    if ('reasons' in reading) await this.reject(row, reading.reasons);
    else this.batch.push({ row, finding: reading.finding });
    if (this.batch.length >= batchSize) await this.workOff();
    if (this.rows % batchSize === 0) this.onProgress(this.rows);
  }

  /** Works off what is left, then the sums over all settlements. */
  async finish(): Promise<FeedKind> {
    if (this.kind === null || !this.isHeaderKnown())
      throw new FileProblem(this.missing ? 'kind.columns-missing' : 'header.unknown');
    await this.workOff();
    const people = [...this.touched];
    for (let start = 0; start < people.length; start += batchSize)
      this.add(await applySums(this.database, this.scope, people.slice(start, start + batchSize)));
    if (this.kind === 'settlements')
      await forgetSettlements(this.database, this.scope.county, forgetUntil(this.scope.today));
    this.onProgress(this.rows);
    return this.kind;
  }

  private isHeaderKnown(): boolean {
    return this.layouts.size > 0;
  }

  private turnTo(sheet: string): void {
    this.sheet = sheet;
    this.layout = null;
    this.linesAbove = 0;
    this.ignoredSheets.add(sheet);
  }

  private lookForHeader(row: TableRow): void {
    this.linesAbove += 1;
    if (this.linesAbove > mostLinesAboveHeader) return;
    const layout = this.layoutOf(row.cells);
    if (layout === null) return;
    this.layout = layout;
    this.ignoredSheets.delete(row.sheet);
  }

  /** The meaning of a header, or null where it is none. The first one of a file decides its kind. */
  private layoutOf(header: readonly string[]): Layout | null {
    const name = JSON.stringify(header);
    const known = this.layouts.get(name);
    if (known !== undefined) return known;
    const columns = mapColumns(header);
    const fitting = kindsOf(columns);
    if (this.kind === null) {
      const [kind, other] = fitting;
      if (other !== undefined) throw new FileProblem('kind.ambiguous');
      if (kind === undefined) return null;
      this.kind = kind;
    } else if (!fitting.includes(this.kind)) {
      this.missing ||= columns.size >= 2;
      return null;
    }
    const layout = { header: header.map((title) => title.replace(/\s+/g, ' ').trim()), columns };
    this.layouts.set(name, layout);
    return layout;
  }

  private read(row: TableRow): ReturnType<typeof readRow> {
    if (row.fault !== undefined) return { reasons: [{ code: row.fault }] };
    if (this.layout === null || this.kind === null) return { reasons: [{ code: 'value.missing' }] };
    if (row.cells.slice(this.layout.header.length).some((cell) => cell.trim() !== ''))
      return { reasons: [{ code: 'row.too-many-cells' }] };
    const reading = readRow(this.kind, row.cells, this.layout.columns, this.rules);
    if (!row.cells.some((cell) => cell.includes('\uFFFD'))) return reading;
    return { reasons: [{ code: 'row.garbled' }, ...('reasons' in reading ? reading.reasons : [])] };
  }

  private async reject(row: TableRow, reasons: readonly RowReason[]): Promise<void> {
    await this.rejects.add(row.place, reasons, row.header ?? this.layout?.header ?? ['原始内容'], row.cells);
  }

  private async workOff(): Promise<void> {
    const { batch } = this;
    this.batch = [];
    if (batch.length === 0) return;
    const outcome = await applyBatch(this.database, this.scope, batch);
    this.add(outcome.counts);
    for (const idNo of outcome.unknown) this.unknown.add(idNo);
    for (const resident of outcome.touched) this.touched.add(resident);
    for (const { row, reasons } of outcome.rejected) await this.reject(row, reasons);
  }

  private add(counts: ProposeCounts): void {
    this.counts.proposals += counts.proposals;
    this.counts.alreadyTrue += counts.alreadyTrue;
    this.counts.repeated += counts.repeated;
    this.counts.outdated += counts.outdated;
    this.counts.superseded += counts.superseded;
  }
}

/**
 * Takes a department's file (CSV, XLSX or JSON lines; UTF-8, UTF-16 or GB18030) and proposes what it says to the workers of
 * the people it names. Good rows go in batches, each in one transaction; bad ones go to the reject file with every reason.
 * Reading a file twice changes nothing.
 * @returns what became of the rows, or why the file as a whole was not read; then nothing has been imported, but for
 *   `file.damaged`, which may show late: mend the file and import it again
 */
export async function importFile(
  database: Database,
  path: string,
  options: ImportOptions,
): Promise<Result<ImportReport, ImportCode>> {
  const { county, now = new Date().toISOString(), onProgress = () => undefined } = options;
  const today = CivilDate.parse(options.today);
  const district = await database.read((transaction) => findDistrict(transaction, county));
  if (district === null) return fail('county.unknown', 'correct');
  const rejects = new RejectFile(
    options.rejectPath ?? join(dirname(path), `${basename(path, extname(path))}.rejected.csv`),
  );
  const scope: ImportScope = { county, today, now, feed: basename(path) };
  const rules: RowRules = { today, demonstration: district.demonstration, source: options.source ?? null };
  const work = new FileImport(database, scope, rules, options.kind ?? null, rejects, onProgress);
  try {
    for await (const row of await openTable(path)) await work.take(row);
    const kind = await work.finish();
    const rejectFile = await rejects.finish();
    return ok({
      ...work.counts,
      kind,
      rows: work.rows,
      unknownPeople: work.unknown.size,
      rejected: rejects.rows,
      rejectFile,
      ignoredSheets: [...work.ignoredSheets],
    });
  } catch (error) {
    await rejects.discard();
    if (error instanceof FileProblem) return fail(error.code, 'correct');
    throw error;
  }
}

/** The department a kind comes from unless told otherwise. */
export const usualSource = (kind: FeedKind): Source => kinds[kind].source;
