import type { Reader, Writer } from './sqlite.ts';

/** What the replica knows about itself, one text value for each key. */
export type MetaKey =
  | 'replica' // identity shared with the vault beside the file
  | 'device' // device id given by the centre
  | 'epoch'
  | 'op_no' // last op number used by (device, epoch)
  | 'hlc' // `<millis>:<counter>` of the last reading
  | 'private_key' // Ed25519, PKCS8, base64
  | 'link' // fork-detection chain: value last acknowledged
  | 'next_link' // value sent and not yet acknowledged
  | 'gateway'
  | 'device_name'
  | 'person' // JSON VaultUser
  | 'county'
  | 'county_name'
  | 'demonstration'
  | 'lease_until'
  | 'clock_seen' // latest time seen, by the centre's clock: setting ours back does not extend a lease
  | 'clock_offset' // the centre's clock minus ours at the last session, in milliseconds
  | 'problem' // why the exchange stands still for good: device.revoked, device.forked
  | 'last_success'
  | 'bytes_up'
  | 'bytes_down'
  | 'rows_pulled'
  | 'last_copy'
  | 'search_version' // how tokens are cut; another number rebuilds the index
  | `history-before:${string}` // news mark of a person
  | `history-seen:${string}`;

export function readMeta(reader: Reader, key: MetaKey): string | undefined {
  return reader.prepare<{ value: string }>('SELECT value FROM meta WHERE key = ?').get(key)?.value;
}

/** A key that every enrolled replica has. */
export function needMeta(reader: Reader, key: MetaKey): string {
  const value = readMeta(reader, key);
  if (value === undefined) throw new Error(`the replica lacks ${key}`);
  return value;
}

export function writeMeta(writer: Writer, key: MetaKey, value: string): void {
  writer
    .command('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    .run(key, value);
}

export function dropMeta(writer: Writer, key: MetaKey): void {
  writer.command('DELETE FROM meta WHERE key = ?').run(key);
}
