import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Connection } from './sqlite.ts';

/** One step of the schema: forward only, in one transaction with its number. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, for the list of released ones. */
  readonly sha256: string;
}

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Reads the steps of a folder in order. Throws when a number is missing or doubled: that is a broken build. */
export function readMigrations(folder: string): readonly Migration[] {
  const steps = readdirSync(folder)
    .filter((name) => fileName.test(name))
    .sort()
    .map((name): Migration => {
      const sql = readFileSync(join(folder, name), 'utf8');
      return { version: Number(name.slice(0, 4)), name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    });
  steps.forEach((step, index) => {
    if (step.version !== index + 1) throw new Error(`migration ${step.name} breaks the sequence`);
  });
  if (steps.length === 0) throw new Error(`no migrations in ${folder}`);
  return steps;
}

export const latestVersion = (steps: readonly Migration[]): number => steps.at(-1)?.version ?? 0;

/** Applies steps in order; each commits with its number or leaves nothing. Throws what stopped it. */
export function migrate(connection: Connection, steps: readonly Migration[], log: Log): void {
  // Off while tables are rebuilt; the check below sees what it would have seen.
  connection.pragma('foreign_keys = OFF');
  for (const step of steps) {
    connection.exec('BEGIN IMMEDIATE');
    try {
      connection.exec(step.sql);
      const broken: unknown = connection.pragma('foreign_key_check');
      if (Array.isArray(broken) && broken.length > 0) throw new Error(`${step.name} leaves broken references`);
      connection.pragma(`user_version = ${String(step.version)}`);
      connection.exec('COMMIT');
      log('info', 'replica.migrated', { step: step.name });
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      log('error', 'replica.migration-failed', { step: step.name });
      throw error;
    }
  }
}
