import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Instant, RowId } from '../../../shared/domain/values.ts';
import { writeDurably } from '../store/durable-file.ts';
import { PasswordSlot } from './password-slot.ts';

/** A kind of slot this build cannot open, kept as it is: a newer build's, or one of the operating system's keychain. */
const OtherSlot = z.looseObject({
  kind: z
    .string()
    .max(40)
    .refine((kind) => kind !== 'password'),
});

const Attempts = z.strictObject({
  failures: z.int().nonnegative(),
  lockedUntil: Instant.nullable(),
  /** Latest wall time seen with a failure: a clock set back does not shorten a lock-out. */
  seenAt: Instant,
});
export type Attempts = z.infer<typeof Attempts>;

/**
 * What stands beside the encrypted file, in plain text: no key, no personal record, only who may try to open it.
 */
export const Vault = z.strictObject({
  version: z.literal(1),
  /** Identity shared with the replica's own `meta`. */
  replica: z.uuid(),
  /** First 16 bytes of the replica file in hex: tells another file from a damaged one. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  countyName: z.string().max(100),
  deviceName: z.string().max(100),
  leaseUntil: Instant,
  /** The centre refuses this device: a person may enrol it anew over the same replica. */
  enrolAgain: z.boolean(),
  slots: z
    .array(z.union([PasswordSlot, OtherSlot]))
    .min(1)
    .max(50),
  attempts: z.record(RowId, Attempts),
});
export type Vault = z.infer<typeof Vault>;

/** What a vault file holds: nothing, something of ours, a newer build's, or no vault at all. */
export type VaultRead =
  | { readonly state: 'absent' }
  | { readonly state: 'present'; readonly vault: Vault }
  | { readonly state: 'newer' }
  | { readonly state: 'damaged' };

export function readVault(path: string): VaultRead {
  if (!existsSync(path)) return { state: 'absent' };
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return { state: 'damaged' };
    throw error;
  }
  const parsed = Vault.safeParse(raw);
  if (parsed.success) return { state: 'present', vault: parsed.data };
  const version = z.looseObject({ version: z.int().min(2) }).safeParse(raw);
  return { state: version.success ? 'newer' : 'damaged' };
}

export const writeVault = (path: string, vault: Vault): void => writeDurably(path, JSON.stringify(vault, null, 2));

/** Slots that a password opens. */
export const passwordSlots = (vault: Vault): readonly PasswordSlot[] =>
  vault.slots.flatMap((slot) => {
    const parsed = PasswordSlot.safeParse(slot);
    return parsed.success ? [parsed.data] : [];
  });
