import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openDatabase } from '../../central/admin/open.ts';
import { silentLog } from '../../central/log.ts';

const Ready = z.object({
  ready: z.literal(true),
  gateway: z.url(),
  codes: z.array(z.object({ user: z.string(), name: z.string(), code: z.string() })),
});

/** Folder of the repository. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A demonstration centre of its own: real PostgreSQL and a real gateway in another process. */
export class Centre {
  readonly gateway: string;
  readonly codes: readonly { user: string; name: string; code: string }[];
  private readonly child: ChildProcess;
  private readonly data: string;

  private constructor(ready: z.infer<typeof Ready>, child: ChildProcess, data: string) {
    this.gateway = ready.gateway;
    this.codes = ready.codes;
    this.child = child;
    this.data = data;
  }

  static async start(residents = 1000, seed?: string): Promise<Centre> {
    const data = mkdtempSync(path.join(tmpdir(), 'doorstep-centre-'));
    const child = spawn(
      process.execPath,
      [
        ...['central/main.ts', 'demo', '--residents', String(residents), '--data', data],
        ...(seed === undefined ? [] : ['--seed', seed]),
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const parsed = Ready.safeParse(JSON.parse(line));
      if (parsed.success) return new Centre(parsed.data, child, data);
    }
    rmSync(data, { recursive: true, force: true });
    throw new Error(`the centre did not start: ${said.join('').slice(-2000)}`);
  }

  /** A fresh one-time enrolment code for a demonstration worker, through the command line an administrator uses. */
  async code(user: string): Promise<string> {
    const out = await this.command('code', user, '--data', this.data);
    const code = /[A-Z0-9]{4}(?:-[A-Z0-9]{4})+/u.exec(out)?.[0];
    if (code === undefined) throw new Error(`no code in: ${out}`);
    return code;
  }

  /** What the centre's database holds, read beside the running gateway. */
  async rows(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const opened = await openDatabase(this.data, true, silentLog, 'administer');
    try {
      const { rows } = await opened.connect().query<Record<string, unknown>>(text, values);
      return rows;
    } finally {
      await opened.close();
    }
  }

  /** One row as the centre has it, or null. */
  async record(entity: string, id: string): Promise<unknown> {
    const [found] = await this.rows('SELECT data FROM record WHERE entity = $1 AND id = $2', [entity, id]);
    return found?.['data'] ?? null;
  }

  /** Runs one administration command against this centre and gives what it printed. */
  async command(...args: string[]): Promise<string> {
    const child = spawn(process.execPath, ['central/main.ts', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => out.push(chunk.toString()));
    await once(child, 'close');
    return out.join('');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null) await once(this.child, 'exit');
    rmSync(this.data, { recursive: true, force: true });
  }
}
