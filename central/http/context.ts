import type { FastifyInstance, FastifyRequest, RawServerDefault, FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Person } from '../../shared/sync/wire.ts';
import type { Claims, Tokens } from '../access/tokens.ts';
import type { SchemaRange } from '../access/session.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { ChecksumCache } from '../pull/pull.ts';
import type { Database } from '../store/database.ts';
import { findDevice } from '../store/devices.ts';
import { findPerson } from '../store/people.ts';
import { ProblemError } from './problem.ts';

/** What every route works with. */
export interface Context {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly schema: SchemaRange;
  /** Folder for attachments. */
  readonly files: string;
  readonly checksums: ChecksumCache;
  now(): Date;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who asks, checked against the database in this very request. */
export interface Caller extends Claims {
  readonly person: Person;
}

/**
 * Finds out who asks: a token of ours that is not over, of a device that is not revoked, of a person who is still there.
 * @throws ProblemError `token.missing`, `token.expired`, `device.revoked`
 */
export async function authorise(context: Context, request: FastifyRequest): Promise<Caller> {
  const header = request.headers.authorization ?? '';
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(header) ?? [];
  if (token === undefined) throw new ProblemError('token.missing');
  const claims = await context.tokens.verify(token, context.now());
  if (!claims.ok) throw new ProblemError('token.expired');
  const { sub, device: id, county } = claims.value;
  const device = await findDevice(context.database, id);
  const person = await findPerson(context.database, sub);
  if (device === null || device.revoked || person === null || device.person !== sub || person.county !== county)
    throw new ProblemError('device.revoked');
  return { ...claims.value, person };
}

/** Devices of an older schema than the last three may push and read what they are told, but are not served rows. */
export function refuseOldSchema(context: Context, schema: number): void {
  const { oldest, current } = context.schema;
  if (schema < oldest) throw new ProblemError('schema.too-old', { facts: { oldest, current } });
}
