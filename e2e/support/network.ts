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
    gateway.on('data', (chunk: Buffer) => (this.bytes.down += chunk.length));
    device.pipe(gateway);
    gateway.pipe(device);
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
