import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { openText, type TextEncoding } from './text-file.ts';
import type { TableRow } from './table.ts';

const delimiters = [',', '\t', ';', '|', '，'] as const;
/** No honest row is longer; a quote that is never closed would otherwise swallow the file. */
const longestRow = 200_000;

/** The delimiter that cuts the first lines most evenly into several cells. Quoted text does not count. */
export function sniffDelimiter(sample: string): string {
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const most = Math.max(0, ...counts);
    // Lines with the same number of cells speak for a delimiter; a comma in an address does not.
    const even = counts.filter((count) => count === most && count > 0).length;
    const score = most * even;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const Parsed = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.number() }),
});

/** Rows of a text with separated values, in order, as a stream. A row that cannot be cut is given with its fault. */
export async function* readCsv(path: string, encoding: TextEncoding, delimiter: string): AsyncGenerator<TableRow> {
  const broken: TableRow[] = [];
  const text = openText(path, encoding);
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRow,
    on_skip: (error) => {
      if (error === undefined) return;
      const line = error instanceof CsvError && typeof error['lines'] === 'number' ? error['lines'] : 0;
      broken.push({ place: String(line), line, sheet: '', cells: [], fault: 'row.broken' });
    },
  });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  for await (const value of parser) {
    const { record, info } = Parsed.parse(value);
    yield* broken.splice(0);
    yield { place: String(info.lines), line: info.lines, sheet: '', cells: record };
  }
  yield* broken.splice(0);
}
