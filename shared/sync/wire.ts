import { z } from 'zod';
import { AreaCode, FieldValue, Instant, RowId } from '../domain/values.ts';
import { Role } from '../domain/roles.ts';
import { type Delta, EntityNameSchema, Outcome, Provenance } from './delta.ts';

/*
 * Bodies of the gateway's HTTP interface, `/v1/...`. Every answer that is no success carries `Problem`.
 */

/** Error body of every endpoint, with the HTTP status that fits. */
export const Problem = z.strictObject({
  code: z.enum([
    'request.malformed', // 400
    'token.missing', // 401
    'token.expired', // 401
    'code.unknown', // 403: enrolment code not known, used, or over
    'device.revoked', // 403
    'device.forked', // 409: a copy of this device has spoken since; enrol again
    'scope.outside', // 403
    'gap', // 409: op numbers are not contiguous; facts.expected
    'schema.too-old', // 426
    'not-found', // 404
    'too-large', // 413
    'unavailable', // 503, with Retry-After
    'internal', // 500
  ]),
  message: z.string().max(500),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Public half of a device's Ed25519 key as a JWK. */
export const DeviceKey = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().max(64) });
export type DeviceKey = z.infer<typeof DeviceKey>;

export const Person = z.strictObject({ id: RowId, name: z.string().max(100), role: Role, post: z.string().max(100) });
export type Person = z.infer<typeof Person>;

export const Area = z.strictObject({ code: AreaCode, name: z.string().max(100), street: z.string().max(100) });
export type Area = z.infer<typeof Area>;

/** `POST /v1/enrol`: a one-time code makes this device one of its person's. No token needed. */
export const EnrolRequest = z.strictObject({
  code: z.string().trim().min(6).max(64),
  key: DeviceKey,
  deviceName: z.string().max(100),
  /** Random start of the fork-detection chain (see `SessionRequest.link`). */
  link: z.uuid(),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;
export const EnrolAnswer = z.strictObject({
  device: z.uuid(),
  epoch: z.int().positive(),
  person: Person,
  county: z.string().regex(/^\d{6}$/),
  countyName: z.string().max(100),
  leaseUntil: Instant,
  /** True for a demonstration district: fictitious ID prefixes are accepted. */
  demonstration: z.boolean(),
});
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

/**
 * `POST /v1/session`: proves the key, gets a token of ten minutes and the present scope.
 * `assertion` is a compact JWS (EdDSA) by the device key over `{iss: device, aud: 'doorstep', iat, exp, jti}`.
 * `link` is the chain value the device last used, `nextLink` the one it has just stored and will use next. The gateway accepts
 * `link` = the stored value (and stores `nextLink`), or `nextLink` = the stored value (the answer was lost). Anything else
 * means a restored or cloned copy: 409 `device.forked`, and the device must enrol again, keeping its outbox.
 */
export const SessionRequest = z.strictObject({
  assertion: z.string().max(2000),
  link: z.uuid(),
  nextLink: z.uuid(),
  schema: z.int().positive(),
  app: z.string().max(40),
});
export type SessionRequest = z.infer<typeof SessionRequest>;
export const SessionAnswer = z.strictObject({
  token: z.string().max(4000),
  expiresAt: Instant,
  person: Person,
  /** Every area the person holds now, sorted by code. Areas not listed are to be dropped. */
  areas: z.array(Area).max(5000),
  leaseUntil: Instant,
  epoch: z.int().positive(),
  /** Last op number the centre has from this device and epoch. */
  lastOpNo: z.int().nonnegative(),
  schema: z.strictObject({ oldest: z.int().positive(), current: z.int().positive() }),
  now: Instant,
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;

/**
 * `POST /v1/push`: the next deltas of this device in op order, at most 500. Each is judged by itself: a malformed one is
 * answered `rejected delta.malformed`, the others go on. Numbers at or below the last known are answered as before;
 * a gap is refused whole with 409 `gap`.
 */
export const pushLimit = 500;
export const PushRequest = z.strictObject({ deltas: z.array(z.unknown()).max(pushLimit) });
export type PushRequest = { deltas: Delta[] };
export const PushAnswer = z.strictObject({
  outcomes: z.array(Outcome).max(pushLimit),
  lastOpNo: z.int().nonnegative(),
});
export type PushAnswer = z.infer<typeof PushAnswer>;

/** Position in one area's feed: PostgreSQL transaction id (as text, 64 bit) and sequence. */
export const Cursor = z.strictObject({ xid: z.string().regex(/^\d{1,20}$/), seq: z.string().regex(/^\d{1,20}$/) });
export type Cursor = z.infer<typeof Cursor>;

/**
 * A row as pulled. `whole` carries all fields; else `fields` has those changed since the cursor (at least).
 * A device that gets a partial row it does not hold asks for the row by `POST /v1/rows`.
 */
export const PulledRow = z.strictObject({
  entity: EntityNameSchema,
  id: RowId,
  version: z.int().positive(),
  whole: z.boolean(),
  deleted: z.boolean(),
  fields: z.record(z.string().max(64), FieldValue),
  provenance: z.record(z.string().max(64), Provenance),
});
export type PulledRow = z.infer<typeof PulledRow>;

export const AreaChecksum = z.strictObject({ rows: z.int().nonnegative(), sum: z.int().nonnegative() });
export type AreaChecksum = z.infer<typeof AreaChecksum>;

export const AreaPage = z.strictObject({
  area: AreaCode,
  cursor: Cursor,
  /** Parsed row by row with `PulledRow`, so that one bad row does not cost the page. */
  rows: z.array(z.unknown()).max(5000),
  /** Rows that left the area; they carry no values. */
  left: z.array(z.strictObject({ entity: EntityNameSchema, id: RowId })).max(5000),
  more: z.boolean(),
  /** Live rows of the area at exactly this cursor, when the gateway could tell. */
  checksum: AreaChecksum.optional(),
  /** The cursor is older than the tombstones kept: load the area again, keep the outbox. */
  mustBootstrap: z.boolean().optional(),
});
export type AreaPage = z.infer<typeof AreaPage>;

/** `POST /v1/pull`: changes of the areas named since each cursor. */
export const PullRequest = z.strictObject({
  areas: z.array(z.strictObject({ area: AreaCode, cursor: Cursor })).max(5000),
  limit: z.int().min(1).max(5000).default(2000),
  schema: z.int().positive(),
});
export type PullRequest = z.input<typeof PullRequest>;
export const PullAnswer = z.strictObject({
  /** Only areas with something to say (rows, left, checksum or a moved cursor). */
  pages: z.array(AreaPage).max(5000),
  /** True when the person's areas differ from the token's: open a session again. */
  scopeChanged: z.boolean(),
});
export type PullAnswer = z.infer<typeof PullAnswer>;

/** `POST /v1/rows`: whole rows by name, within the scope; missing ones are left out. */
export const RowsRequest = z.strictObject({
  refs: z.array(z.strictObject({ entity: EntityNameSchema, id: RowId })).max(1000),
});
export type RowsRequest = z.infer<typeof RowsRequest>;
export const RowsAnswer = z.strictObject({
  rows: z.array(z.strictObject({ area: AreaCode, row: PulledRow })).max(1000),
});
export type RowsAnswer = z.infer<typeof RowsAnswer>;

/**
 * `GET /v1/snapshot/<area>?after=<key>&cursor=<xid>.<seq>`: live rows of one area in chunks by `(entity, id)`.
 * The cursor is taken before the first chunk and handed back by the client with the others, so that the pull that follows
 * starts from it. Columnar, since a first load is mostly column names otherwise.
 */
export const SnapshotGroup = z.strictObject({
  entity: EntityNameSchema,
  fields: z.array(z.string().max(64)).max(200),
  /** `[id, version, ...values in the order of fields]`, values checked by the device when it applies them. */
  rows: z.array(z.array(FieldValue)).max(20_000),
  /** Provenance of rows whose fields changed after they were first loaded, by row id and field. */
  provenance: z.record(z.string(), z.record(z.string(), Provenance)),
});
export type SnapshotGroup = z.infer<typeof SnapshotGroup>;
export const SnapshotChunk = z.strictObject({
  area: AreaCode,
  cursor: Cursor,
  groups: z.array(SnapshotGroup).max(50),
  /** Opaque key of the next chunk, or null at the end. */
  next: z.string().max(300).nullable(),
  /** Live rows of the area when the chunk was cut, for progress. */
  total: z.int().nonnegative(),
});
export type SnapshotChunk = z.infer<typeof SnapshotChunk>;

/** `GET /v1/history/<entity>/<id>`: what happened to a row at the centre, newest first. */
export const HistoryEntry = z.strictObject({
  field: z.string().max(64),
  before: FieldValue,
  after: FieldValue,
  fate: z.enum(['set', 'aside']),
  by: RowId,
  source: Provenance.shape.source,
  at: Instant,
  reason: Provenance.shape.reason,
  version: z.int().nonnegative(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
export const HistoryAnswer = z.strictObject({ entries: z.array(HistoryEntry).max(500) });
export type HistoryAnswer = z.infer<typeof HistoryAnswer>;

/*
 * Attachments: tus 1.0 at `/v1/files` (creation, with metadata `sha256`, `mime`, `area`), then HEAD/PATCH. A file whose
 * content does not hash to its name is refused at its last byte. `GET /v1/content/<sha256>` gives the bytes to holders of the area.
 * `HEAD /v1/content/<sha256>` says whether the centre has it already.
 */
