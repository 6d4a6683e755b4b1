import type { Gateway } from '../gateway.ts';
import type { Log } from '../log.ts';

/**
 * Starts a gateway and keeps it until the process is told to end (SIGTERM, SIGINT): no new requests, those in flight are
 * finished, then everything is let go. Told twice, it ends at once.
 * @param held what the gateway stands on; closed after it, also when it does not start
 * @returns the exit code
 */
export async function runUntilTold(
  log: Log,
  start: () => Promise<Gateway>,
  held: { close(): Promise<void> },
  onReady: (gateway: Gateway) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  let asked = 0;
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSignal = (): void => {
    asked += 1;
    if (asked > 1) process.exit(1);
    tell();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    const gateway = await start();
    try {
      await onReady(gateway);
      log.event('gateway.ready', { url: gateway.url });
      await told;
      log.event('gateway.stopping');
    } finally {
      await gateway.stop();
    }
    log.event('gateway.stopped');
    return 0;
  } finally {
    await held.close();
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  }
}
