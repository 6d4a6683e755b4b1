import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { reasonText, type RowReason } from './reasons.ts';

/** A cell for a spreadsheet: what would run as a formula there is shown as text. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const firstCell = '\uFEFF行号';

/** True for a file that this importer wrote; anything else is not ours to remove. */
async function isRejectFile(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  const wanted = Buffer.from(firstCell);
  const { buffer } = await file.read(Buffer.alloc(wanted.length), 0, wanted.length, 0).finally(() => file.close());
  return buffer.equals(wanted);
}

/**
 * Rows that were not taken, with where they stood, why, and their cells as they came. UTF-8 with a byte order mark, so that
 * Excel shows the characters. Appears only when it is whole, and only when there is something in it.
 */
export class RejectFile {
  readonly path: string;
  rows = 0;
  private stream: WriteStream | null = null;
  private readonly partial: string;

  constructor(path: string) {
    this.path = path;
    this.partial = `${path}.partial`;
  }

  async add(
    place: string,
    reasons: readonly RowReason[],
    header: readonly string[],
    cells: readonly string[],
  ): Promise<void> {
    if (this.stream === null) {
      // People's data: for the one who imports, nobody else.
      this.stream = createWriteStream(this.partial, { mode: 0o600 });
      await this.line([firstCell, '原因代码', '原因', ...header]);
    }
    this.rows += 1;
    await this.line([
      place,
      reasons.map((reason) => reason.code).join(' '),
      reasons.map(reasonText).join('；'),
      ...cells,
    ]);
  }

  /** Puts the file in its place; an older one of the same name goes, for its rows were read anew. */
  async finish(): Promise<string | null> {
    if (this.stream === null) {
      if (await isRejectFile(this.path)) await rm(this.path);
      return null;
    }
    this.stream.end();
    await finished(this.stream);
    await rename(this.partial, this.path);
    return this.path;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    this.stream?.destroy();
    await rm(this.partial, { force: true });
  }

  private async line(cells: readonly string[]): Promise<void> {
    const { stream } = this;
    if (stream === null) return;
    const text = `${cells.map(cell).join(',')}\r\n`;
    await new Promise<void>((done, failed) => {
      stream.write(text, (error) => {
        if (error === null || error === undefined) done();
        else failed(error);
      });
    });
  }
}
