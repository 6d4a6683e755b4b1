import type { Database } from './database.ts';

/**
 * Empties a demonstration district's database, so that the next start makes a new one.
 * @returns false, and nothing is touched, when any district in it is a real one
 */
export async function resetDemonstration(database: Database): Promise<boolean> {
  return database.write(async (transaction) => {
    const { rows } = await transaction.query('SELECT FROM district WHERE NOT demonstration');
    if (rows.length > 0) return false;
    const tables = await transaction.query<{ name: string }>(
      `SELECT quote_ident(c.relname) AS name FROM pg_class c
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND c.relname <> 'schema_version'`,
    );
    await transaction.query(`TRUNCATE ${tables.rows.map((table) => table.name).join(', ')}`);
    return true;
  });
}
