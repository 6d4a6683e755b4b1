import type { Queryable } from './database.ts';

export interface StoredFile {
  readonly sha256: string;
  readonly county: string;
  readonly area: string;
  readonly mime: string;
  readonly bytes: number;
  readonly person: string;
  readonly device: string;
}

/** Notes that an area has the bytes; the same bytes in the same area are noted once. */
export async function addFile(queryable: Queryable, file: StoredFile): Promise<void> {
  await queryable.query(
    `INSERT INTO file (sha256, county, area, mime, bytes, person, device) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (sha256, area) DO NOTHING`,
    [file.sha256, file.county, file.area, file.mime, file.bytes, file.person, file.device],
  );
}

/** Areas of a county that have the bytes. */
export async function filesOf(
  queryable: Queryable,
  county: string,
  sha256: string,
): Promise<readonly { readonly area: string; readonly mime: string; readonly bytes: number }[]> {
  const { rows } = await queryable.query<{ area: string; mime: string; bytes: string }>(
    'SELECT area, mime, bytes::text FROM file WHERE county = $1 AND sha256 = $2 ORDER BY area',
    [county, sha256],
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
}
