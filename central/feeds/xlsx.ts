import ExcelJS from 'exceljs';
import { numberText } from './json-lines.ts';
import { FileProblem, type TableRow } from './table.ts';

/** A day as the sheet shows it: Excel's dates have no zone, and exceljs gives them as UTC. */
const dayText = (date: Date): string => {
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
};

/** What a cell shows. A formula's last result is taken as it was saved; nothing is ever calculated here. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return dayText(value);
  if (typeof value !== 'object') return '';
  if ('richText' in value && Array.isArray(value.richText))
    return value.richText
      .map((part: unknown) => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
      .join('');
  if ('result' in value) return cellText(value.result);
  if ('text' in value) return cellText(value.text);
  // An error (`#N/A`) is shown, so that the row is refused for what stands there.
  if ('error' in value) return String(value.error);
  return '';
}

/** Rows of every sheet, in order, as a stream: a workbook is never held whole. */
export async function* readXlsx(path: string): AsyncGenerator<TableRow> {
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(path, {
    worksheets: 'emit',
    sharedStrings: 'cache',
    // Styles say which numbers are dates.
    styles: 'cache',
    hyperlinks: 'ignore',
    entries: 'ignore',
  });
  let sheets = 0;
  try {
    for await (const worksheet of reader) {
      sheets += 1;
      const sheet = 'name' in worksheet && typeof worksheet.name === 'string' ? worksheet.name : String(sheets);
      for await (const row of worksheet) {
        const cells: string[] = [];
        row.eachCell({ includeEmpty: true }, (cell, column) => {
          cells[column - 1] = cellText(cell.value);
        });
        if (cells.some((cell) => cell !== ''))
          yield { place: `${sheet}!${String(row.number)}`, line: row.number, sheet, cells };
      }
    }
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem('file.damaged');
  }
  if (sheets === 0) throw new FileProblem('file.damaged');
}
