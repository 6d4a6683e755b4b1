import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { makeCode } from '../central/access/enrolment.ts';
import { Database } from '../central/store/database.ts';
import { TestDevice } from '../central/testing/device.ts';

/** Holds the whole county, so that one device can have all residents. */
export const supervisor = 'supervisor-zhaolihua';

const Ready = z.strictObject({ gateway: z.url(), database: z.string(), madeMillis: z.number().nullable() });

/** A gateway with the demonstration district, and its database. */
export interface Centre {
  readonly gateway: string;
  /** PostgreSQL, for the bare cost of what the gateway does. */
  readonly database: Database;
  /** Milliseconds in which the district was made, when it had to be. */
  readonly madeMillis: number | null;
  /** A fresh one-time code for the supervisor. */
  code(): Promise<string>;
  /** A device reduced to its HTTP. */
  device(): Promise<TestDevice>;
  stop(): Promise<void>;
}

/** @param folder where the district is kept between runs */
export async function startCentre(folder: string, residents: number): Promise<Centre> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'centre-process.ts'), folder, String(residents)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let ready: z.infer<typeof Ready> | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    ready = Ready.parse(JSON.parse(line));
    break;
  }
  if (ready === null) throw new Error('the centre did not start');
  const { gateway, madeMillis } = ready;
  const database = new Database(ready.database, { connections: 2 });
  const code = async (): Promise<string> => {
    const made = await makeCode(database, supervisor, new Date(), 1);
    if (!made.ok) throw new Error(made.failure.code);
    return made.value;
  };
  return {
    gateway,
    database,
    madeMillis,
    code,
    device: async () => TestDevice.enrol(gateway, await code()),
    async stop() {
      await database.close();
      child.stdin.end();
      await ended;
    },
  };
}
