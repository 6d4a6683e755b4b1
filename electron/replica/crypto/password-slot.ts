import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { VaultUser } from '../../../shared/contract/views.ts';

const Base64 = z.base64().max(400);

/**
 * The replica key wrapped for one person by a key from her password. Other kinds of slot (the operating system's keychain)
 * may stand beside it.
 */
export const PasswordSlot = z.strictObject({
  kind: z.literal('password'),
  user: VaultUser,
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    cost: z
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    blockSize: z.int().min(8).max(32),
    parallel: z.int().min(1).max(16),
    salt: Base64,
  }),
  cipher: z.literal('aes-256-gcm'),
  iv: Base64,
  tag: Base64,
  wrapped: Base64,
});
export type PasswordSlot = z.infer<typeof PasswordSlot>;

/** 128 MiB and about a third of a second on a tablet's processor: dear to guess, bearable to wait for. */
export const scryptCost = 2 ** 17;

type Kdf = Omit<PasswordSlot['kdf'], 'name' | 'salt'>;

/** Runs outside the event loop's thread, so that the service goes on answering. */
function derive(password: string, salt: Buffer, { cost: N, blockSize: r, parallel: p }: Kdf): Promise<Buffer> {
  const text = Buffer.from(password.normalize('NFKC'), 'utf8');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      text.fill(0);
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** What the wrapping vouches for beside the key: whose slot it is, of which replica, and at what cost. */
const boundTo = (replica: string, user: VaultUser, kdf: PasswordSlot['kdf']): Buffer =>
  Buffer.from(JSON.stringify(['doorstep-slot-1', replica, user.id, user.role, kdf]), 'utf8');

/** Wraps the replica key for a person. @param cost scrypt's N, as a rule `scryptCost` */
export async function sealSlot(
  replica: string,
  user: VaultUser,
  password: string,
  key: Buffer,
  cost: number,
): Promise<PasswordSlot> {
  const salt = randomBytes(16);
  const kdf = { name: 'scrypt', cost, blockSize: 8, parallel: 1, salt: salt.toString('base64') } as const;
  const wrapping = await derive(password, salt, kdf);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrapping, iv);
  cipher.setAAD(boundTo(replica, user, kdf));
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  wrapping.fill(0);
  return {
    kind: 'password',
    user,
    kdf,
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    wrapped: wrapped.toString('base64'),
  };
}

/** Unwraps the replica key; undefined when the password is wrong or the slot was tampered with. */
export async function openSlot(replica: string, slot: PasswordSlot, password: string): Promise<Buffer | undefined> {
  const wrapping = await derive(password, Buffer.from(slot.kdf.salt, 'base64'), slot.kdf);
  const iv = Buffer.from(slot.iv, 'base64');
  const tag = Buffer.from(slot.tag, 'base64');
  try {
    if (iv.length !== 12 || tag.length !== 16) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', wrapping, iv, { authTagLength: 16 });
    decipher.setAAD(boundTo(replica, slot.user, slot.kdf));
    decipher.setAuthTag(tag);
    const key = Buffer.concat([decipher.update(Buffer.from(slot.wrapped, 'base64')), decipher.final()]);
    return key.length === 32 ? key : undefined;
  } catch (error) {
    // GCM says only that the tag does not fit: another password, or other bytes. Anything else is a fault of ours.
    if (error instanceof Error && /authenticate data/.test(error.message)) return undefined;
    throw error;
  } finally {
    wrapping.fill(0);
  }
}
