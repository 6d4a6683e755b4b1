import type { Reader } from './database.ts';
import { findLiveRow, selectOne, selectRows, type EntityRow } from './decoding.ts';

export const findAttachment = (reader: Reader, id: string): EntityRow<'attachment'> | undefined =>
  findLiveRow(reader, 'attachment', id);

export const attachmentsOf = (reader: Reader, visitId: string): readonly EntityRow<'attachment'>[] =>
  selectRows(
    reader,
    'attachment',
    'WHERE t.visit_id = ? AND t.deleted = 0 ORDER BY t.taken_at, t.id LIMIT 200',
    visitId,
  );

/** Photos and scans of one visit: what stands behind a value noted there. Signatures prove presence, not a value. */
export function countEvidence(reader: Reader, visitId: string): number {
  const sql = `SELECT COUNT(*) AS n FROM attachment WHERE visit_id = ? AND kind IN ('photo', 'scan') AND deleted = 0`;
  return selectOne<{ n: number }>(reader, sql, visitId)?.n ?? 0;
}

/** Where the bytes are: kept here, and whether the centre has them. */
export function whereabouts(reader: Reader, sha256: string): { readonly here: boolean; readonly sent: boolean } {
  const here = selectOne(reader, 'SELECT 1 AS found FROM blob WHERE sha256 = ?', sha256) !== undefined;
  const upload = selectOne<{ state: string }>(reader, 'SELECT state FROM upload WHERE sha256 = ?', sha256);
  // Bytes without an upload line came from the centre.
  return { here, sent: upload === undefined || upload.state === 'done' };
}
