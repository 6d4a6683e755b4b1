/*
 * Measures the replica at a district's size, with encryption on: first load without the network, search, a durable command.
 * Run by hand: `node electron/replica/testing/measure.ts [residents]`. Prints figures; decides nothing.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { entityNames, fieldNames, type EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { SnapshotChunk } from '../../../shared/sync/wire.ts';
import { silent } from '../log.ts';
import { findArea, heldAreas, holdArea } from '../store/areas.ts';
import { createReplica, openReplica } from '../store/database.ts';
import { fileSalt } from '../store/database.ts';
import { writeMeta } from '../store/meta.ts';
import { writeChanges } from '../store/rows.ts';
import { findResidents } from '../store/search-index.ts';
import { applyChunk, finishArea } from '../sync/snapshot.ts';
import { breathe, type Turn } from '../sync/turn.ts';

const residents = Number(process.argv[2] ?? 100_000);
const perArea = 1_000;
const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟';
const given = '秀英伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国文玉红梅志海燕云龙飞雪琴波宁凤洁';
const pick = (text: string, index: number): string => [...text][index % [...text].length] ?? '';

function chunkOf(index: number): string {
  const area = String(330211001001 + index);
  const groups = (['address', 'household', 'membership', 'resident'] as const).map((entity) => {
    const fields = fieldNames(entity);
    const count = entity === 'address' || entity === 'household' ? perArea * 0.4 : perArea;
    const rows = Array.from({ length: count }, (_none, row) => {
      const seed = index * perArea + row;
      const values = valuesOf(entity, index, row, seed);
      return [
        `${entity.slice(0, 2)}-${String(index)}-${String(row)}`,
        1,
        ...fields.map((name) => values[name] ?? null),
      ];
    });
    return { entity, fields, rows, provenance: {} };
  });
  return JSON.stringify({ area, cursor: { xid: '1', seq: '1' }, groups, next: null, total: perArea * 2.8 });
}

function valuesOf(entity: EntityName, index: number, row: number, seed: number): Record<string, FieldValue> {
  const household = `ho-${String(index)}-${String(Math.floor(row / 2.5))}`;
  switch (entity) {
    case 'address': {
      const [building, unit, room] = [
        Math.floor(row / 40) + 1,
        (row % 4) + 1,
        `${String((row % 10) + 1)}0${String((row % 3) + 1)}`,
      ];
      const community = `${pick('东西南北中', index)}${pick('门街河桥园', index * 3)}社区`;
      const compound = `${pick('金银花月星', row)}${pick('桂苑都府庭', index)}小区`;
      const full = `浙江省宁波市镇海区招宝山街道${community}${compound}${String(building)}幢${String(unit)}单元${room}室`;
      return {
        street: '招宝山街道',
        community,
        compound,
        building: `${String(building)}幢`,
        unit: `${String(unit)}单元`,
        room: `${room}室`,
        full_text: full,
      };
    }
    case 'household':
      return {
        householder_id: `re-${String(index)}-${String(Math.floor(row * 2.5))}`,
        address_id: `ad-${String(index)}-${String(row)}`,
        household_no: String(seed),
        monthly_income_fen: 300_000 + seed,
        last_visit_on: '2026-10-01',
      };
    case 'membership':
      return { household_id: household, resident_id: `re-${String(index)}-${String(row)}`, relation: '01' };
    case 'resident':
      return {
        name: `${pick(surnames, seed * 7)}${pick(given, seed * 13)}${pick(given, seed * 29 + index)}`,
        id_no:
          `3302991${String(9_600_101 + (seed % 90_000) * 7).padStart(7, '0')}${String(seed % 1000).padStart(3, '0')}X`.slice(
            0,
            18,
          ),
        sex: String((seed % 2) + 1),
        birth_date: '1960-01-01',
        ethnicity: '01',
        living_status: 'alive',
        phone: `137${String(seed).padStart(8, '0')}`,
        medical_self_paid_fen: seed,
        tags: seed % 9 === 0 ? ['独居'] : null,
        living_alone: seed % 9 === 0,
      };
    default:
      return {};
  }
}

const turn: Turn = {
  log: (level, event, facts) => console.log(level, event, facts),
  now: () => new Date().toISOString(),
  newId: () => randomUUID(),
  stopped: () => false,
  phase: () => undefined,
  changed: () => undefined,
  pulled: () => undefined,
  breathe,
};
const cpuMillis = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const millis = (from: number): string => `${(performance.now() - from).toFixed(0)} ms`;
const percentile = (times: number[], share: number): string =>
  `${(times.sort((a, b) => a - b)[Math.floor(times.length * share)] ?? 0).toFixed(2)} ms`;

const folder = mkdtempSync(join(tmpdir(), 'doorstep-measure-'));
const place = {
  file: join(folder, 'replica.db'),
  key: randomBytes(32),
  migrationsDir: join(import.meta.dirname, '../../../migrations/replica'),
  copiesDir: folder,
  log: silent,
  now: () => turn.now(),
};
const made = createReplica(place);
if (!made.ok) throw new Error(made.failure.code);
const replica = made.value;
const chunks = Array.from({ length: Math.ceil(residents / perArea) }, (_none, index) => chunkOf(index));
console.log(
  `${String(residents)} residents, ${(chunks.reduce((sum, text) => sum + text.length, 0) / 2 ** 20).toFixed(0)} MiB of JSON`,
);

replica.transaction((writer) => {
  writeMeta(writer, 'device', randomUUID());
  writeMeta(writer, 'epoch', '1');
  chunks.forEach((_text, index) => holdArea(writer, { code: String(330211001001 + index), name: 'n', street: 's' }));
});
const spent = { parse: 0, rows: 0, finish: 0 };
const start = performance.now();
for (const text of chunks) {
  let mark = cpuMillis();
  const lap = (name: 'parse' | 'rows' | 'finish'): void => {
    spent[name] += cpuMillis() - mark;
    mark = cpuMillis();
  };
  const chunk = SnapshotChunk.parse(JSON.parse(text));
  lap('parse');
  const area = findArea(replica.reader, chunk.area);
  if (area === undefined) throw new Error('no area');
  await applyChunk(replica, area, chunk, turn);
  lap('rows');
  await finishArea(replica, area, turn);
  lap('finish');
}
console.log(
  `first load ${millis(start)}`,
  spent,
  `areas whole: ${String(heldAreas(replica.reader).filter((area) => area.state === 'whole').length)}`,
);
console.log('tables', entityNames.length, 'file MiB', (statSync(place.file).size / 2 ** 20).toFixed(0));

for (const text of [
  'w',
  '王',
  'wx',
  '王秀',
  '秀英',
  'wangxiu',
  'zhang',
  '001x',
  '1234',
  '东门社区',
  '12幢 502',
  '王 502',
  'l 社区',
  '社区',
  '5',
  '招宝山街道 王',
  'x 1',
]) {
  const times: number[] = [];
  let hits = 0;
  for (let run = 0; run < 20; run += 1) {
    const from = performance.now();
    hits = findResidents(replica.reader, text, 20).length;
    times.push(performance.now() - from);
  }
  console.log(`search ${text}: ${String(hits)} hits, p50 ${percentile(times, 0.5)}, p95 ${percentile(times, 0.95)}`);
}
const commits: number[] = [];
for (let run = 0; run < 200; run += 1) {
  const from = performance.now();
  replica.transaction((writer) =>
    writeChanges(writer, { person: 'w-li', now: turn.now(), newId: () => turn.newId() }, [
      {
        entity: 'resident',
        row: `re-1-${String(run)}`,
        op: 'update',
        area: '330211001002',
        fields: { phone: String(run) },
        source: 'visit',
        reason: { kind: 'edit' },
      },
    ]),
  );
  commits.push(performance.now() - from);
}
console.log(`durable command: p50 ${percentile(commits, 0.5)}, p95 ${percentile(commits, 0.95)}`);
replica.close();
const from = performance.now();
const opened = await openReplica(place, { salt: fileSalt(place.file) });
console.log(`open with quick check ${millis(from)}`);
if (opened.ok) opened.value.close();
rmSync(folder, { recursive: true, force: true });
