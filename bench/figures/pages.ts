import { figure, type Budget } from '../figure.ts';
import { dice, millisOf, processorMillisOf, spreadOf, timeEach } from '../measure.ts';
import type { Run } from '../run.ts';
import { supervisor } from '../centre.ts';

const asked = 300;
const page: Budget = { of: 'p95', limit: 50 };
/** Rows the window asks for at once. */
const windowRows = 100;

/** The pages of a person, a household and a visit, of people drawn at random. */
export async function measurePages(run: Run): Promise<void> {
  const { plain, device, report } = run;
  const chance = dice(23);
  const people = chance.sample(run.people, asked).map((person) => person.id);
  const bareOf = (statements: readonly string[]): ((id: string) => void) => {
    const made = statements.map((sql) => plain.database.prepare(sql));
    return (id) => {
      for (const statement of made) statement.all(id);
    };
  };
  const aboutRow = ['provenance', 'field_history'].map(
    (table) => `SELECT * FROM ${table} WHERE entity = 'resident' AND row_id = ?`,
  );
  const homeOf = (what: string, member: string): string =>
    `SELECT ${what} FROM membership m JOIN household h ON h.id = m.household_id JOIN address a ON a.id = h.address_id WHERE ${member}`;
  report(
    figure(
      'resident-page',
      'page of a resident',
      'ms',
      spreadOf(
        await timeEach(people, async (residentId) => {
          const opened = await device.ask('residents.open', { residentId });
          if (!opened.ok) throw new Error(opened.failure.code);
        }),
      ),
      {
        raw: [
          'its bare selects by key',
          spreadOf(
            await timeEach(
              people,
              bareOf([
                'SELECT * FROM resident WHERE id = ?',
                homeOf('*', 'm.resident_id = ?'),
                'SELECT * FROM proposal WHERE subject_id = ?',
                'SELECT * FROM conflict WHERE subject_id = ?',
                ...aboutRow,
              ]),
            ),
          ),
        ],
        budget: page,
      },
    ),
  );
  const households = chance.sample(run.households, asked);
  report(
    figure(
      'household-page',
      'page of a household',
      'ms',
      spreadOf(
        await timeEach(households, async (householdId) => {
          const opened = await device.ask('households.open', { householdId });
          if (!opened.ok) throw new Error(opened.failure.code);
        }),
      ),
      {
        raw: [
          'its bare selects by key',
          spreadOf(
            await timeEach(
              households,
              bareOf([
                'SELECT * FROM household h LEFT JOIN address a ON a.id = h.address_id WHERE h.id = ?',
                'SELECT * FROM membership m JOIN resident r ON r.id = m.resident_id WHERE m.household_id = ?',
                'SELECT * FROM proposal WHERE household_id = ?',
                'SELECT * FROM visit WHERE household_id = ?',
              ]),
            ),
          ),
        ],
        budget: page,
      },
    ),
  );
  const visits = device.reader.prepare<{ id: string }>('SELECT id FROM visit WHERE deleted = 0 ORDER BY id').all();
  if (visits.length === 0) return;
  const chosen = chance.sample(visits, asked).map((visit) => visit.id);
  report(
    figure(
      'visit-page',
      'page of a visit, with its questions',
      'ms',
      spreadOf(
        await timeEach(chosen, async (visitId) => {
          const opened = await device.ask('visits.open', { visitId });
          if (!opened.ok) throw new Error(opened.failure.code);
        }),
      ),
      {
        raw: [
          'its bare selects by key',
          spreadOf(
            await timeEach(
              chosen,
              bareOf([
                'SELECT * FROM visit v JOIN household h ON h.id = v.household_id JOIN address a ON a.id = h.address_id WHERE v.id = ?',
                `SELECT * FROM visit v JOIN membership m ON m.household_id = v.household_id
                   JOIN resident r ON r.id = m.resident_id WHERE v.id = ?`,
                'SELECT * FROM visit_answer WHERE visit_id = ?',
                'SELECT * FROM attachment WHERE visit_id = ?',
                'SELECT * FROM visit v JOIN proposal p ON p.household_id = v.household_id WHERE v.id = ?',
              ]),
            ),
          ),
        ],
        budget: page,
      },
    ),
  );
}

/** The list of all people: its first window, the making of each order, and windows anywhere in it. */
export async function measureList(run: Run): Promise<void> {
  const { device, report } = run;
  const list = (offset: number, order: 'place' | 'name' | 'age' = 'place') =>
    device.ask('residents.list', { offset, limit: windowRows, order });
  const deep = Math.floor(run.residents / 2);
  const first: number[] = [];
  const made: Record<'place' | 'name' | 'age', number[]> = { place: [], name: [], age: [] };
  for (let round = 0; round < 3; round += 1) {
    // An order is kept while the replica is open, so each round starts from a closed one.
    await device.ask('vault.lock', {});
    await device.unlock();
    first.push(await millisOf(() => list(0)));
    for (const order of ['place', 'name', 'age'] as const) made[order].push(await millisOf(() => list(deep, order)));
  }
  report(figure('list-first', 'list of all residents, first window after unlocking', 'ms', spreadOf(first)));
  for (const order of ['place', 'name', 'age'] as const)
    report(
      figure(
        `list-made-${order}`,
        `list, making the order by ${order} (once for each unlocking)`,
        'ms',
        spreadOf(made[order]),
      ),
    );
  const chance = dice(37);
  const offsets = Array.from({ length: asked }, () => chance.below(run.residents - windowRows));
  const statement = run.plain.database.prepare('SELECT * FROM resident WHERE rowid > ? ORDER BY rowid LIMIT ?');
  report(
    figure(
      'list',
      `list, ${String(windowRows)} rows at a random place`,
      'ms',
      spreadOf(await timeEach(offsets, (at) => list(at))),
      {
        raw: ['as many rows by row number', spreadOf(await timeEach(offsets, (at) => statement.all(at, windowRows)))],
        budget: page,
      },
    ),
  );
}

/** The first page after unlocking, with a day's visits in it. */
export async function measureToday(run: Run, on: string): Promise<void> {
  const turns = Array.from({ length: 100 }, (_none, turn) => turn);
  const statements = [
    `SELECT * FROM visit v JOIN household h ON h.id = v.household_id JOIN address a ON a.id = h.address_id
      WHERE v.planned_on = ? AND v.worker_id = '${supervisor}'`,
    `SELECT count(*) FROM proposal WHERE state = 'pending' AND ? IS NOT NULL`,
    `SELECT * FROM conflict WHERE state = 'open' AND ? IS NOT NULL`,
  ].map((sql) => run.plain.database.prepare(sql));
  run.report(
    figure(
      'today',
      "today's page",
      'ms',
      spreadOf(await timeEach(turns, () => run.device.ask('visits.today', { on }))),
      {
        raw: [
          'its bare selects',
          spreadOf(
            await timeEach(turns, () => {
              for (const statement of statements) statement.all(on);
            }),
          ),
        ],
        budget: page,
      },
    ),
  );
}

/** From the right password to an open replica, without any window. */
export async function measureUnlock(run: Run, rounds: number): Promise<void> {
  const times: number[] = [];
  let processor = 0;
  for (let round = 0; round < rounds; round += 1) {
    await run.device.ask('vault.lock', {});
    processor += await processorMillisOf(async () => {
      times.push(await millisOf(() => run.device.unlock()));
    });
  }
  const parts = { 'processor ms each': processor / rounds };
  run.report(
    figure('unlock', 'unlocking the replica: key from password, file checked, opened', 'ms', spreadOf(times), {
      parts,
    }),
  );
}
