import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import iconv from 'iconv-lite';
import { FileProblem } from './table.ts';

export type FileShape =
  | { readonly format: 'xlsx' }
  | { readonly format: 'csv' | 'json-lines'; readonly encoding: TextEncoding; readonly sample: string };
export type TextEncoding = 'utf8' | 'gb18030' | 'utf16le' | 'utf16-be';

const sampleBytes = 65_536;

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      throw new FileProblem('file.missing');
    throw error;
  });
  try {
    if (!(await file.stat()).isFile()) throw new FileProblem('file.missing');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const startsWith = (bytes: Buffer, ...signature: number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

/** True when the whole file is valid UTF-8: GB18030 text of any length practically never is. */
async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function encodingOf(path: string, head: Buffer): Promise<TextEncoding> {
  if (startsWith(head, 0xff, 0xfe)) return 'utf16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf16-be';
  // A text has no zero bytes, and what has some is no text.
  if (head.includes(0)) throw new FileProblem('file.binary');
  return (await isUtf8(path)) ? 'utf8' : 'gb18030';
}

/** Many control characters, or many bytes that mean nothing: not a text, whatever its name says. */
function looksBinary(text: string): boolean {
  const strange = text.replace(/[^\u0000-\u0008\u000e-\u001f\ufffd]/g, '').length;
  return strange * 50 > text.length;
}

/**
 * Says what a file is by its content, never by its name alone.
 * @throws FileProblem when it is missing, empty, or nothing that a department sends
 */
export async function shapeOf(path: string): Promise<FileShape> {
  const head = await firstBytes(path);
  if (head.length === 0) throw new FileProblem('file.empty');
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04)) return { format: 'xlsx' };
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    // Old .xls and encrypted .xlsx share a container; the encrypted one names its stream.
    const encrypted = (await readFile(path)).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    throw new FileProblem(encrypted ? 'file.protected' : 'file.old-excel');
  }
  const encoding = await encodingOf(path, head);
  const decoded = iconv.decode(head, encoding);
  // Where the sample ends in the middle of the file, its last character may be cut in two.
  const text = head.length < sampleBytes ? decoded : decoded.slice(0, -4);
  if (text.trim() === '') throw new FileProblem('file.empty');
  if (looksBinary(text)) throw new FileProblem('file.binary');
  return { format: /^\s*\{/.test(text) ? 'json-lines' : 'csv', encoding, sample: text };
}

/** The file as decoded text, without a byte order mark. */
export function openText(path: string, encoding: TextEncoding): Readable {
  const decoder = iconv.decodeStream(encoding) as unknown as NodeJS.ReadWriteStream & Readable;
  const source = createReadStream(path);
  source.on('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  return decoder;
}
