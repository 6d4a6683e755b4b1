import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { z } from 'zod';
import { AreaCode } from '../../shared/domain/values.ts';
import type { Problem } from '../../shared/sync/wire.ts';
import { addFile } from '../store/files.ts';
import { grantsOf, covers } from '../store/people.ts';
import type { Caller, Context } from './context.ts';
import { problem, statusOf } from './problem.ts';

/** Bytes of one attachment at most. */
export const largestFile = 64 * 1024 * 1024;
/** Where uploads lie, in the address. */
export const uploadPath = '/v1/files';
/** An upload that nobody went on with for a week is dropped; the device starts it again. */
const uploadDays = 7;

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const Metadata = z.object({
  sha256: Sha256,
  mime: z.string().regex(/^[a-z]{1,20}\/[a-z0-9.+-]{1,60}$/),
  area: AreaCode,
});

/** Errors as the upload library throws them; its answer carries the body, here a `Problem`. */
class UploadError extends Error {
  readonly status_code: number;
  readonly body: string;

  constructor(code: Problem['code']) {
    super(code);
    this.status_code = statusOf[code];
    this.body = JSON.stringify(problem(code));
  }
}

const codeOfStatus = (status: number): Problem['code'] => {
  if (status === 404 || status === 410) return 'not-found';
  if (status === 413) return 'too-large';
  return status < 500 ? 'request.malformed' : 'internal';
};

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Attachments on disk: uploads in parts under `uploads`, whole ones by their hash under `content`. */
export class Uploads {
  private readonly context: Context;
  private readonly folder: string;
  private readonly tus: Server;
  private readonly callers = new WeakMap<Request, Caller>();

  constructor(context: Context) {
    this.context = context;
    this.folder = context.files;
    this.tus = new Server({
      path: uploadPath,
      datastore: new FileStore({
        directory: join(this.folder, 'uploads'),
        expirationPeriodInMilliseconds: uploadDays * 86_400_000,
      }),
      relativeLocation: true,
      maxSize: largestFile,
      // Devices are no browsers of other origins.
      allowedOrigins: [],
      namingFunction: (request) => `${this.callerOf(request).device}-${randomBytes(16).toString('hex')}`,
      // Only the device that began an upload may ask for it or go on with it.
      onIncomingRequest: (request, id) => {
        if (!id.startsWith(`${this.callerOf(request).device}-`)) throw new UploadError('not-found');
        return Promise.resolve();
      },
      onUploadCreate: async (request, upload) => {
        if (upload.size === undefined) throw new UploadError('request.malformed');
        await this.check(this.callerOf(request), upload.metadata);
        return {};
      },
      onUploadFinish: async (request, upload) => {
        await this.finish(this.callerOf(request), upload);
        return {};
      },
      onResponseError: (_request, error) => {
        if (error instanceof UploadError) return { status_code: error.status_code, body: error.body };
        const status = 'status_code' in error ? error.status_code : 500;
        return { status_code: status, body: JSON.stringify(problem(codeOfStatus(status))) };
      },
    });
  }

  /** Answers a request of the upload protocol. */
  handle(request: Request, caller: Caller): Promise<Response> {
    this.callers.set(request, caller);
    return this.tus.handleWeb(request);
  }

  /** Drops uploads that were given up. */
  async clean(): Promise<number> {
    return this.tus.cleanUpExpiredUploads();
  }

  async has(sha256: string): Promise<boolean> {
    return (await stat(this.contentPath(sha256)).catch(() => null)) !== null;
  }

  read(sha256: string): ReadStream {
    return createReadStream(this.contentPath(sha256));
  }

  private callerOf(request: Request): Caller {
    const caller = this.callers.get(request);
    if (caller === undefined) throw new UploadError('token.missing');
    return caller;
  }

  private contentPath(sha256: string): string {
    return join(this.folder, 'content', sha256.slice(0, 2), sha256);
  }

  private async check(caller: Caller, metadata: unknown): Promise<z.infer<typeof Metadata>> {
    const parsed = Metadata.safeParse(metadata);
    if (!parsed.success) throw new UploadError('request.malformed');
    const grants = await grantsOf(this.context.database, caller.sub);
    const { area } = parsed.data;
    if (!area.startsWith(caller.county) || !covers(grants, area)) throw new UploadError('scope.outside');
    return parsed.data;
  }

  /** The last byte is here: the content must be what its name says. */
  private async finish(
    caller: Caller,
    upload: { readonly id: string; readonly size?: number | undefined; readonly metadata?: unknown },
  ): Promise<void> {
    // The person may have lost the area while the upload took its time.
    const { sha256, mime, area } = await this.check(caller, upload.metadata);
    const path = join(this.folder, 'uploads', upload.id);
    const whole = (await hashFile(path)) === sha256;
    if (whole) {
      const file = await open(path, 'r+');
      await file.sync();
      await file.close();
      const place = this.contentPath(sha256);
      await mkdir(dirname(place), { recursive: true });
      // The same bytes may be there already; then nothing changes but the copy.
      await rename(path, place);
    }
    await rm(path, { force: true });
    await rm(`${path}.json`, { force: true });
    if (!whole) throw new UploadError('request.malformed');
    const { county, device, sub: person } = caller;
    await addFile(this.context.database, { sha256, county, area, mime, bytes: upload.size ?? 0, person, device });
  }
}
