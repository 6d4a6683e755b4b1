import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { TestDevice } from './testing/device.ts';

const main = join(import.meta.dirname, 'main.ts');
const Ready = z.strictObject({
  ready: z.literal(true),
  gateway: z.url(),
  codes: z.array(z.strictObject({ user: z.string(), name: z.string(), code: z.string() })).min(3),
});

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'doorstep-demo-'));
});
afterAll(async () => {
  await rm(data, { recursive: true, force: true });
});

const environment = { ...process.env, DATABASE_URL: '' };

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out: out.join(''), err: err.join('') };
}

interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ready: z.infer<typeof Ready>;
  readonly lines: string[];
  readonly log: string[];
}

async function startDemo(): Promise<Running> {
  const args = [main, 'demo', '--residents', '500', '--seed', '7', '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const [lines, log]: [string[], string[]] = [[], []];
  child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await Promise.race([
    once(reader, 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`the demonstration ended: ${log.join('')}`);
    }),
  ]);
  return { child, ready: Ready.parse(JSON.parse(lines[0] ?? '')), lines, log };
}

test('bad arguments: the usage, and exit code 2', async () => {
  const { code, out, err } = await run('demo', '--residents', 'many');
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain('Usage: npm run central -- <command>');
});

test(
  'the demonstration: ready in one line, survives kill -9, fresh codes each time, ends in order',
  { timeout: 240_000 },
  async () => {
    const first = await startDemo();
    const [member] = first.ready.codes;
    const device = await TestDevice.enrol(first.ready.gateway, member?.code ?? '');
    expect(first.log.join('')).toContain('district.progress');

    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    // The killed gateway has left its server running, and the lock in place.
    const second = await startDemo();
    expect(second.log.join('')).not.toContain('district.progress');
    expect(second.ready.codes.map(({ user }) => user)).toEqual(first.ready.codes.map(({ user }) => user));
    expect(second.ready.codes[0]?.code).not.toBe(member?.code);
    const moved = Object.assign(device.clone(), { url: second.ready.gateway });
    expect(await moved.session()).toMatchObject({ ok: true });

    // Administration beside a running gateway uses its server.
    const made = await run('code', member?.user ?? '', '--data', data);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\n$/) as string,
    });
    await TestDevice.enrol(second.ready.gateway, made.out.trim());
    expect(await run('code', 'nobody', '--data', data)).toMatchObject({ code: 1, out: '' });
    expect(await run('revoke', device.identity.device, '--data', data)).toMatchObject({ code: 0 });
    expect(await moved.pull([])).toMatchObject({ ok: false, status: 403, problem: { code: 'device.revoked' } });
    // Two gateways of one folder would end each other's server.
    const beside = await run('demo', '--residents', '500', '--data', data);
    expect(beside).toMatchObject({ code: 1, err: expect.stringContaining('another gateway') as string });

    second.child.kill('SIGTERM');
    const [code] = (await once(second.child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(second.lines).toHaveLength(1);
    for (const line of second.log.join('').trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(second.log.join('')).not.toMatch(/\p{Script=Han}/u);
    await expect(readFile(join(data, 'postgres', 'cluster', 'postmaster.pid'))).rejects.toThrow('ENOENT');
  },
);
