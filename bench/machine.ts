import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly date: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly disk: string;
  readonly node: string;
  readonly electron: string;
  readonly sqlite: string;
  readonly commit: string;
  /** Load average of the last minute before and after: well above the number of cores, others were working here too. */
  readonly loadBefore: number;
  readonly loadAfter: number;
}

/** Load average of the last minute. */
export const load = (): number => Number((loadavg()[0] ?? 0).toFixed(2));

function ask(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return `${name ?? process.platform} (${release()}, ${arch()})`;
  } catch {
    return `${process.platform} ${release()} ${arch()}`;
  }
}

/** Reads the machine's facts. @param folder where the measured files lie */
export function readMachine(
  folder: string,
  measured: Pick<Machine, 'electron' | 'sqlite' | 'loadBefore' | 'loadAfter'>,
): Machine {
  const all = cpus();
  const [device, kind] = ask('df', '--output=source,fstype', folder).split('\n').at(-1)?.trim().split(/\s+/) ?? [];
  return {
    date: new Date().toISOString().slice(0, 10),
    system: systemName(),
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
    disk: `${device ?? 'unknown'} (${kind ?? 'unknown'})`,
    node: process.versions.node,
    commit: ask('git', 'rev-parse', '--short', 'HEAD'),
    ...measured,
  };
}
