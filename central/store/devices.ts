import type { Queryable, Transaction } from './database.ts';

export interface Device {
  readonly id: string;
  readonly person: string;
  readonly county: string;
  /** JWK member `x` of the Ed25519 key. */
  readonly publicKey: string;
  readonly epoch: number;
  /** Chain value the device last showed. */
  readonly link: string;
  readonly revoked: boolean;
}

interface DeviceLine {
  id: string;
  person: string;
  county: string;
  public_key: string;
  epoch: number;
  link: string;
  revoked: boolean;
}

/** @param lock `share` keeps a revocation waiting until the transaction ends; `update` keeps other sessions of the device waiting */
export async function findDevice(
  queryable: Queryable,
  id: string,
  lock: 'none' | 'share' | 'update' = 'none',
): Promise<Device | null> {
  const suffix = { none: '', share: 'FOR SHARE', update: 'FOR UPDATE' }[lock];
  const { rows } = await queryable.query<DeviceLine>(
    `SELECT id, person, county, public_key, epoch, link, revoked_at IS NOT NULL AS revoked FROM device WHERE id = $1 ${suffix}`,
    [id],
  );
  const line = rows[0];
  if (line === undefined) return null;
  const { public_key: publicKey, ...rest } = line;
  return { ...rest, publicKey };
}

export async function addDevice(
  transaction: Transaction,
  device: Omit<Device, 'revoked'> & { readonly name: string },
): Promise<void> {
  await transaction.query(
    'INSERT INTO device (id, person, county, name, public_key, epoch, link) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [device.id, device.person, device.county, device.name, device.publicKey, device.epoch, device.link],
  );
  await transaction.query('INSERT INTO device_cursor (device, epoch) VALUES ($1, $2)', [device.id, device.epoch]);
}

export async function noteSession(
  transaction: Transaction,
  device: string,
  seen: { readonly link: string; readonly schema: number; readonly app: string },
): Promise<void> {
  await transaction.query('UPDATE device SET link = $2, schema = $3, app = $4, seen_at = now() WHERE id = $1', [
    device,
    seen.link,
    seen.schema,
    seen.app,
  ]);
}

/** Refuses a device from now on. @returns false when there is no such device */
export async function revokeDevice(queryable: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await queryable.query(
    'UPDATE device SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1',
    [id],
  );
  return (rowCount ?? 0) > 0;
}

/** Last op number the centre has from a device and epoch; 0 for none. */
export async function lastOpNo(queryable: Queryable, device: string, epoch: number): Promise<number> {
  const { rows } = await queryable.query<{ last: string }>(
    'SELECT last_op_no::text AS last FROM device_cursor WHERE device = $1 AND epoch = $2',
    [device, epoch],
  );
  return Number(rows[0]?.last ?? 0);
}

/** As `lastOpNo`, and keeps other pushes of the device waiting until the transaction ends. */
export async function lockCursor(transaction: Transaction, device: string, epoch: number): Promise<number> {
  const { rows } = await transaction.query<{ last: string }>(
    'SELECT last_op_no::text AS last FROM device_cursor WHERE device = $1 AND epoch = $2 FOR UPDATE',
    [device, epoch],
  );
  const last = rows[0]?.last;
  if (last === undefined) throw new Error('device without a cursor');
  return Number(last);
}

export async function moveCursor(transaction: Transaction, device: string, epoch: number, opNo: number): Promise<void> {
  await transaction.query('UPDATE device_cursor SET last_op_no = $3 WHERE device = $1 AND epoch = $2', [
    device,
    epoch,
    opNo,
  ]);
}

/** Keeps a code by its hash. */
export async function addCode(queryable: Queryable, hash: string, person: string, expiresAt: Date): Promise<void> {
  await queryable.query('INSERT INTO enrol_code (hash, person, expires_at) VALUES ($1, $2, $3)', [
    hash,
    person,
    expiresAt,
  ]);
}

/** Takes a code that is good at `now`, once. @returns the person it was made for, or null */
export async function takeCode(transaction: Transaction, hash: string, now: Date): Promise<string | null> {
  const { rows } = await transaction.query<{ person: string }>(
    'UPDATE enrol_code SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING person',
    [hash, now],
  );
  return rows[0]?.person ?? null;
}

export async function noteCodeUse(transaction: Transaction, hash: string, device: string): Promise<void> {
  await transaction.query('UPDATE enrol_code SET device = $2 WHERE hash = $1', [hash, device]);
}

/** Failed enrolments of one origin, and of all origins, in the minute of `now`. */
export async function enrolFailures(
  queryable: Queryable,
  origin: string,
  now: Date,
): Promise<{ readonly origin: number; readonly all: number }> {
  const { rows } = await queryable.query<{ origin: number; all: number }>(
    `SELECT coalesce(sum(failures) FILTER (WHERE origin = $1), 0)::int AS origin, coalesce(sum(failures), 0)::int AS "all"
     FROM enrol_failure WHERE minute = date_trunc('minute', $2::timestamptz)`,
    [origin, now],
  );
  return rows[0] ?? { origin: 0, all: 0 };
}

export async function noteEnrolFailure(queryable: Queryable, origin: string, now: Date): Promise<void> {
  await queryable.query(
    `INSERT INTO enrol_failure (origin, minute, failures) VALUES ($1, date_trunc('minute', $2::timestamptz), 1)
     ON CONFLICT (origin, minute) DO UPDATE SET failures = enrol_failure.failures + 1`,
    [origin, now],
  );
  await queryable.query(`DELETE FROM enrol_failure WHERE minute < $1::timestamptz - interval '1 day'`, [now]);
}
