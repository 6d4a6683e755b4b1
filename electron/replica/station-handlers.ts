import { settingsCommands } from './commands/settings.ts';
import { syncCommands } from './commands/sync.ts';
import { vaultCommands } from './commands/vault.ts';
import type { Handler, StationCall } from './handlers.ts';
import { auditQueries } from './queries/audit.ts';
import { deviceQueries } from './queries/device.ts';
import { syncQueries } from './queries/sync.ts';

/** Keys, the exchange, settings, the machine. Those for anyone use nothing of the context but `station`. */
export const stationHandlers: { readonly [N in StationCall]: Handler<N> } = {
  ...vaultCommands,
  ...settingsCommands,
  ...syncCommands,
  ...syncQueries,
  ...deviceQueries,
  ...auditQueries,
};
