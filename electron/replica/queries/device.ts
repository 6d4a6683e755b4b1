import type { CallOutput } from '../../../shared/contract/calls.ts';
import type { Station } from '../station.ts';

export const deviceQueries = {
  'device.describe': ({ station }: { readonly station: Station }): CallOutput<'device.describe'> => station.describe(),
};
