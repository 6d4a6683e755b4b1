import type { Area } from '../../shared/sync/wire.ts';
import { doorsOf, fullText, type Door } from './addresses.ts';
import { addDays } from './calendar.ts';
import { codes } from './codes.ts';
import { county } from './divisions.ts';
import { drawPeople, type DrawnPerson, type Registry } from './people.ts';
import { weights, type Random } from './random.ts';
import { demoRow, rowId, type DemoRow, type HouseholdValues } from './rows.ts';
import { householdSizes, kindFor, sketchHousehold, type HouseholdKind } from './shapes.ts';

/** A household that a story needs: its shape is given, the people are drawn as everywhere. */
export interface WantedHousehold {
  readonly kind: HouseholdKind;
  readonly size: number;
  readonly relief?: 'destitute' | 'minimum' | 'edge' | 'rigid';
  /** The householder is severely disabled. */
  readonly severe?: boolean;
}

/** A household as drawn, before visits change its dates. */
export interface DrawnHousehold {
  readonly id: string;
  readonly ordinal: number;
  readonly kind: HouseholdKind;
  readonly door: Door;
  readonly people: readonly { readonly id: string; readonly person: DrawnPerson }[];
  readonly values: HouseholdValues;
  /** Index into the wanted households, where it is one. */
  readonly wanted: number | null;
}

export interface DrawnCommunity {
  readonly area: Area;
  /** Place of the community among the county's divisions, from 1. */
  readonly place: number;
  readonly households: readonly DrawnHousehold[];
  /** Addresses, residents and memberships; households follow once their visits are known. */
  readonly rows: readonly DemoRow[];
}

/** Household sizes that add up exactly: `households` of them with `residents` people in all, 1 to 6 each. */
export function exactSizes(random: Random, residents: number, households: number, fixed: readonly number[]): number[] {
  const sizes = [...fixed];
  while (sizes.length < households) sizes.push(random.weighted(householdSizes));
  let excess = sizes.reduce((sum, size) => sum + size, 0) - residents;
  if (fixed.length >= households) throw new Error('no room for ordinary households');
  // Nudged one person at a time, so that the distribution keeps its form.
  for (let attempts = 0; excess !== 0; attempts += 1) {
    if (attempts > 100 * (residents + households)) throw new Error('these people do not fit into these households');
    const index = random.between(fixed.length, households - 1);
    const size = (sizes[index] ?? 0) - Math.sign(excess);
    if (size < 1 || size > 6) continue;
    sizes[index] = size;
    excess -= Math.sign(excess);
  }
  return sizes;
}

/** Order in which the wanted households lie among all, spread over the whole community. */
function shuffled(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index -= 1) {
    const other = random.between(0, index);
    [order[index], order[other]] = [order[other] ?? other, order[index] ?? index];
  }
  return order;
}

const reliefKinds = weights<keyof typeof codes.relief>([
  ['minimum', 62],
  ['edge', 22],
  ['destitute', 9],
  ['rigid', 7],
]);

/** How likely a household is to be on relief; 1.5 % over all. */
function reliefShare(kind: HouseholdKind, people: readonly DrawnPerson[]): number {
  if (kind.startsWith('rented')) return 0;
  const severe = people.some(
    (person) => person.values.disability_grade === '1' || person.values.disability_grade === '2',
  );
  if (severe) return 0.12;
  if (kind === 'elder-alone' || kind === 'single-parent' || kind === 'skipped-generation') return 0.03;
  return 0.0095;
}

/** Relief goes to those who have little: what the draw gave them is cut to a fifth, in whole tens of yuan. */
function onRelief(people: readonly DrawnPerson[]): DrawnPerson[] {
  const cut = (fen: number | null): number | null => (fen === null ? null : Math.floor(fen / 5000) * 1000);
  return people.map((person) => ({
    ...person,
    values: {
      ...person.values,
      monthly_income_fen: cut(person.values.monthly_income_fen),
      pension_fen: cut(person.values.pension_fen),
    },
  }));
}

/**
 * Draws one community: doors, households and people.
 * @param wanted households a story needs, each certain to exist
 */
export function drawCommunity(
  random: Random,
  registry: Registry,
  area: Area,
  place: number,
  counts: { readonly residents: number; readonly households: number },
  wanted: readonly WantedHousehold[],
): DrawnCommunity {
  const sizes = exactSizes(
    random,
    counts.residents,
    counts.households,
    wanted.map((one) => one.size),
  );
  const doors = doorsOf(area, random);
  const rows: DemoRow[] = [];
  const households: DrawnHousehold[] = [];
  let residentOrdinal = 0;

  for (const index of shuffled(random, sizes.length)) {
    const ordinal = households.length + 1;
    const wish = wanted[index];
    const size = sizes[index] ?? 1;
    const sketch = sketchHousehold(random, wish?.kind ?? kindFor(random, size), size);
    let door = doors.next();
    // One door in twelve stands empty.
    while (random.chance(1 / 12)) door = doors.next();
    if (door.done === true) throw new Error('out of doors');
    const text = fullText(county.name, area, door.value);

    const drawn = drawPeople(random, registry, sketch, text, { severe: wish?.severe === true });
    const relief =
      wish?.relief ?? (random.chance(reliefShare(sketch.kind, drawn)) ? random.weighted(reliefKinds) : null);
    const people = (relief === null ? drawn : onRelief(drawn)).map((person) => ({
      id: rowId('res', place, (residentOrdinal += 1)),
      person,
    }));
    const householder = people[0];
    if (householder === undefined) throw new Error('a household without people');

    const id = rowId('hh', place, ordinal);
    const addressId = rowId('adr', place, ordinal);
    rows.push(
      demoRow('address', addressId, area.code, {
        street: area.street,
        community: area.name,
        compound: door.value.compound,
        building: door.value.building,
        unit: door.value.unit,
        room: door.value.room,
        full_text: text,
      }),
    );
    const since = sketch.rented
      ? addDays(registry.today, -random.between(20, 900))
      : addDays(registry.today, -random.between(400, 9000));
    for (const { id: residentId, person } of people) {
      rows.push(demoRow('resident', residentId, area.code, person.values));
      // Nobody lives anywhere before he is born.
      const born = person.values.birth_date ?? since;
      rows.push(
        demoRow('membership', residentId.replace('res-', 'mem-'), area.code, {
          household_id: id,
          resident_id: residentId,
          relation: person.sketch.relation,
          since: born > since ? born : since,
          until: null,
        }),
      );
    }
    households.push({
      id,
      ordinal,
      kind: sketch.kind,
      door: door.value,
      people,
      wanted: wish === undefined ? null : index,
      values: {
        householder_id: householder.id,
        address_id: addressId,
        household_no: sketch.rented ? null : `3302${String(place).padStart(2, '0')}${String(ordinal).padStart(5, '0')}`,
        relief_category: relief === null ? null : codes.relief[relief],
        relief_since: relief === null ? null : addDays(registry.today, -random.between(60, 1800)),
        monthly_income_fen: people.reduce((sum, { person }) => sum + (person.values.monthly_income_fen ?? 0), 0),
        housing_kind: sketch.rented
          ? codes.housing.rented
          : relief !== null && random.chance(0.4)
            ? codes.housing.publicRented
            : codes.housing.owned,
        living_condition:
          relief === null
            ? random.chance(0.8)
              ? codes.condition.good
              : codes.condition.fair
            : random.chance(0.5)
              ? codes.condition.fair
              : codes.condition.poor,
        last_visit_on: null,
        next_visit_on: null,
        visit_reason: null,
        hazards: [],
        notes: [],
      },
    });
  }
  return { area, place, households, rows };
}
