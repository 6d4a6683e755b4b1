import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOutput, ParsedInput } from '../../shared/contract/calls.ts';
import { fail } from '../../shared/result.ts';
import type { EnrolAnswer } from '../../shared/sync/wire.ts';
import { sealSlot } from './crypto/password-slot.ts';
import { writeVault } from './crypto/vault-file.ts';
import { createReplica, fileSalt, type Replica, type ReplicaPlace, type Writer } from './store/database.ts';
import { syncFolder } from './store/durable-file.ts';
import { dropMeta, writeMeta } from './store/meta.ts';
import { searchTextVersion } from './store/search-text.ts';
import { newDeviceKey, publicKeyOf } from './sync/device-key.ts';
import { GatewayClient, type Trouble } from './sync/gateway-client.ts';

type Enrol = CallOutput<'vault.enrol'>;
type EnrolFailure = Extract<Enrol, { ok: false }>;
type Input = ParsedInput<'vault.enrol'>;

/** What the centre made of this device, with the secrets that stay here. */
export interface Enrolled {
  readonly answer: EnrolAnswer;
  readonly privateKey: string;
  readonly link: string;
}

/** Shows the one-time code to the centre. */
export async function enrolAtCentre(input: Input): Promise<Enrolled | EnrolFailure> {
  const privateKey = newDeviceKey();
  const link = randomUUID();
  const client = new GatewayClient(input.gateway, new AbortController().signal);
  try {
    const answer = await client.enrol({
      code: input.code,
      key: publicKeyOf(privateKey),
      deviceName: input.deviceName,
      link,
    });
    return answer.ok ? { answer: answer.value, privateKey, link } : failureOf(answer.trouble);
  } finally {
    client.http.close();
  }
}

function failureOf(trouble: Trouble): EnrolFailure {
  switch (trouble.kind) {
    case 'offline':
      return fail('gateway.unreachable', 'retry');
    case 'unavailable':
      return fail('gateway.unavailable', 'wait');
    case 'refused':
      return trouble.code === 'code.unknown'
        ? fail('code.unknown', 'correct')
        : fail('gateway.strange', 'call-supervisor');
    case 'strange':
      return fail('gateway.strange', 'correct');
  }
}

/** Writes who this device is, in the transaction that makes it so. */
export function writeIdentity(writer: Writer, input: Input, { answer, privateKey, link }: Enrolled): void {
  writeMeta(writer, 'device', answer.device);
  writeMeta(writer, 'epoch', String(answer.epoch));
  writeMeta(writer, 'private_key', privateKey);
  writeMeta(writer, 'link', link);
  dropMeta(writer, 'next_link');
  dropMeta(writer, 'problem');
  writeMeta(writer, 'gateway', input.gateway);
  writeMeta(writer, 'device_name', input.deviceName);
  writeMeta(writer, 'person', JSON.stringify(answer.person));
  writeMeta(writer, 'county', answer.county);
  writeMeta(writer, 'county_name', answer.countyName);
  writeMeta(writer, 'demonstration', answer.demonstration ? '1' : '0');
  writeMeta(writer, 'lease_until', answer.leaseUntil);
}

/** Names of the two files that make a replica, side by side in one folder. */
export const replicaFile = 'replica.db';
export const vaultFile = 'vault.json';

const nursery = 'enrolling-';

/**
 * Enrols a machine that has no replica. Everything is made in a folder of its own, which becomes the replica's by one rename:
 * whatever breaks before leaves nothing that could be taken for a replica, and nothing anybody has worked on.
 */
export async function enrolFirst(
  dataDir: string,
  folder: string,
  input: Input,
  place: Omit<ReplicaPlace, 'file' | 'key' | 'copiesDir'>,
  cost: number,
): Promise<EnrolFailure | null> {
  const making = join(dataDir, `${nursery}${randomUUID()}`);
  const key = randomBytes(32);
  let replica: Replica | null = null;
  try {
    mkdirSync(making, { recursive: true, mode: 0o700 });
    // Made before the code is shown: a full disk must not use it up.
    const file = join(making, replicaFile);
    const made = createReplica({ ...place, file, key, copiesDir: join(making, 'copies') });
    if (!made.ok) return fail('disk.full', 'free-space');
    replica = made.value;
    const enrolled = await enrolAtCentre(input);
    if ('ok' in enrolled) return enrolled;
    const identity = randomUUID();
    replica.transaction((writer) => {
      writeMeta(writer, 'replica', identity);
      writeMeta(writer, 'op_no', '0');
      writeMeta(writer, 'search_version', searchTextVersion);
      writeIdentity(writer, input, enrolled);
    });
    const { answer } = enrolled;
    const slot = await sealSlot(identity, answer.person, input.password, key, cost);
    replica.close();
    replica = null;
    writeVault(join(making, vaultFile), {
      version: 1,
      replica: identity,
      salt: fileSalt(file),
      countyName: answer.countyName,
      deviceName: input.deviceName,
      leaseUntil: answer.leaseUntil,
      enrolAgain: false,
      slots: [slot],
      attempts: {},
    });
    if (existsSync(folder)) throw new Error('a replica folder appeared meanwhile');
    renameSync(making, folder);
    syncFolder(dataDir);
    return null;
  } finally {
    key.fill(0);
    replica?.close();
    // Never a replica: it was not renamed, and nobody has worked on it.
    rmSync(making, { recursive: true, force: true });
  }
}
