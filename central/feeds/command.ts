import { unreachable } from '../../shared/result.ts';
import type { Database } from '../store/database.ts';
import { importFile, type ImportCode, type ImportOptions, type ImportReport } from './import.ts';

/** Where a command's words go. */
export interface CommandOutput {
  /** Results, for standard output. */
  print(line: string): void;
  /** Progress and errors, for standard error. */
  tell(line: string): void;
}

/** What is wrong with a file and what to do about it, for the person at the terminal. */
export function importProblem(code: ImportCode): string {
  switch (code) {
    case 'file.missing':
      return 'there is no such file';
    case 'file.empty':
      return 'the file is empty';
    case 'file.binary':
      return 'this is no table: save it as XLSX, CSV or JSON lines';
    case 'file.old-excel':
      return 'this is an old Excel file (.xls): save it as .xlsx';
    case 'file.protected':
      return 'the workbook is protected by a password: save it without one';
    case 'file.damaged':
      return 'the workbook is damaged; rows before the damage may have been imported, importing a mended file again is safe';
    case 'header.unknown':
      return 'no header row with known columns was found in the first 20 lines';
    case 'kind.columns-missing':
      return 'the file does not have the columns of this kind';
    case 'kind.ambiguous':
      return 'the columns fit several kinds: say which with --kind';
    case 'county.unknown':
      return 'this database has no such county';
    default:
      return unreachable(code);
  }
}

const reportLines = (report: ImportReport): string[] => [
  `${report.kind}: ${String(report.rows)} rows, ${String(report.proposals)} new proposals, ${String(report.rejected)} rows rejected`,
  `already true ${String(report.alreadyTrue)}, proposed before ${String(report.repeated)}, outdated ${String(report.outdated)}, ` +
    `superseded ${String(report.superseded)}, people not in the county ${String(report.unknownPeople)}`,
  ...(report.ignoredSheets.length === 0 ? [] : [`sheets without a known header: ${report.ignoredSheets.join(', ')}`]),
  ...(report.rejectFile === null ? [] : [`rejected rows with reasons: ${report.rejectFile}`]),
];

/**
 * `npm run central -- import <file>`: imports one file and says what became of it.
 * @returns the exit code: 0 when the file was read, bad rows or not; 1 when it was not
 */
export async function runImport(
  database: Database,
  path: string,
  options: ImportOptions,
  output: CommandOutput,
): Promise<0 | 1> {
  let told = 0;
  const result = await importFile(database, path, {
    ...options,
    onProgress: (rows) => {
      options.onProgress?.(rows);
      if (rows - told < 10_000) return;
      told = rows;
      output.tell(`${String(rows)} rows read`);
    },
  });
  if (!result.ok) {
    output.tell(`${result.failure.code}: ${importProblem(result.failure.code)}`);
    return 1;
  }
  for (const line of reportLines(result.value)) output.print(line);
  return 0;
}
