import { compactVerify, errors, importJWK } from 'jose';
import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { SessionAnswer, SessionRequest } from '../../shared/sync/wire.ts';
import type { Database } from '../store/database.ts';
import { findDevice, lastOpNo, noteSession, type Device } from '../store/devices.ts';
import { areasOf, findDistrict, findPerson, scopeHash } from '../store/people.ts';
import { leaseEnd } from './enrolment.ts';
import type { Tokens } from './tokens.ts';

const Assertion = z.object({
  iss: z.string().max(64),
  aud: z.literal('doorstep'),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(8).max(128),
});
type Assertion = z.infer<typeof Assertion>;

/** Longest span an assertion may claim for itself, in seconds. */
const longestAssertion = 600;

export interface SchemaRange {
  readonly oldest: number;
  readonly current: number;
}

/** Payload of an assertion before its signature was checked: only to learn whose key to check it with. */
function claimedBy(assertion: string): Assertion | null {
  const middle = assertion.split('.')[1] ?? '';
  try {
    const parsed = Assertion.safeParse(JSON.parse(Buffer.from(middle, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function isSignedBy(assertion: string, device: Device): Promise<boolean> {
  try {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: device.publicKey }, 'EdDSA');
    await compactVerify(assertion, key, { algorithms: ['EdDSA', 'Ed25519'] });
    return true;
  } catch (error) {
    // A key that is none was enrolled by somebody who cannot sign with it: same answer as a wrong signature.
    if (error instanceof errors.JOSEError || error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

export interface SessionFacts {
  readonly answer: SessionAnswer;
  /** Milliseconds by which the device's clock differs from the centre's; for metrics. */
  readonly clockDrift: number;
}

export type SessionFailure = 'token.missing' | 'device.revoked' | 'device.forked';

/**
 * Opens a session for a device that proves its key and shows the right link of its chain.
 *
 * The assertion's times are not held against the centre's clock: a tablet whose clock is ten years off must still get its
 * work out. What keeps a copied request from being used again is the chain: each link is good once.
 */
export async function openSession(
  database: Database,
  tokens: Tokens,
  request: SessionRequest,
  schema: SchemaRange,
  now: Date,
): Promise<Result<SessionFacts, SessionFailure>> {
  const claimed = claimedBy(request.assertion);
  if (claimed === null || claimed.exp <= claimed.iat || claimed.exp - claimed.iat > longestAssertion)
    return fail('token.missing', 'enrol-again');
  return database.write(async (transaction): Promise<Result<SessionFacts, SessionFailure>> => {
    const device = await findDevice(transaction, claimed.iss, 'update');
    if (device === null || !(await isSignedBy(request.assertion, device))) return fail('token.missing', 'enrol-again');
    if (device.revoked) return fail('device.revoked', 'call-supervisor');
    const person = await findPerson(transaction, device.person);
    const district = await findDistrict(transaction, device.county);
    if (person === null || district === null) return fail('device.revoked', 'call-supervisor');
    // `nextLink` stands there already when the answer to this very step was lost.
    if (request.link !== device.link && request.nextLink !== device.link) return fail('device.forked', 'enrol-again');
    await noteSession(transaction, device.id, { link: request.nextLink, schema: request.schema, app: request.app });
    const { county, ...publicPerson } = person;
    const areas = await areasOf(transaction, person.id, county);
    const { id, epoch } = device;
    const { token, expiresAt } = await tokens.issue(
      { sub: person.id, device: id, epoch, county, schema: request.schema, scope: scopeHash(areas) },
      now,
    );
    const answer: SessionAnswer = {
      token,
      expiresAt,
      person: publicPerson,
      areas,
      leaseUntil: leaseEnd(now, district.leaseDays),
      epoch: device.epoch,
      lastOpNo: await lastOpNo(transaction, device.id, device.epoch),
      schema,
      now: now.toISOString(),
    };
    return ok({ answer, clockDrift: claimed.iat * 1000 - now.getTime() });
  });
}
