import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright';

/**
 * The app as electron-builder made it. Its inspect fuse is off, so it is driven as a user's browser would be: through
 * Chromium's own debugging port, which only this test opens.
 */
export class PackagedApp {
  readonly page: Page;
  private readonly browser: Browser;
  private readonly child: ChildProcess;
  private readonly data: string;

  private constructor(page: Page, browser: Browser, child: ChildProcess, data: string) {
    this.page = page;
    this.browser = browser;
    this.child = child;
    this.data = data;
  }

  /** @param executable the packaged program */
  static async open(executable: string): Promise<PackagedApp> {
    const data = mkdtempSync(path.join(tmpdir(), 'doorstep-packaged-'));
    const child = spawn(
      executable,
      [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${data}`,
        '--remote-debugging-port=0',
        '--force-device-scale-factor=1',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const browser = await chromium.connectOverCDP(await endpointOf(child));
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('the packaged app has no window');
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    return new PackagedApp(page, browser, child, data);
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) await once(this.child, 'exit');
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** Where Chromium says that it listens. */
async function endpointOf(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the packaged app has no error stream');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const found = /DevTools listening on (ws:\/\/\S+)/u.exec(line)?.[1];
    if (found !== undefined) {
      // What it says later is read and dropped, or its pipe would fill and it would stand still.
      child.stderr.resume();
      return found;
    }
  }
  throw new Error(`the packaged app ended: ${said.join('\n').slice(-2000)}`);
}
