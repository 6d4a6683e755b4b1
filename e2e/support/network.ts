import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A wire between one device and the gateway that can be cut and mended. Real sockets: a cut destroys the open ones and
 * refuses new ones, as a dead modem does.
 */
export class Network {
  readonly url: string;
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private up = true;
  /** Bytes from the gateway still let through, and whom to tell when they have passed; null lets all through. */
  private stall: { left: number; told: () => void } | null = null;
  /** Bytes that passed, both ways. */
  bytes = { up: 0, down: 0 };

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  /** Opens a wire to the gateway at `target`, an `http://127.0.0.1:port` address. */
  static async to(target: string): Promise<Network> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const address = server.address() as AddressInfo;
    const network = new Network(server, `http://127.0.0.1:${String(address.port)}`);
    server.on('connection', (device) => network.join(device, hostname, Number(port)));
    return network;
  }

  private join(device: Socket, host: string, port: number): void {
    if (!this.up) {
      device.destroy();
      return;
    }
    const gateway = connect(port, host);
    for (const socket of [device, gateway]) {
      this.open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.open.delete(socket);
        device.destroy();
        gateway.destroy();
      });
    }
    device.on('data', (chunk: Buffer) => (this.bytes.up += chunk.length));
    device.pipe(gateway);
    gateway.on('data', (chunk: Buffer) => {
      this.bytes.down += chunk.length;
      if (!device.write(chunk)) gateway.pause();
      this.count(chunk.length);
      if (this.isStalled()) gateway.pause();
    });
    gateway.on('end', () => device.end());
    device.on('drain', () => {
      if (!this.isStalled()) gateway.resume();
    });
  }

  private isStalled(): boolean {
    return this.stall !== null && this.stall.left <= 0;
  }

  private count(bytes: number): void {
    if (this.stall === null || this.isStalled()) return;
    this.stall.left -= bytes;
    if (this.isStalled()) this.stall.told();
  }

  /** Lets about `bytes` more through from the gateway, then nothing until `flow`; resolves when it stands still. */
  async stallAfter(bytes: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stall = { left: bytes, told: resolve };
    });
  }

  /** Ends a stall. */
  flow(): void {
    this.stall = null;
    for (const socket of this.open) socket.resume();
  }

  cut(): void {
    this.up = false;
    for (const socket of this.open) socket.destroy();
  }

  restore(): void {
    this.up = true;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
