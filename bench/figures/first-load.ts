import { performance } from 'node:perf_hooks';
import { SnapshotChunk } from '../../shared/sync/wire.ts';
import type { Centre } from '../centre.ts';
import { figure, type Figure } from '../figure.ts';
import { millisOf, spreadOf, type Spread } from '../measure.ts';
import type { Plain } from '../plain.ts';
import type { Device } from '../device.ts';
import { fullSize } from '../options.ts';

/** The budget of 12 s is for 100,000 residents; a smaller district has its share of it. */
const budgetSeconds = (residents: number): number => (12 * residents) / fullSize;

export interface FirstLoad {
  readonly seconds: number;
  /** Processor time of the replica's own process, which other work on the machine does not stretch. */
  readonly processorSeconds: number;
}

export function firstLoadFigures(loads: readonly FirstLoad[], plain: Plain, residents: number): Figure[] {
  const seconds = loads.map((one) => one.seconds);
  const bare = plain.insertMillis / 1000;
  const spread = spreadOf(seconds);
  return [
    figure(
      'first-load',
      `first load of ${String(residents)} residents, from HTTP to encrypted and searchable`,
      's',
      spread,
      {
        raw: ['plain bulk insert of the same rows', spreadOf([bare])],
        budget: { of: 'p50', limit: budgetSeconds(residents) },
        parts: {
          rows: plain.rows,
          'processor seconds of the replica': spreadOf(loads.map((one) => one.processorSeconds)).p50,
        },
      },
    ),
    figure(
      'first-load-rate',
      'first load, rows',
      'rows/s',
      spreadOf(seconds.map((time) => Math.round(plain.rows / time))),
      {
        raw: ['plain bulk insert of the same rows', spreadOf([Math.round(plain.rows / bare)])],
      },
    ),
  ];
}

export function sizeFigure(device: Device, plain: Plain, residents: number): Figure {
  const pages = (name: string): number => Number(plain.database.pragma(name, { simple: true }));
  const plainBytes = pages('page_count') * pages('page_size');
  return figure(
    'size',
    'replica file, for each resident',
    'bytes',
    spreadOf([Math.round(device.fileBytes() / residents)]),
    {
      raw: [
        'the same tables and indexes in a plain file, no search index',
        spreadOf([Math.round(plainBytes / residents)]),
      ],
      parts: { 'file MB': Math.round(device.fileBytes() / 1e6) },
    },
  );
}

/** Every chunk of the county over HTTP, three areas side by side as a device asks for them, read and thrown away. */
export async function gatewayLoadFigure(centre: Centre): Promise<Figure> {
  const device = await centre.device();
  const { rows: areas } = await centre.database.query<{ area: string; n: number }>(
    'SELECT area, count(*)::int AS n FROM record WHERE NOT deleted GROUP BY area ORDER BY area',
  );
  const rows = areas.reduce((sum, line) => sum + line.n, 0);
  const codes = areas.map((line) => line.area);
  let bytes = 0;
  const chunk = async (area: string, query: string): Promise<SnapshotChunk> => {
    const response = await fetch(`${device.url}/v1/snapshot/${area}?${query}`, {
      headers: { authorization: `Bearer ${device.token}` },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`snapshot: ${text}`);
    bytes += text.length;
    // The tail tells where to go on; a whole parse would be the device's work, not the gateway's.
    const tail = /"next":(null|"(?:[^"\\]|\\.)*"),"total":\d+\}$/.exec(text)?.[1] ?? 'null';
    const cursor: unknown = JSON.parse(/"cursor":(\{[^}]*\})/.exec(text)?.[1] ?? 'null');
    return SnapshotChunk.parse({ area, cursor, groups: [], next: JSON.parse(tail) as unknown, total: 0 });
  };
  const loadAll = async (): Promise<void> => {
    const queue = [...codes];
    const worker = async (): Promise<void> => {
      for (let area = queue.shift(); area !== undefined; area = queue.shift()) {
        let part = await chunk(area, '');
        while (part.next !== null) {
          const { xid, seq } = part.cursor;
          part = await chunk(area, new URLSearchParams({ after: part.next, cursor: `${xid}.${seq}` }).toString());
        }
      }
    };
    await Promise.all([worker(), worker(), worker()]);
  };
  const bare = async (): Promise<void> => {
    for (const area of codes)
      await centre.database.query(
        'SELECT id, version, data::text FROM record WHERE county = $1 AND area = $2 AND NOT deleted',
        [area.slice(0, 6), area],
      );
  };
  const rates = async (work: () => Promise<void>): Promise<Spread> => {
    const found: number[] = [];
    for (let run = 0; run < 3; run += 1) found.push(Math.round((rows / (await millisOf(work))) * 1000));
    return spreadOf(found);
  };
  const started = performance.now();
  const product = await rates(loadAll);
  const seconds = (performance.now() - started) / 3000;
  return figure('gateway-load', 'gateway alone: the whole county as snapshot chunks', 'rows/s', product, {
    raw: ['SELECT of the same records from PostgreSQL, area by area', await rates(bare)],
    parts: { seconds: Number(seconds.toFixed(2)), 'JSON MB': Math.round(bytes / 3e6) },
  });
}
