import { Delta } from '../../shared/sync/delta.ts';

/** One line of a push as it came: a delta, or something that is none. */
export type Item =
  | {
      readonly kind: 'delta';
      readonly key: string;
      readonly opNo: number;
      readonly delta: Delta;
      readonly raw: unknown;
    }
  | {
      readonly kind: 'malformed';
      /** Key of its stored answer: its own id if that is one, else its place. Null when it has neither: it is answered and forgotten. */
      readonly key: string | null;
      readonly id: string;
      readonly opNo: number | null;
      readonly txn: string | null;
      readonly newerSchema: boolean;
      readonly raw: unknown;
    };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const usableNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 2 ** 52 ? value : null;

/** PostgreSQL keeps neither NUL nor half of a surrogate pair; such text would poison the whole batch. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !/\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.every(isStorable);
  if (isRecord(value)) return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
  return true;
}

/**
 * Reads each line by itself. A malformed line keeps its op number where it has a usable one; where it has none but
 * its neighbours leave exactly one place for it, it takes that place, so that it can hold up nobody.
 * @param author device and epoch of the pusher, for keys of lines without an id
 * @param next op number that the first line should have
 * @param schema version of the synced schema this gateway knows
 */
export function readBatch(
  raws: readonly unknown[],
  author: { readonly device: string; readonly epoch: number },
  next: number,
  schema: number,
): readonly Item[] {
  const items: Item[] = [];
  const places = new Map<string, number>();
  let expected = next;
  raws.forEach((raw, index) => {
    const parsed = Delta.safeParse(raw);
    // One id at two places is a bug of the device's; the second has no right to the first one's answer.
    const isReused = parsed.success && (places.get(parsed.data.id) ?? parsed.data.opNo) !== parsed.data.opNo;
    if (parsed.success && !isReused && isStorable(parsed.data) && parsed.data.opNo < 2 ** 52) {
      const delta = parsed.data;
      places.set(delta.id, delta.opNo);
      items.push({ kind: 'delta', key: delta.id, opNo: delta.opNo, delta, raw });
      expected = delta.opNo + 1;
      return;
    }
    const record = isRecord(raw) ? raw : {};
    let opNo = usableNumber(record['opNo']);
    if (opNo === null) {
      const following = raws[index + 1];
      const after = isRecord(following) ? usableNumber(following['opNo']) : null;
      if (following === undefined || after === expected + 1) opNo = expected;
    }
    const { id, txn, schema: itsSchema } = record;
    const ownId = typeof id === 'string' && /^[\x21-\x7e]{1,64}$/.test(id) ? id : null;
    const isTaken = ownId !== null && places.has(ownId);
    if (ownId !== null && opNo !== null && !isTaken) places.set(ownId, opNo);
    items.push({
      kind: 'malformed',
      key:
        opNo === null ? null : ((isTaken ? null : ownId) ?? `${author.device}.${String(author.epoch)}.${String(opNo)}`),
      id: ownId ?? '',
      opNo,
      txn: typeof txn === 'string' ? txn : null,
      newerSchema: typeof itsSchema === 'number' && itsSchema > schema,
      raw,
    });
    if (opNo !== null) expected = opNo + 1;
  });
  return items;
}
