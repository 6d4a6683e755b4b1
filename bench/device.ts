import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CallInput, CallName, CallOutput } from '../shared/contract/calls.ts';
import { createService, type Service } from '../electron/replica/service.ts';
import type { Reader } from '../electron/replica/store/database.ts';
import { supervisor, type Centre } from './centre.ts';

export const password = '量一量-走多快-2026';

/** The replica service of one device, without windows, on real files with the real cost of a password. */
export class Device {
  /** Folder that an Electron can be started on. */
  readonly userData: string;
  readonly service: Service;
  private count = 0;

  private constructor(userData: string, service: Service) {
    this.userData = userData;
    this.service = service;
  }

  /** A new device that is enrolled and has loaded nothing yet. */
  static async enrol(centre: Centre, userData: string): Promise<Device> {
    rmSync(userData, { recursive: true, force: true });
    const dataDir = join(userData, 'replica');
    mkdirSync(dataDir, { recursive: true });
    const device = new Device(userData, createService({ dataDir, automatic: false }));
    const code = await centre.code();
    const input = { gateway: centre.gateway, code, password, deviceName: 'bench' };
    const answer = await device.service.call('vault.enrol', input);
    if (!answer.ok) throw new Error(answer.failure.code);
    return device;
  }

  /** Asks as a window does: the envelope, the input and the output are all parsed. @throws when the call is refused */
  async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    this.count += 1;
    const reply = await this.service.answer({ id: this.count, name, input });
    if (reply.kind === 'refused') throw new Error(`${name}: ${reply.code}`);
    // Parsed by the output schema of this very name.
    return reply.output as CallOutput<N>;
  }

  /** Beneath the calls, for ids to ask about and for the plain copy. */
  get reader(): Reader {
    const context = this.service.context();
    if (context === null) throw new Error('the replica is not open');
    return context.reader;
  }

  async loadAll(): Promise<void> {
    await this.service.takeTurn();
    const status = await this.ask('sync.status', {});
    if (!status.load.complete || status.problem !== null) throw new Error(`not loaded: ${status.problem ?? 'unknown'}`);
  }

  async unlock(): Promise<void> {
    const answer = await this.service.call('vault.unlock', { userId: supervisor, password });
    if (!answer.ok) throw new Error(answer.failure.code);
  }

  /** Bytes on disk once the log is folded in. */
  fileBytes(): number {
    return statSync(join(this.userData, 'replica', 'replica', 'replica.db')).size;
  }
}
