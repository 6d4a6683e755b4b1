import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';

/** Seconds with one decimal, aligned. */
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1).padStart(6)} s`;

/** Columns a text takes on a terminal: Chinese characters take two. */
const columns = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[\u2E80-\uFFEF]/u.test(sign) ? 2 : 1), 0);

/** Tells a story step by step on the terminal, each with its number and time, and keeps pictures of it. */
export class Narrator {
  private readonly folder: string;
  private readonly began = performance.now();
  private told = 0;
  private pictures = 0;

  /** @param folder where the pictures go; what was in it is removed */
  constructor(folder: string) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Does one step; the first that fails ends the story with its error. */
  async step<T>(title: string, act: () => Promise<T>): Promise<T> {
    this.told += 1;
    const began = performance.now();
    process.stdout.write(`${String(this.told).padStart(3)}  ${title}${' '.repeat(Math.max(1, 76 - columns(title)))}`);
    try {
      const result = await act();
      process.stdout.write(`${seconds(performance.now() - began)}\n`);
      return result;
    } catch (error) {
      process.stdout.write(`${seconds(performance.now() - began)}  FAILED\n`);
      throw error;
    }
  }

  /** Keeps a picture of what the page shows, under the story's next number. */
  async picture(page: Page, name: string): Promise<void> {
    this.pictures += 1;
    const file = path.join(this.folder, `${String(this.pictures).padStart(2, '0')}-${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
  }

  end(): void {
    process.stdout.write(
      `\n${String(this.told)} steps held, ${String(this.pictures)} pictures in ${path.relative(process.cwd(), this.folder)}, ` +
        `${seconds(performance.now() - this.began).trim()} in all\n`,
    );
  }

  /** Tells where the story broke: why, and what each open screen showed. */
  async fail(error: unknown, pages: ReadonlyMap<string, Page>): Promise<void> {
    process.stdout.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    for (const [name, page] of pages) {
      try {
        await this.picture(page, `failed-${name}`);
        process.stdout.write(`\nOn the screen of ${name}:\n${await page.locator('body').ariaSnapshot()}\n`);
      } catch (closed) {
        process.stdout.write(`\nThe screen of ${name} cannot be read: ${String(closed)}\n`);
      }
    }
  }
}
