import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calls, type CallInput, type CallName, type CallOutput } from '../../../shared/contract/calls.ts';
import type { VaultUser } from '../../../shared/contract/views.ts';
import { entityNames, type EntityName, type FieldName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Provenance } from '../../../shared/sync/delta.ts';
import type { Context } from '../commands/writing.ts';
import { useCases, type StationCall } from '../handlers.ts';
import { silent } from '../log.ts';
import type { Station } from '../station.ts';
import { listAudit, type AuditLine } from '../store/audit.ts';
import { createReplica, type Replica, type Writer } from '../store/database.ts';
import { putRow } from '../store/entity-table.ts';
import { writeMeta } from '../store/meta.ts';
import { receiveRow } from '../store/receive.ts';
import { SearchUpdate } from '../store/search-index.ts';
import { contextOver } from '../writing-context.ts';

/** Area of everything a test makes unless it says otherwise. */
export const testArea = '330211001001';

/** A person at a test replica; her worker row exists. */
export const liMin: VaultUser = { id: 'w-li', name: '李敏', role: 'community-worker', post: '社区工作者' };

type Fields<E extends EntityName> = Partial<Record<FieldName<E>, FieldValue>>;
type DayCall = Exclude<CallName, StationCall>;

/** A replica in a file of its own, with a clock that stands until it is moved. */
export interface TestReplica {
  readonly replica: Replica;
  readonly context: Context;
  /** Puts a row as the centre has it, at a version. */
  seed<E extends EntityName>(entity: E, id: string, fields: Fields<E>, version?: number): void;
  /** Applies a pulled change by somebody else. */
  pull<E extends EntityName>(
    entity: E,
    id: string,
    version: number,
    fields: Fields<E>,
    origin?: Partial<Omit<Provenance, 'version'>>,
  ): void;
  /** Makes a call as the window would: input and output pass the contract's schemas. */
  call<N extends DayCall>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  row(entity: EntityName, id: string): Readonly<Record<string, unknown>> | undefined;
  /** Deltas in the outbox, oldest first. */
  deltas(): readonly {
    readonly entity: string;
    readonly row: string;
    readonly op: string;
    readonly baseVersion: number;
    readonly txn: string;
    readonly source: string;
    readonly reason: Readonly<Record<string, unknown>>;
    readonly fields: Readonly<Record<string, { readonly base?: FieldValue; readonly value: FieldValue }>>;
  }[];
  audit(): readonly AuditLine[];
  /** Moves the clock to an instant. */
  at(instant: string): void;
  close(): void;
}

const notHere = (): never => {
  throw new Error('use cases do not ask the station for that');
};

/** A station with no network: what use cases may ask of it is to fetch content, and there is none. */
const offline: Station = {
  vault: notHere,
  enrol: notHere,
  unlock: notHere,
  lock: notHere,
  changePassword: notHere,
  sync: notHere,
  syncNow: notHere,
  pauseSync: notHere,
  settings: notHere,
  changeSettings: notHere,
  describe: notHere,
  fetchContent: () => Promise.resolve(false),
};

/** Makes one. Close it at the end of the test: that removes the file too. */
export function createTestReplica(person: VaultUser = liMin): TestReplica {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-use-cases-'));
  const made = createReplica({
    file: join(folder, 'replica.db'),
    key: randomBytes(32),
    migrationsDir: join(import.meta.dirname, '../../../migrations/replica'),
    copiesDir: join(folder, 'copies'),
    log: silent,
    now: () => '2026-11-21T02:00:00.000Z',
  });
  if (!made.ok) throw new Error('the test replica could not be made');
  const replica = made.value;
  let clock = '2026-11-21T02:00:00.000Z';
  replica.transaction((writer) => {
    writeMeta(writer, 'device', randomUUID());
    writeMeta(writer, 'epoch', '1');
  });
  const indexed = (entity: EntityName, id: string, work: (writer: Writer, search: SearchUpdate) => void): void =>
    replica.transaction((writer) => {
      const search = new SearchUpdate(writer);
      search.before(entity, id);
      work(writer, search);
      search.after(entity, id);
      search.finish();
    });
  const facts = { now: () => clock, newId: () => randomUUID() };
  const place = { county: '330211', demonstration: true, onWritten: () => undefined };
  const context = contextOver(replica, person, offline, facts, place);
  const test: TestReplica = {
    replica,
    context,
    seed: (entity, id, fields, version = 5) =>
      indexed(entity, id, (writer) => {
        const values = fields as Readonly<Record<string, FieldValue>>;
        putRow(writer, entity, { id, area: testArea, version, deleted: false, values });
      }),
    pull: (entity, id, version, fields, origin = {}) =>
      indexed(entity, id, (writer, search) => {
        const values = fields as Record<string, FieldValue>;
        const by: Provenance = {
          version,
          by: 'w-zhang',
          source: 'visit',
          at: clock,
          reason: { kind: 'edit' },
          ...origin,
        };
        const provenance = Object.fromEntries(Object.keys(values).map((field) => [field, by]));
        const row = { entity, id, version, whole: false, deleted: false, fields: values, provenance };
        const received = receiveRow(writer, search, testArea, row, clock);
        if (received !== 'applied') throw new Error(`the pulled row was ${received}`);
      }),
    call: async (name, input) => {
      // One handler for one name: TypeScript cannot follow that through a lookup by a type parameter.
      const handler = useCases[name] as (context: Context, input: unknown) => unknown;
      const output = await handler(context, calls[name].input.parse(input));
      return calls[name].output.parse(output) as CallOutput<typeof name>;
    },
    row: (entity, id) => {
      if (!entityNames.includes(entity)) throw new Error('no such entity');
      return replica.reader.prepare(`SELECT * FROM ${entity} WHERE id = ?`).get(id);
    },
    deltas: () =>
      replica.reader
        .prepare<{ body: string }>('SELECT body FROM outbox ORDER BY op_no')
        .all()
        .map((line) => JSON.parse(line.body) as ReturnType<TestReplica['deltas']>[number]),
    audit: () => listAudit(replica.reader, 100),
    at: (instant) => {
      clock = instant;
    },
    close: () => {
      replica.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  test.seed('worker', person.id, { name: person.name, role: person.role, post: person.post });
  test.seed('worker', 'w-zhang', { name: '张伟', role: 'community-worker', post: '社区工作者' });
  return test;
}
