import type { JWK } from 'jose';
import type { Database } from './database.ts';

/** The key that signs session tokens, the same for every gateway of a database; `fresh` is kept if there is none yet. */
export async function signingKey(database: Database, fresh: () => Promise<JWK>): Promise<JWK> {
  const read = async (): Promise<JWK | undefined> => {
    const { rows } = await database.query<{ private_jwk: JWK }>(
      "SELECT private_jwk FROM signing_key WHERE id = 'session'",
    );
    return rows[0]?.private_jwk;
  };
  const present = await read();
  if (present !== undefined) return present;
  await database.query(
    "INSERT INTO signing_key (id, private_jwk) VALUES ('session', $1::jsonb) ON CONFLICT (id) DO NOTHING",
    [JSON.stringify(await fresh())],
  );
  const kept = await read();
  if (kept === undefined) throw new Error('the signing key was not kept');
  return kept;
}
