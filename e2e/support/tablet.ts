import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { root } from './centre.ts';
import { Network } from './network.ts';

export interface TabletOptions {
  /** Enrolment codes that the unlock page offers. */
  readonly codes?: readonly { user: string; name: string; code: string }[];
  /** A device closed before with `keep`, to be opened again: the same disk, the same wire. */
  readonly again?: Tablet;
  readonly size?: { width: number; height: number };
}

/** One device: the real app with a data folder and a network wire of its own. */
export class Tablet {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly network: Network;
  readonly data: string;

  private constructor(app: ElectronApplication, page: Page, network: Network, data: string) {
    this.app = app;
    this.page = page;
    this.network = network;
    this.data = data;
  }

  static async open(gateway: string, options: TabletOptions = {}): Promise<Tablet> {
    const network = options.again?.network ?? (await Network.to(gateway));
    const data = options.again?.data ?? mkdtempSync(path.join(tmpdir(), 'doorstep-tablet-'));
    const executablePath = process.env['DOORSTEP_ELECTRON'];
    const app = await _electron.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${data}`,
        '--force-device-scale-factor=1',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        root,
      ],
      cwd: root,
      env: {
        ...environment(),
        DOORSTEP_GATEWAY: network.url,
        DOORSTEP_DEMO: JSON.stringify(options.codes ?? []),
      },
    });
    const page = await app.firstWindow();
    const { width, height } = options.size ?? { width: 1280, height: 800 };
    await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
    return new Tablet(app, page, network, data);
  }

  /** Process id of the replica service, for the tests that kill it. */
  async servicePid(): Promise<number> {
    const pid = await this.app.evaluate(
      ({ app }) => app.getAppMetrics().find((metric) => metric.name === 'Doorstep replica')?.pid,
    );
    if (pid === undefined) throw new Error('the replica service is not running');
    return pid;
  }

  /** Ends the replica service as a crash does: at once, whatever it was doing. */
  async killService(): Promise<void> {
    process.kill(await this.servicePid(), 'SIGKILL');
  }

  /** Where the replica, its keys and the log lie. */
  get replica(): string {
    return path.join(this.data, 'replica', 'replica');
  }

  /** Keeps a picture of the screen; of a device that is closed there is none. */
  async picture(file: string): Promise<void> {
    if (this.page.isClosed()) return;
    await this.page.screenshot({ path: file, animations: 'disabled' });
  }

  /** Closes the app as a user does. `keep` leaves disk and wire for another start. */
  async close(keep: 'keep' | 'throw-away' = 'throw-away'): Promise<void> {
    await this.app.close();
    if (keep === 'keep') return;
    await this.network.close();
    rmSync(this.data, { recursive: true, force: true });
  }
}

function environment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) kept[name] = value;
  return kept;
}
