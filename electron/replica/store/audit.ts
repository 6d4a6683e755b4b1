import { createHash } from 'node:crypto';
import type { Reader, Writer } from './sqlite.ts';

/** One line of the audit log. */
export interface AuditLine {
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly subject: string | null;
  readonly detail: string | null;
}

interface Stored extends AuditLine {
  readonly previous: string;
  readonly hash: string;
}

/** What stands before the first line. */
const origin = '0'.repeat(64);

/** SHA-256 over the line and the hash before it: a line changed or taken out breaks every later one. */
function hashOf(line: AuditLine, previous: string): string {
  const text = JSON.stringify([previous, line.seq, line.at, line.by, line.action, line.subject, line.detail]);
  return createHash('sha256').update(text).digest('hex');
}

/** Adds a line, in the transaction of what it is about. No names, no values. */
export function addAudit(
  writer: Writer,
  at: string,
  by: string,
  note: { readonly action: string; readonly subject?: string; readonly detail?: string },
): void {
  const last = writer
    .prepare<{ seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
    .get();
  const previous = last?.hash ?? origin;
  const line: AuditLine = {
    seq: (last?.seq ?? 0) + 1,
    at,
    by,
    action: note.action,
    subject: note.subject ?? null,
    detail: note.detail ?? null,
  };
  writer
    .command('INSERT INTO audit (seq, at, by, action, subject, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(line.seq, line.at, line.by, line.action, line.subject, line.detail, previous, hashOf(line, previous));
}

/** Newest lines first. */
export const listAudit = (reader: Reader, limit: number): readonly AuditLine[] =>
  reader
    .prepare<AuditLine>('SELECT seq, at, by, action, subject, detail FROM audit ORDER BY seq DESC LIMIT ?')
    .all(limit);

/** A chain verified up to a line; verification goes on from there. */
export interface AuditCheck {
  readonly entries: number;
  readonly intact: boolean;
  readonly hash: string;
}

/** Verifies the chain, from where an earlier check ended if one is given. */
export function checkAudit(reader: Reader, from?: AuditCheck): AuditCheck {
  let entries = from?.entries ?? 0;
  let previous = from?.hash ?? origin;
  if (from !== undefined && !from.intact) return from;
  const query = reader.prepare<Stored>('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT 1000', 'audit.check');
  for (;;) {
    const lines = query.all(entries);
    for (const line of lines) {
      if (line.seq !== entries + 1 || line.previous !== previous || line.hash !== hashOf(line, previous))
        return { entries: line.seq, intact: false, hash: line.hash };
      entries = line.seq;
      previous = line.hash;
    }
    if (lines.length === 0) return { entries, intact: true, hash: previous };
  }
}
