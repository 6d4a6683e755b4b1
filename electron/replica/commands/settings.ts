import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { Station } from '../station.ts';

export const settingsCommands = {
  'settings.read': ({ station }: { readonly station: Station }): CallOutput<'settings.read'> => station.settings(),
  'settings.change': (
    { station }: { readonly station: Station },
    input: ParsedInput<'settings.change'>,
  ): CallOutput<'settings.change'> => station.changeSettings(input),
};
