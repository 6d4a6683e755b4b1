import type { z } from 'zod';
import type { CallOutput, ParsedInput, Settings } from '../../shared/contract/calls.ts';
import type { SyncStatus, VaultStatus } from '../../shared/contract/views.ts';

/** What the machine can do whoever is unlocked: keys, exchange, settings, facts about itself. */
export interface Station {
  vault(): VaultStatus;
  enrol(input: ParsedInput<'vault.enrol'>): Promise<CallOutput<'vault.enrol'>>;
  unlock(input: ParsedInput<'vault.unlock'>): Promise<CallOutput<'vault.unlock'>>;
  /** Closes the replica and forgets its key. Work under way finishes first. */
  lock(): Promise<VaultStatus>;
  changePassword(input: ParsedInput<'vault.changePassword'>): Promise<CallOutput<'vault.changePassword'>>;
  sync(): SyncStatus;
  /** Exchanges with the centre now instead of at the next turn. */
  syncNow(): void;
  pauseSync(paused: boolean): void;
  settings(): z.infer<typeof Settings>;
  changeSettings(wishes: ParsedInput<'settings.change'>): z.infer<typeof Settings>;
  describe(): CallOutput<'device.describe'>;
  /** Fetches the bytes of an attachment from the centre into the replica; false when they cannot be had now. */
  fetchContent(sha256: string): Promise<boolean>;
}
