import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comments } from './comments.ts';
import type { Figure } from './figure.ts';
import { budgetText, markdownTable, number, type Results } from './report.ts';

const template = join(import.meta.dirname, 'performance.template.md');

/** Writes the results into the document that people read. Prose is in the template; figures come only from a run. */
export function writeDocument(file: string, results: Results): void {
  const parts: Record<string, string> = {
    machine: machineText(results),
    figures: markdownTable(results.figures),
    parts: partsText(results.figures),
    raw: rawText(results.figures),
    missed: missedText(results.figures),
  };
  const text = readFileSync(template, 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`the template asks for ${name}`);
    return part;
  });
  writeFileSync(file, text);
}

function machineText({ machine, residents }: Results): string {
  const busy = Math.max(machine.loadBefore, machine.loadAfter) > machine.cores;
  return [
    `- ${machine.date}, commit ${machine.commit}, ${residents.toLocaleString('en')} residents`,
    `- ${machine.processor}, ${String(machine.cores)} cores, ${machine.memoryMb.toLocaleString('en')} MB of memory, disk ${machine.disk}`,
    `- ${machine.system}; Electron ${machine.electron}, Node ${machine.node}, SQLite ${machine.sqlite}`,
    `- load average before ${number(machine.loadBefore)}, after ${number(machine.loadAfter)}${busy ? ': **other work was running here; times are longer than on an idle machine, ratios less so**' : ''}`,
  ].join('\n');
}

const partsText = (figures: readonly Figure[]): string =>
  figures
    .filter((one) => Object.keys(one.parts).length > 0)
    .map((one) => {
      const parts = Object.entries(one.parts).map(([name, value]) => `${name} ${number(value)}`);
      return `- ${one.title}: ${parts.join(', ')}`;
    })
    .join('\n');

function rawText(figures: readonly Figure[]): string {
  const byWhat = new Map<string, string[]>();
  for (const one of figures)
    if (one.raw !== null) byWhat.set(one.raw.what, [...(byWhat.get(one.raw.what) ?? []), one.title]);
  return [...byWhat].map(([what, titles]) => `- ${titles.join('; ')}: ${what}`).join('\n');
}

function missedText(figures: readonly Figure[]): string {
  const missed = figures.filter((one) => one.pass === false);
  if (missed.length === 0) return 'None.';
  return missed
    .map((one) => {
      const measured = one.budget === null ? 0 : one.product[one.budget.of];
      const bare =
        one.raw === null || one.raw.runs === 1 ? '' : ` (the bare work: ${number(one.raw.p95)} ${one.unit} at p95)`;
      const why = comments[one.id] ?? 'Not explained yet.';
      return `- **${one.title}**: ${number(measured)} ${one.unit}, budget ${budgetText(one)}${bare}. ${why}`;
    })
    .join('\n');
}
