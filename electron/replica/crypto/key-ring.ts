import { countFailure, failuresAllowed, failuresLeft, lockedUntil } from './attempts.ts';
import { openSlot, sealSlot, type PasswordSlot } from './password-slot.ts';
import { passwordSlots, readVault, writeVault, type Vault, type VaultRead } from './vault-file.ts';

/** What trying a password came to. The caller wipes the key. */
export type Tried =
  | { readonly kind: 'open'; readonly key: Buffer; readonly slot: PasswordSlot }
  | { readonly kind: 'wrong'; readonly left: number }
  | { readonly kind: 'locked-out'; readonly until: string };

export interface Clock {
  now(): string;
  /** Milliseconds of a clock that nobody can set. */
  monotonic(): number;
}

/** The vault file and the tries made on it. */
export class KeyRing {
  private readonly path: string;
  private readonly clock: Clock;
  private readonly cost: number;
  /** When each person's present lock-out was first seen by this process. */
  private readonly lockedSince = new Map<string, number>();

  constructor(path: string, clock: Clock, cost: number) {
    this.path = path;
    this.cost = cost;
    this.clock = clock;
  }

  read(): VaultRead {
    return readVault(this.path);
  }

  /** Changes the vault as it is on disk now. Durable when it returns. */
  change(edit: (vault: Vault) => Vault): Vault {
    const read = this.read();
    if (read.state !== 'present') throw new Error(`the vault is ${read.state}`);
    const next = edit(read.vault);
    writeVault(this.path, next);
    return next;
  }

  /** Until when a person may not try; null when she may. */
  lockedUntil(vault: Vault, user: string): string | null {
    const attempts = vault.attempts[user];
    if (attempts?.lockedUntil === null || attempts === undefined) {
      this.lockedSince.delete(user);
      return null;
    }
    const since = this.lockedSince.get(user) ?? this.clock.monotonic();
    this.lockedSince.set(user, since);
    return lockedUntil(attempts, this.clock.now(), this.clock.monotonic() - since);
  }

  failuresLeft(vault: Vault, user: string): number {
    const attempts = vault.attempts[user];
    // A lock-out that is over counts anew.
    if (attempts !== undefined && attempts.lockedUntil !== null && this.lockedUntil(vault, user) === null)
      return failuresAllowed;
    return failuresLeft(attempts);
  }

  /** Tries a password on a person's slot. The try is counted on disk before the password is checked. */
  async try(user: string, password: string): Promise<Tried> {
    const read = this.read();
    if (read.state !== 'present') throw new Error(`the vault is ${read.state}`);
    const slot = passwordSlots(read.vault).find((candidate) => candidate.user.id === user);
    if (slot === undefined) return { kind: 'wrong', left: 0 };
    const until = this.lockedUntil(read.vault, user);
    if (until !== null) return { kind: 'locked-out', until };
    const counted = this.change((vault) => ({
      ...vault,
      attempts: { ...vault.attempts, [user]: countFailure(vault.attempts[user], this.clock.now()) },
    }));
    this.lockedSince.delete(user);
    const key = await openSlot(read.vault.replica, slot, password);
    if (key !== undefined) {
      this.change((vault) => ({ ...vault, attempts: without(vault.attempts, user) }));
      return { kind: 'open', key, slot };
    }
    const locked = this.lockedUntil(counted, user);
    return locked === null
      ? { kind: 'wrong', left: failuresLeft(counted.attempts[user]) }
      : { kind: 'locked-out', until: locked };
  }

  /** Wraps the key for a person, in place of the password slot she had. */
  async seal(replica: string, user: PasswordSlot['user'], password: string, key: Buffer): Promise<void> {
    const slot = await sealSlot(replica, user, password, key, this.cost);
    this.change((vault) => ({
      ...vault,
      slots: [...vault.slots.filter((other) => !isPasswordOf(other, user.id)), slot],
    }));
  }
}

const isPasswordOf = (slot: Vault['slots'][number], user: string): boolean =>
  slot.kind === 'password' && 'user' in slot && (slot as PasswordSlot).user.id === user;

function without(attempts: Vault['attempts'], user: string): Vault['attempts'] {
  return Object.fromEntries(Object.entries(attempts).filter(([name]) => name !== user));
}
