import { effectScope } from 'vue';
import { expect, test } from 'vitest';
import type { Bridge, ServiceEvent } from '../../shared/contract/port.ts';
import { CallError } from '../components/call-error.ts';
import { createClient } from './client.ts';

/** A bridge of which tests decide the answers and the events. */
function bridgeThat(ask: Bridge['ask']) {
  const listeners = new Set<(event: ServiceEvent) => void>();
  const bridge: Bridge = {
    ask,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onService: () => () => undefined,
    facts: { gateway: null, demoCodes: [], platform: 'linux' },
  };
  return {
    client: createClient(bridge),
    listeners,
    tell: (event: ServiceEvent) => listeners.forEach((hear) => hear(event)),
  };
}

test('an answer outside the contract is an error, never a value', async () => {
  const { client } = bridgeThat(async () => ({ locale: 'fr' }));
  await expect(client.call('settings.read', {})).rejects.toMatchObject({ name: 'CallError', code: 'call.garbled' });
});

test('the code of a refusal is found in the error that crossed the bridge', async () => {
  const { client } = bridgeThat(async () => {
    throw new Error('Error: call.locked');
  });
  await expect(client.call('sync.status', {})).rejects.toBeInstanceOf(CallError);
  await expect(client.call('sync.status', {})).rejects.toMatchObject({ code: 'call.locked', call: 'sync.status' });
});

test('changes that come while a refresh runs make one more refresh, not many', async () => {
  const { client, tell } = bridgeThat(async () => undefined);
  const waiting: (() => void)[] = [];
  let runs = 0;
  client.onChanged(['visit'], () => {
    runs += 1;
    return new Promise<void>((resolve) => waiting.push(resolve));
  });
  tell({ event: 'changed', entities: ['resident'] });
  expect(runs).toBe(0);
  for (let count = 0; count < 5; count += 1) tell({ event: 'changed', entities: ['visit', 'resident'] });
  expect(runs).toBe(1);
  waiting.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(2);
  waiting.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(2);
});

test('a subscription ends with the scope it was made in', () => {
  const { client, listeners } = bridgeThat(async () => undefined);
  const scope = effectScope();
  scope.run(() => client.onChanged(['visit'], () => undefined));
  expect(listeners.size).toBe(1);
  scope.stop();
  expect(listeners.size).toBe(0);
});
