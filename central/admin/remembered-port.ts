import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const fileOf = (data: string): string => join(data, 'gateway-port');

/** The port that the last start of this district answered on, if it is free: a device keeps the address it enrolled at. */
export async function rememberedPort(data: string): Promise<number | undefined> {
  const text = await readFile(fileOf(data), 'utf8').catch(() => '');
  const port = Number(text.trim());
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  return (await isFree(port)) ? port : undefined;
}

/** Keeps the port of a gateway's URL for the next start. */
export async function rememberPort(data: string, url: string): Promise<void> {
  await mkdir(data, { recursive: true });
  await writeFile(fileOf(data), `${new URL(url).port}\n`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
