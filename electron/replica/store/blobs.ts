import { createHash } from 'node:crypto';
import type { Reader, Writer } from './sqlite.ts';

export interface Blob {
  readonly mime: string;
  readonly content: Uint8Array;
}

/**
 * Keeps the bytes of an attachment, encrypted with the rest of the replica, and queues them for the centre.
 * @returns SHA-256 of the content in hex: its name
 */
export function keepBlob(writer: Writer, bytes: Uint8Array, mime: string, area: string): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  storeBlob(writer, sha256, bytes, mime);
  writer
    .command(`INSERT INTO upload (sha256, area, state) VALUES (?, ?, 'waiting') ON CONFLICT (sha256) DO NOTHING`)
    .run(sha256, area);
  return sha256;
}

/** Keeps bytes that came from the centre. */
export function storeBlob(writer: Writer, sha256: string, bytes: Uint8Array, mime: string): void {
  writer
    .command('INSERT INTO blob (sha256, mime, bytes, content) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING')
    .run(sha256, mime, bytes.byteLength, bytes);
}

export const readBlob = (reader: Reader, sha256: string): Blob | undefined =>
  reader.prepare<{ mime: string; content: Uint8Array }>('SELECT mime, content FROM blob WHERE sha256 = ?').get(sha256);

/** A file on its way to the centre. */
export interface Upload {
  readonly sha256: string;
  readonly area: string;
  readonly mime: string;
  readonly bytes: number;
  readonly url: string | null;
}

/**
 * Files whose naming deltas have all been answered, and which nobody has sent yet: an attachment travels after the row that
 * names it.
 */
export const nextUploads = (reader: Reader, limit: number): readonly Upload[] =>
  reader
    .prepare<Upload>(
      `SELECT u.sha256, u.area, b.mime, b.bytes, u.url FROM upload u JOIN blob b ON b.sha256 = u.sha256
        WHERE u.state IN ('waiting', 'sending')
          AND NOT EXISTS (SELECT 1 FROM attachment a JOIN outbox o ON o.entity = 'attachment' AND o.row_id = a.id
                           WHERE a.sha256 = u.sha256 AND o.state IN ('waiting', 'sent'))
        ORDER BY u.sha256 LIMIT ?`,
      'uploads.next',
    )
    .all(limit);

export const countUploads = (reader: Reader): number =>
  reader.prepare<{ n: number }>(`SELECT count(*) AS n FROM upload WHERE state IN ('waiting', 'sending')`).get()?.n ?? 0;

export function markUpload(
  writer: Writer,
  sha256: string,
  state: 'waiting' | 'sending' | 'done' | 'refused',
  progress?: { readonly url: string | null; readonly offset: number },
): void {
  if (progress === undefined) writer.command('UPDATE upload SET state = ? WHERE sha256 = ?').run(state, sha256);
  else
    writer
      .command('UPDATE upload SET state = ?, url = ?, offset = ? WHERE sha256 = ?')
      .run(state, progress.url, progress.offset, sha256);
}
