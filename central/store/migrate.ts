import { fileURLToPath } from 'node:url';
import Postgrator from 'postgrator';
import pg from 'pg';

/** Where the centre's migrations lie: `NNNN.do.<name>.sql`, forward only. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations/central', import.meta.url));

/** Any number, the same for every gateway: whoever holds it migrates, the others wait and then find nothing to do. */
const migrationLock = 5_702_112_001;

/** A database made by a newer build: this one must not touch it. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
}

/**
 * Brings the database to this build's schema: all pending steps in one transaction, under an advisory lock, so that two
 * gateways may start at once. Steps that ran before are checked against their recorded checksums.
 * @returns the names of the steps that ran now
 * @throws NewerDatabase when the database is ahead of this build
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'doorstep-migrate' });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('SET LOCAL client_min_messages = warning');
    const postgrator = new Postgrator({
      driver: 'pg',
      migrationPattern: `${migrationsFolder}/*.sql`,
      schemaTable: 'schema_version',
      // Checksums do not depend on how a checkout writes its line ends.
      newline: 'LF',
      execQuery: (text) => client.query(text),
      execSqlScript: async (text) => {
        await client.query(text);
      },
    });
    const [present, newest] = [await postgrator.getDatabaseVersion(), await postgrator.getMaxVersion()];
    if (present > newest) throw new NewerDatabase(`database is at step ${present}, this build knows ${newest}`);
    const steps = await postgrator.migrate();
    await client.query('COMMIT');
    return steps.map((step) => `${String(step.version).padStart(4, '0')} ${step.name}`);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}
