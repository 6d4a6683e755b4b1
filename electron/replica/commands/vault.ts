import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Station } from '../station.ts';

/** What calls for anyone get: nothing but the machine. */
interface AnyoneContext {
  readonly station: Station;
}

export const vaultCommands = {
  'vault.status': ({ station }: AnyoneContext): CallOutput<'vault.status'> => station.vault(),
  'vault.enrol': ({ station }: AnyoneContext, input: ParsedInput<'vault.enrol'>): Promise<CallOutput<'vault.enrol'>> =>
    station.enrol(input),
  'vault.unlock': (
    { station }: AnyoneContext,
    input: ParsedInput<'vault.unlock'>,
  ): Promise<CallOutput<'vault.unlock'>> => station.unlock(input),
  'vault.lock': ({ station }: AnyoneContext): Promise<CallOutput<'vault.lock'>> => station.lock(),
  'vault.changePassword': (
    { station }: AnyoneContext,
    input: ParsedInput<'vault.changePassword'>,
  ): Promise<CallOutput<'vault.changePassword'>> => station.changePassword(input),
};
