import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

export interface Results {
  readonly residents: number;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** A number as people read it: three figures are enough. */
export function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const budgetText = ({ budget, unit }: Figure): string =>
  budget === null ? '' : `${budget.of} ${unit.endsWith('/s') ? '≥' : '≤'} ${number(budget.limit)}`;

export const passText = ({ pass }: Figure): string => (pass === null ? '' : pass ? 'met' : 'MISSED');

const cells = (one: Figure): string[] => [
  one.title,
  one.unit,
  number(one.product.p50),
  one.product.runs > 1 ? number(one.product.p95) : '',
  one.raw === null ? '' : number(one.raw.p50),
  one.raw === null || one.raw.runs === 1 ? '' : number(one.raw.p95),
  one.ratio === null ? '' : `${number(one.ratio)}×`,
  budgetText(one),
  passText(one),
];

export const headings = ['figure', 'unit', 'p50', 'p95', 'bare p50', 'bare p95', 'ratio', 'budget', ''];

/** The table of the console. */
export function consoleTable(figures: readonly Figure[]): string {
  const lines = [headings, ...figures.map(cells)];
  const widths = headings.map((_none, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** The same table in Markdown. */
export function markdownTable(figures: readonly Figure[]): string {
  const row = (line: readonly string[]): string => `| ${line.join(' | ')} |`;
  return [
    row(headings),
    row(headings.map((_none, column) => (column < 2 || column > 7 ? '---' : '---:'))),
    ...figures.map((one) => row(cells(one))),
  ].join('\n');
}
