import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replicaFile, vaultFile } from './enrolment.ts';
import type { Refusal } from './store/database.ts';
import type { VaultRead } from './crypto/vault-file.ts';

/** Where a station keeps its files. */
export interface Paths {
  readonly dataDir: string;
  /** The replica's folder: exists from the end of an enrolment on. */
  readonly folder: string;
  readonly replica: string;
  readonly vault: string;
  readonly copies: string;
}

export function pathsIn(dataDir: string): Paths {
  const folder = join(dataDir, 'replica');
  return {
    dataDir,
    folder,
    replica: join(folder, replicaFile),
    vault: join(folder, vaultFile),
    copies: join(folder, 'copies'),
  };
}

/** Takes away folders of enrolments that broke off before their end: they were never a replica. */
export function sweepNurseries(dataDir: string): void {
  for (const name of readdirSync(dataDir))
    if (/^enrolling-[0-9a-f-]{36}$/.test(name)) rmSync(join(dataDir, name), { recursive: true, force: true });
}

/** What the files say before anybody unlocks: nothing there, a reason to refuse them, or null when they may be opened. */
export function inspectFiles(paths: Paths, vault: VaultRead): 'new' | Refusal | null {
  const replicaThere = existsSync(paths.replica);
  switch (vault.state) {
    case 'absent':
      return replicaThere ? 'replica.half-written' : 'new';
    case 'newer':
      return 'replica.newer';
    case 'damaged':
      return 'replica.damaged';
    case 'present':
      return replicaThere ? null : 'replica.half-written';
  }
}
