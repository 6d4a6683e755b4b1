import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openText, type TextEncoding } from './text-file.ts';
import type { TableRow } from './table.ts';

const Line = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** A number as its digits; one that cannot be exact shows as `3.30299199901018e+17`, so that nobody takes it for an ID number. */
export const numberText = (value: number): string =>
  Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);

const parseLine = (text: string): z.infer<typeof Line> | null => {
  try {
    const parsed = Line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};

/** Objects, one a line, each with its own headers (its keys). */
export async function* readJsonLines(path: string, encoding: TextEncoding): AsyncGenerator<TableRow> {
  let line = 0;
  for await (const raw of createInterface({ input: openText(path, encoding), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const text = raw.replace(/^\uFEFF/, '').trim();
    if (text === '') continue;
    const place = String(line);
    const record = parseLine(text);
    if (record === null) yield { place, line, sheet: '', cells: [text], fault: 'json.invalid' };
    else
      yield {
        place,
        line,
        sheet: '',
        header: Object.keys(record),
        cells: Object.values(record).map((value) =>
          typeof value === 'number' ? numberText(value) : value === null ? '' : String(value),
        ),
      };
  }
}
