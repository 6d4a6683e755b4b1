import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rememberedPort, rememberPort } from './remembered-port.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'doorstep-port-'));

test('a start answers on the port of the last one', async () => {
  const data = folder();
  expect(await rememberedPort(data)).toBeUndefined();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await rememberPort(data, `http://127.0.0.1:${String(port)}`);
  // Somebody else has it now: any free port is better than none.
  expect(await rememberedPort(data)).toBeUndefined();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(await rememberedPort(data)).toBe(port);
});

test('a file with something else in it is no port', async () => {
  const data = folder();
  writeFileSync(join(data, 'gateway-port'), 'eighty');
  expect(await rememberedPort(data)).toBeUndefined();
});
