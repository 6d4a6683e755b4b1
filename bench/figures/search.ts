import { searchTokens } from '../../electron/replica/store/search-text.ts';
import { figure, type Budget } from '../figure.ts';
import { dice, spreadOf, timeEach } from '../measure.ts';
import type { Person, Run } from '../run.ts';

const asked = 200;
const what = 'prefix of an indexed column, 21 rows';
const budget: Budget = { of: 'p95', limit: 30 };

interface Kind {
  readonly name: string;
  /** What somebody types who looks for this person. */
  readonly text: (person: Person) => string;
  /** An indexed column, and the bounds of the typed beginning in it. */
  readonly sql: string;
  readonly bounds: (person: Person) => readonly string[];
}

const lines = 'r.id, r.name, r.sex, r.birth_date, r.id_no, r.phone, r.tags';
const byName = `SELECT ${lines} FROM resident r WHERE r.name >= ? AND r.name < ? LIMIT 21`;
const past = (text: string): string => `${text}\u{10ffff}`;
const nameBounds = (length: number) => (person: Person) => {
  const start = [...person.name].slice(0, length).join('');
  return [start, past(start)];
};
/** Pinyin initials as the index holds them: the second token of a name of Han characters. */
const initials = (person: Person, length: number): string =>
  (searchTokens({ name: person.name, idNo: null, place: [] }).head.split(' ')[1] ?? 'w').slice(0, length);

const kinds: readonly Kind[] = [
  ...[1, 2, 3].map((length) => ({
    name: `${String(length)} initial${length > 1 ? 's' : ''}`,
    text: (person: Person) => initials(person, length),
    sql: byName,
    bounds: nameBounds(length),
  })),
  ...[1, 2].map((length) => ({
    name: `${String(length)} character${length > 1 ? 's' : ''}`,
    text: (person: Person) => [...person.name].slice(0, length).join(''),
    sql: byName,
    bounds: nameBounds(length),
  })),
  {
    name: 'ID suffix',
    text: (person) => person.idNo.slice(-4),
    sql: `SELECT ${lines} FROM resident r WHERE substr(r.id_no, -4) = ? LIMIT 21`,
    bounds: (person) => [person.idNo.slice(-4)],
  },
  ...(
    [
      ['compound', (person: Person) => person.compound],
      ['compound and building', (person: Person) => `${person.compound} ${person.building}`],
      ['character and place', (person: Person) => `${[...person.name][0] ?? ''} ${person.compound}`],
    ] as const
  ).map(([name, text]) => ({
    name,
    text,
    sql: `SELECT ${lines} FROM address a JOIN household h ON h.address_id = a.id JOIN membership m ON m.household_id = h.id
          JOIN resident r ON r.id = m.resident_id WHERE a.full_text >= ? AND a.full_text < ? LIMIT 21`,
    bounds: (person: Person) => [person.community, past(person.community)],
  })),
];

/** What a person types, asked through the door that the window uses. */
export async function measureSearch(run: Run): Promise<void> {
  const people = dice(11).sample(run.people, asked);
  const all: number[] = [];
  const bare: number[] = [];
  for (const kind of kinds) {
    const times = await timeEach(people, (person) => run.device.ask('search.find', { text: kind.text(person) }));
    const statement = run.plain.database.prepare(kind.sql);
    const plain = await timeEach(people, (person) => statement.all(...kind.bounds(person)));
    all.push(...times);
    bare.push(...plain);
    run.report(
      figure(`search-${kind.name.replaceAll(' ', '-')}`, `search, ${kind.name} typed`, 'ms', spreadOf(times), {
        raw: [what, spreadOf(plain)],
        budget,
      }),
    );
  }
  run.report(figure('search', 'search, all of these', 'ms', spreadOf(all), { raw: [what, spreadOf(bare)], budget }));
}
