import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { DeviceKey } from '../../../shared/sync/wire.ts';

/** A new Ed25519 key of this device, PKCS8 in base64. It is kept inside the encrypted replica only. */
export function newDeviceKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

const privateOf = (pkcs8: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });

/** The public half as the centre wants it. */
export function publicKeyOf(pkcs8: string): DeviceKey {
  const { kty, crv, x } = createPublicKey(privateOf(pkcs8)).export({ format: 'jwk' });
  return DeviceKey.parse({ kty, crv, x });
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** Compact JWS (EdDSA) that proves the key, good for two minutes around the centre's own time. */
export function assertionOf(pkcs8: string, device: string, centreMillis: number, id: string): string {
  const seconds = Math.floor(centreMillis / 1000);
  const claims = { iss: device, aud: 'doorstep', iat: seconds, exp: seconds + 120, jti: id };
  const signed = `${encoded({ alg: 'EdDSA', typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed, 'ascii'), privateOf(pkcs8)).toString('base64url')}`;
}
