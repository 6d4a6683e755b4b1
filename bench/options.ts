import { parseArgs } from 'node:util';
import { z } from 'zod';

/** Groups of figures that can be asked for by name. */
export const groups = [
  'first-load',
  'gateway-load',
  'size',
  'unlock',
  'search',
  'pages',
  'list',
  'today',
  'commit',
  'push',
  'pull',
  'launch',
  'memory',
] as const;
export type Group = (typeof groups)[number];

export interface Options {
  readonly residents: number;
  readonly wanted: ReadonlySet<Group>;
  readonly json: boolean;
  /** Everything at the size of the budgets: such a run rewrites the document. */
  readonly whole: boolean;
}

export const fullSize = 100_000;

/** @throws with a line that says what is wrong */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { residents: { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const residents = z.coerce
    .number('--residents is a number')
    .int()
    .min(500)
    .max(200_000)
    .parse(values.residents ?? fullSize);
  const names = values.only === undefined ? [...groups] : values.only.split(',');
  const wanted = new Set(z.array(z.enum(groups, `--only takes ${groups.join(', ')}`)).parse(names));
  return { residents, wanted, json: values.json, whole: wanted.size === groups.length && residents === fullSize };
}
