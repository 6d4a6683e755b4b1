import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService, type Service, type ServiceFacts } from '../service.ts';
import { FakeCentre, person } from './fake-centre.ts';

export const password = '春天的田野-2026';

/** A service with a data folder of its own and, if wanted, a centre to talk to. */
export interface TestStation {
  readonly dataDir: string;
  readonly centre: FakeCentre;
  readonly gateway: string;
  readonly log: { readonly level: string; readonly event: string; readonly facts: Record<string, unknown> }[];
  service: Service;
  /** Closes the service and starts another on the same files. */
  restart(): Promise<void>;
  /** Enrols with the centre and unlocks. */
  enrol(): Promise<void>;
  unlock(): Promise<void>;
  end(): Promise<void>;
}

export async function startStation(facts: Partial<ServiceFacts> = {}): Promise<TestStation> {
  const dataDir = mkdtempSync(join(tmpdir(), 'doorstep-station-'));
  const centre = new FakeCentre();
  const gateway = await centre.start();
  const log: TestStation['log'] = [];
  const make = (): Service =>
    createService({
      dataDir,
      automatic: false,
      scryptCost: 2 ** 14,
      log: (level, event, more) => log.push({ level, event, facts: { ...more } }),
      ...facts,
    });
  const station: TestStation = {
    dataDir,
    centre,
    gateway,
    log,
    service: make(),
    restart: async () => {
      await station.service.close();
      station.service = make();
    },
    enrol: async () => {
      const input = { gateway, code: 'CODE-0001', password, deviceName: 'tablet' };
      const answer = await station.service.call('vault.enrol', input);
      if (!answer.ok) throw new Error(answer.failure.code);
    },
    unlock: async () => {
      const answer = await station.service.call('vault.unlock', { userId: person.id, password });
      if (!answer.ok) throw new Error(answer.failure.code);
    },
    end: async () => {
      await station.service.close();
      await centre.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return station;
}
