/*
 * Measures the replica, the gateway and the app at a district's size: `npm run bench -- [--residents N] [--only a,b] [--json]`.
 * Every figure stands beside the bare cost of the same work in the same run. Never part of the tests: a figure is no proof.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Device } from './device.ts';
import { startCentre, type Centre } from './centre.ts';
import { writeDocument } from './document.ts';
import type { Figure } from './figure.ts';
import { launchFigures, memoryFigure } from './figures/app.ts';
import { measureCommits } from './figures/commit.ts';
import { measureExchange } from './figures/exchange.ts';
import { firstLoadFigures, gatewayLoadFigure, sizeFigure, type FirstLoad } from './figures/first-load.ts';
import { measureList, measurePages, measureToday, measureUnlock } from './figures/pages.ts';
import { measureSearch } from './figures/search.ts';
import { load, readMachine } from './machine.ts';
import { dice, millisOf, processorMillisOf } from './measure.ts';
import { readOptions, type Group, type Options } from './options.ts';
import { copyPlain } from './plain.ts';
import { consoleTable, type Results } from './report.ts';
import type { Person, Run } from './run.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'out', 'bench');
const day = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

/** Loads a new device as often as asked for; the last one stays. */
async function firstLoads(centre: Centre, times: number): Promise<{ device: Device; loads: FirstLoad[] }> {
  const loads: FirstLoad[] = [];
  for (;;) {
    const device = await Device.enrol(centre, path.join(folder, 'device'));
    let seconds = 0;
    const processorMillis = await processorMillisOf(async () => {
      seconds = (await millisOf(() => device.loadAll())) / 1000;
    });
    loads.push({ seconds, processorSeconds: processorMillis / 1000 });
    if (loads.length >= times) return { device, loads };
    await device.service.close();
  }
}

/** People in an order of no meaning, so that pages of the file are not met one after the other. */
function peopleOf(device: Device): Person[] {
  const people = device.reader
    .prepare<{
      id: string;
      area: string;
      name: string;
      idNo: string;
      community: string;
      compound: string;
      building: string;
    }>(
      `SELECT r.id, r.area, r.name, r.id_no AS idNo, a.community, a.compound, a.building
         FROM resident r JOIN membership m ON m.resident_id = r.id JOIN household h ON h.id = m.household_id
         JOIN address a ON a.id = h.address_id
        WHERE r.deleted = 0 AND length(r.id_no) = 18 AND a.compound IS NOT NULL AND a.building IS NOT NULL AND a.community IS NOT NULL
        GROUP BY r.id ORDER BY r.id`,
    )
    .all();
  const chance = dice(5);
  for (let last = people.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1);
    const [one, two] = [people[last], people[other]];
    if (one === undefined || two === undefined) continue;
    [people[last], people[other]] = [two, one];
  }
  return people;
}

/** Gives the person of this device a day of visits, as every worker has one. */
async function planDay(run: Run): Promise<void> {
  for (const householdId of run.households.slice(0, 12)) {
    const planned = await run.device.ask('visits.unplanned', { householdId, kind: 'elder', on: day() });
    if (!planned.ok) throw new Error(planned.failure.code);
  }
}

async function measure(options: Options, say: (line: string) => void): Promise<Results> {
  const loadBefore = load();
  mkdirSync(folder, { recursive: true });
  const figures: Figure[] = [];
  const report = (figure: Figure): void => {
    figures.push(figure);
    say(consoleTable([figure]).split('\n').at(-1) ?? '');
  };
  const wants = (group: Group): boolean => options.wanted.has(group);
  say(`The centre with ${String(options.residents)} residents`);
  const centre = await startCentre(folder, options.residents);
  try {
    if (wants('gateway-load')) report(await gatewayLoadFigure(centre));
    say('First load');
    const { device, loads } = await firstLoads(centre, wants('first-load') ? 3 : 1);
    const sqlite = device.service.call('device.describe', {}).then((facts) => facts.sqlite ?? 'unknown');
    const plain = copyPlain(device.reader, path.join(folder, 'plain.db'));
    const people = peopleOf(device);
    const households = device.reader
      .prepare<{ id: string }>('SELECT id FROM household WHERE deleted = 0 ORDER BY id')
      .all()
      .map((row) => row.id);
    const { residents } = options;
    const run: Run = { folder, residents, centre, device, plain, people, households, wants, report, say };
    if (wants('first-load')) firstLoadFigures(loads, plain, residents).forEach(report);
    await planDay(run);
    // Locking folds the log into the file: the size is the file's own.
    await measureUnlock(run, wants('unlock') ? 5 : 1);
    if (wants('size')) report(sizeFigure(device, plain, residents));
    if (wants('search')) await measureSearch(run);
    if (wants('pages')) await measurePages(run);
    if (wants('list')) await measureList(run);
    if (wants('today')) await measureToday(run, day());
    if (wants('commit')) await measureCommits(run);
    if (wants('push') || wants('pull')) await measureExchange(run);
    plain.close();
    await device.service.close();
    let electron = 'not started';
    if (wants('launch')) (await launchFigures(device.userData)).forEach(report);
    if (wants('memory')) {
      const found = await memoryFigure(device.userData);
      electron = found.electron;
      report(found.figure);
    }
    const measured = { electron, sqlite: await sqlite, loadBefore, loadAfter: load() };
    return { residents, machine: readMachine(folder, measured), figures };
  } finally {
    await centre.stop();
    for (const name of ['device', 'plain.db', 'plain.db-wal', 'plain.db-shm'])
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

const options = readOptions(process.argv.slice(2));
const results = await measure(options, (line) => process.stderr.write(`${line}\n`));
writeFileSync(path.join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
if (options.whole) writeDocument(path.join(root, 'docs', 'performance.md'), results);
process.stdout.write(options.json ? `${JSON.stringify(results)}\n` : `\n${consoleTable(results.figures)}\n`);
