import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, errors, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Database } from '../store/database.ts';
import { signingKey } from '../store/keys.ts';

/** What a session token says. Areas are not in it: they are read where they are needed. */
export const Claims = z.object({
  sub: z.string(),
  device: z.string(),
  epoch: z.int().positive(),
  county: z.string(),
  schema: z.int().positive(),
  /** `scopeHash` of the areas at the session's start; only to notice a change, never to allow anything. */
  scope: z.string(),
});
export type Claims = z.infer<typeof Claims>;

/** Seconds a session token is good for. */
export const tokenSeconds = 600;

const audience = 'doorstep';

/** Issues and reads session tokens with the key that all gateways of a database share. */
export class Tokens {
  private readonly privateKey: CryptoKey;
  private readonly publicKey: CryptoKey;

  private constructor(privateKey: CryptoKey, publicKey: CryptoKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** From a key pair at hand. */
  static of(privateKey: CryptoKey, publicKey: CryptoKey): Tokens {
    return new Tokens(privateKey, publicKey);
  }

  /** With the key of a database, made if there is none yet. */
  static async open(database: Database): Promise<Tokens> {
    const jwk = await signingKey(database, async (): Promise<JWK> => {
      const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
      return exportJWK(privateKey);
    });
    const { d: _private, ...publicJwk } = jwk;
    return new Tokens(await importKey(jwk), await importKey(publicJwk));
  }

  async issue(claims: Claims, now: Date): Promise<{ token: string; expiresAt: string }> {
    const issued = Math.floor(now.getTime() / 1000);
    const { sub, ...rest } = claims;
    const token = await new SignJWT(rest)
      .setProtectedHeader({ alg: 'EdDSA' })
      .setSubject(sub)
      .setAudience(audience)
      .setIssuedAt(issued)
      .setExpirationTime(issued + tokenSeconds)
      .sign(this.privateKey);
    return { token, expiresAt: new Date((issued + tokenSeconds) * 1000).toISOString() };
  }

  async verify(token: string, now: Date): Promise<Result<Claims, 'token.expired'>> {
    try {
      const { payload } = await jwtVerify(token, this.publicKey, {
        algorithms: ['EdDSA'],
        audience,
        currentDate: now,
        requiredClaims: ['exp', 'sub'],
      });
      return ok(Claims.parse(payload));
    } catch (error) {
      // A token that is over, forged or no token at all: in each case the way on is a new session.
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) return fail('token.expired', 'retry');
      throw error;
    }
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('the signing key is no key pair');
  return key;
}
