import {
  createServer,
  request as send,
  Agent,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import * as zlib from 'node:zlib';

/** What a bad line does to one request. */
export type Fault =
  | 'none'
  /** It never arrives. */
  | 'lose-request'
  /** It arrives, its answer does not. */
  | 'lose-answer'
  /** It arrives twice; the device hears the second answer. */
  | 'twice'
  /** The device gives up on it; it arrives later, behind requests that were made after it. */
  | 'late'
  /** The answer breaks off in the middle. */
  | 'cut'
  /** Something in between answers with a page of its own. */
  | 'bad-gateway';

export const faults: readonly Fault[] = ['none', 'lose-request', 'lose-answer', 'twice', 'late', 'cut', 'bad-gateway'];

interface Asked {
  readonly device: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A request that reached a gateway, with what the gateway answered, unpacked. */
export interface Exchange extends Asked {
  readonly status: number;
  readonly text: string;
  /** False where the device never got to hear the answer. */
  readonly heard: boolean;
  /** Headers of the answer that are passed on. */
  readonly answered: Readonly<Record<string, string>>;
  readonly stamp: Stamp;
}

/** When a request was answered, and what everybody was allowed to see then. */
export interface Stamp {
  readonly time: number;
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

/**
 * The line between devices and gateways: an HTTP proxy in this process, which loses, repeats, delays and cuts as it is told. A
 * device's name is the first part of its address, so that each has a line of its own.
 */
export class Wire {
  readonly exchanges: Exchange[] = [];
  /** Called before a request is passed on and after its answer came; a device may die there. */
  onTraffic: (device: string) => void = () => undefined;
  stamp: () => Stamp = () => ({ time: 0, grants: {} });
  /** Called before a request is passed on; the request waits until it is done. */
  interlude: (device: string, path: string) => Promise<void> = () => Promise.resolve();
  /** May put another body in the place of the one sent. */
  tamper: (asked: { device: string; path: string; body: Buffer }) => Buffer = ({ body }) => body;
  /** May put another body in the place of the answer. */
  forge: (asked: { device: string; path: string }, text: string) => string = (_asked, text) => text;
  private target = '';
  private readonly plans = new Map<string, Fault[]>();
  private readonly unplugged = new Set<string>();
  private readonly late: Asked[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server: Server;
  private port = 0;

  constructor() {
    this.server = createServer((request, response) => {
      void this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Where requests go from now on. */
  connect(gateway: string): void {
    this.target = gateway;
  }

  address(device: string): string {
    return `http://127.0.0.1:${String(this.port)}/${device}`;
  }

  /** What happens to the device's next requests, one fault each; afterwards the line is good. */
  plan(device: string, next: readonly Fault[]): void {
    this.plans.set(device, [...next]);
  }

  unplug(device: string, out: boolean): void {
    if (out) this.unplugged.add(device);
    else this.unplugged.delete(device);
  }

  /** Everything that was on its way arrives now; nobody waits for the answers. */
  async deliverLate(): Promise<void> {
    for (const asked of this.late.splice(0)) await this.forward(asked, false);
  }

  /** All is well again: nothing under way, no faults left. */
  async heal(): Promise<void> {
    this.plans.clear();
    this.unplugged.clear();
    await this.deliverLate();
  }

  /** Says a request once more, as it was. */
  repeat(exchange: Exchange): Promise<Exchange> {
    return this.forward(exchange, false);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const [, device = '', path = '/'] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    if (!this.unplugged.has(device)) this.onTraffic(device);
    if (!this.unplugged.has(device)) await this.interlude(device, path);
    const fault = this.unplugged.has(device) ? 'lose-request' : (this.plans.get(device)?.shift() ?? 'none');
    const { method = 'GET', headers } = request;
    const asked: Asked = { device, method, path, headers, body: this.tamper({ device, path, body }) };
    if (fault === 'late') this.late.push(asked);
    if (fault === 'late' || fault === 'lose-request') return void request.socket.destroy();
    if (fault === 'bad-gateway') {
      response.writeHead(502, { 'content-type': 'text/html' });
      return void response.end('<h1>Bad gateway</h1>');
    }
    if (fault === 'twice') await this.forward(asked, false);
    const exchange = await this.forward(asked, fault === 'none' || fault === 'twice');
    this.onTraffic(device);
    if (fault === 'lose-answer' || this.unplugged.has(device)) return void request.socket.destroy();
    const text = Buffer.from(this.forge({ device, path }, exchange.text), 'utf8');
    const headersBack = { ...exchange.answered, 'content-length': String(text.length) };
    response.writeHead(exchange.status, headersBack);
    if (fault !== 'cut') return void response.end(text);
    response.write(text.subarray(0, Math.ceil(text.length / 2)), () => request.socket.destroy());
  }

  private async forward(asked: Asked, heard: boolean): Promise<Exchange> {
    const { status, headers, body } = await this.pass(asked);
    const answered: Record<string, string> = {};
    for (const name of ['content-type', 'date', 'retry-after']) {
      const value = headers[name];
      if (typeof value === 'string') answered[name] = value;
    }
    const text = unpack(headers['content-encoding'], body);
    const exchange: Exchange = { ...asked, status, text, heard, answered, stamp: this.stamp() };
    this.exchanges.push(exchange);
    return exchange;
  }

  private pass(asked: Asked): Promise<Answered> {
    const { host: _host, connection: _connection, ...headers } = asked.headers;
    return new Promise((resolve, reject) => {
      const request = send(
        `${this.target}${asked.path}`,
        {
          method: asked.method,
          agent: this.agent,
          headers: { ...headers, ...(asked.body.length > 0 ? { 'content-length': String(asked.body.length) } : {}) },
        },
        (answer) => {
          bodyOf(answer).then(
            (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
            reject,
          );
        },
      );
      request.on('error', reject);
      request.end(asked.body);
    });
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function unpack(encoding: string | undefined, body: Buffer): string {
  if (encoding === 'zstd') return zlib.zstdDecompressSync(body).toString('utf8');
  if (encoding === 'br') return zlib.brotliDecompressSync(body).toString('utf8');
  if (encoding === 'gzip') return zlib.gunzipSync(body).toString('utf8');
  if (encoding === 'deflate') return zlib.inflateSync(body).toString('utf8');
  return body.toString('utf8');
}
