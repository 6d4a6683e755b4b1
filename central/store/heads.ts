import { z } from 'zod';
import { Reason } from '../../shared/sync/delta.ts';
import type { Head } from '../../shared/sync/judge.ts';
import { Source } from '../../shared/domain/sources.ts';

/** `[version, xid, device, epoch, opNo, by, source, at, reason]`: an array, since every changed field of every row has one. */
export const EncodedHead = z.tuple([
  z.int().positive(),
  z.string().regex(/^\d{1,20}$/),
  z.string(),
  z.int().nonnegative(),
  z.int().nonnegative(),
  z.string(),
  Source,
  z.string(),
  Reason,
]);
export type EncodedHead = z.infer<typeof EncodedHead>;
export type EncodedHeads = Readonly<Record<string, EncodedHead>>;

/** A head that is written already knows in which transaction; one just judged does not yet. */
export interface StoredHead extends Head {
  readonly xid: string;
}

const isStored = (head: Head): head is StoredHead => 'xid' in head && typeof head.xid === 'string';

export function decodeHeads(encoded: EncodedHeads): Readonly<Record<string, StoredHead>> {
  const heads: Record<string, StoredHead> = {};
  for (const [field, [version, xid, device, epoch, opNo, by, source, at, reason]] of Object.entries(encoded))
    heads[field] = { version, xid, device, epoch, opNo, by, source, at, reason };
  return heads;
}

/** @param xid transaction of the heads that are new */
export function encodeHeads(heads: Readonly<Record<string, Head>>, xid: string): EncodedHeads {
  const encoded: Record<string, EncodedHead> = {};
  for (const [field, head] of Object.entries(heads)) {
    const { version, device, epoch, opNo, by, source, at, reason } = head;
    encoded[field] = [version, isStored(head) ? head.xid : xid, device, epoch, opNo, by, source, at, reason];
  }
  return encoded;
}

/** A row as read from the database has stored heads only; this says so to the compiler, and checks it. */
export function withXid<R extends { readonly heads: Readonly<Record<string, Head>> }>(
  row: R,
): R & { readonly heads: Readonly<Record<string, StoredHead>> } {
  const heads: Record<string, StoredHead> = {};
  for (const [field, head] of Object.entries(row.heads)) {
    if (!isStored(head)) throw new Error(`head of ${field} was not read from the database`);
    heads[field] = head;
  }
  return { ...row, heads };
}
