import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** An answer of the centre, its body unpacked. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** The network gave no answer: cut, refused, timed out, broken off. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('the centre does not answer', { cause });
    this.name = 'NoAnswer';
  }
}

const idleMillis = 20_000;
/** An answer that unpacks to more is not one of ours. */
const largestBody = 256 * 2 ** 20;

// Node 20 has no zstd; newer runtimes do.
const zstd = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined;
const acceptEncoding = zstd === undefined ? 'br, gzip' : 'zstd, br, gzip';

/** HTTP with kept connections and a count of every byte that crosses them, headers included. */
export class Http {
  private readonly plain = new PlainAgent({ keepAlive: true, maxSockets: 4 });
  private readonly tls = new TlsAgent({ keepAlive: true, maxSockets: 4 });
  bytesUp = 0;
  bytesDown = 0;

  /** @throws NoAnswer */
  async send(wanted: HttpRequest): Promise<HttpAnswer> {
    const secure = wanted.url.protocol === 'https:';
    const { promise, resolve, reject } = deferred<HttpAnswer>();
    const request = (secure ? tlsRequest : plainRequest)(wanted.url, {
      method: wanted.method,
      agent: secure ? this.tls : this.plain,
      timeout: idleMillis,
      headers: {
        'accept-encoding': acceptEncoding,
        ...wanted.headers,
        ...(wanted.body === undefined ? {} : { 'content-length': String(wanted.body.length) }),
      },
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    });
    let settled = (): void => undefined;
    request.on('socket', (socket) => {
      const before = { up: socket.bytesWritten, down: socket.bytesRead };
      settled = () => {
        this.bytesUp += socket.bytesWritten - before.up;
        this.bytesDown += socket.bytesRead - before.down;
        settled = () => undefined;
      };
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => {
      settled();
      reject(new NoAnswer(error));
    });
    request.on('response', (response) => {
      readBody(response, wanted.method === 'HEAD').then(
        (body) => {
          settled();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        },
        (error: unknown) => {
          settled();
          request.destroy();
          reject(new NoAnswer(error));
        },
      );
    });
    request.end(wanted.body);
    return promise;
  }

  close(): void {
    this.plain.destroy();
    this.tls.destroy();
  }
}

function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

async function readBody(response: IncomingMessage, headersOnly: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of headersOnly ? response : unpacked(response)) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > largestBody) throw new Error('the answer is too large');
    chunks.push(bytes);
  }
  // A connection that breaks in the middle of a body of unknown length ends like a whole one, but for this flag.
  if (!response.complete) throw new Error('the answer broke off');
  return Buffer.concat(chunks);
}

function unpacked(response: IncomingMessage): Readable {
  const pipe = (unpack: Transform): Readable => {
    response.on('error', (error) => unpack.destroy(error));
    response.on('aborted', () => unpack.destroy(new Error('the answer broke off')));
    return response.pipe(unpack);
  };
  switch (response.headers['content-encoding']) {
    case 'br':
      return pipe(zlib.createBrotliDecompress());
    case 'gzip':
      return pipe(zlib.createGunzip());
    case 'zstd':
      if (zstd === undefined) throw new Error('zstd was not asked for');
      return pipe(zstd());
    default:
      return response;
  }
}
