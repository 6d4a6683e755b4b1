import { createHash } from 'node:crypto';
import type { Area } from '../../shared/sync/wire.ts';
import { drawCommunity } from './community.ts';
import { county, divisionsOf } from './divisions.ts';
import { fictitiousIdNumber } from './numbers.ts';
import { drawOrganisations } from './organisations.ts';
import type { Registry } from './people.ts';
import { drawProposals } from './proposals.ts';
import { seededRandom } from './random.ts';
import { demoRow, type DemoRow } from './rows.ts';
import { drawStaff, storyWorkers, type Staff } from './staff.ts';
import { story } from './story.ts';
import { drawVisits, type WantedVisit } from './visits.ts';

export interface DistrictOptions {
  /** People in all, 500 to 200,000; households are two fifths of that. */
  readonly residents: number;
  readonly seed: string;
  /** Civil day the story happens on. */
  readonly today: string;
}

export interface District {
  readonly county: string;
  readonly name: string;
  /** All 99 villages and communities. */
  readonly divisions: readonly Area[];
  /** Those in which people live here. */
  readonly populated: readonly Area[];
  readonly staff: Staff;
  /** Rows of one populated community after the other; drawn as they are asked for, so that memory stays small. Once only. */
  communities(): Generator<{ readonly area: Area; readonly residents: number; readonly rows: readonly DemoRow[] }>;
}

/** Density is real: a community has about a thousand people, so a small district has few communities, not thin ones. */
const residentsPerCommunity = 1000;
const proposalsPerCommunity = 40;

/** Splits a whole into `parts` that differ by one at most. */
const shares = (whole: number, parts: number): number[] =>
  Array.from(
    { length: parts },
    (_, index) => Math.floor((whole * (index + 1)) / parts) - Math.floor((whole * index) / parts),
  );

/**
 * The demonstration district (镇海区 with invented people). Pure: equal options give equal rows on every machine.
 * @throws RangeError when the number of residents is out of range
 */
export function drawDistrict({ residents, seed, today }: DistrictOptions): District {
  if (!Number.isSafeInteger(residents) || residents < 500 || residents > 200_000)
    throw new RangeError('residents must be a whole number from 500 to 200000');
  const divisions = divisionsOf(county.code);
  const count = Math.max(1, Math.min(divisions.length, Math.round(residents / residentsPerCommunity)));
  const populated = divisions.slice(0, count);
  const staff = drawStaff(seededRandom(`${seed}/staff`), county.code, populated);

  function* communities(): ReturnType<District['communities']> {
    const ordinals = new Map<string, number>();
    let phones = 0;
    const registry: Registry = {
      today,
      idNumber: (birthDate, sex) => {
        const ordinal = ordinals.get(birthDate + sex) ?? 0;
        ordinals.set(birthDate + sex, ordinal + 1);
        return fictitiousIdNumber(birthDate, sex, ordinal);
      },
      phoneOrdinal: () => (phones += 1),
    };
    const people = shares(residents, count);
    const doors = shares(Math.round((residents * 2) / 5), count);
    for (const [index, area] of populated.entries()) {
      // A stream of its own for each community: what is drawn in one changes nothing in another.
      const random = seededRandom(`${seed}/${area.code}`);
      const wanted = index === 0 ? story : [];
      const counts = { residents: people[index] ?? 0, households: doors[index] ?? 0 };
      const community = drawCommunity(random, registry, area, index + 1, counts, wanted);
      const told = community.households.filter((household) => household.wanted !== null);
      const visits: WantedVisit[] = told.flatMap((household) =>
        (story[household.wanted ?? -1]?.visits ?? []).map(({ worker, kind }) => ({
          household,
          worker: storyWorkers[worker].id,
          kind,
          on: today,
        })),
      );
      const changes = new Map(told.map((household) => [household.id, story[household.wanted ?? -1]?.changes ?? []]));
      const planned = drawVisits(random, registry, community, visits, staff.visitors.get(area.code) ?? []);
      const proposals = drawProposals(random, registry, community, changes, proposalsPerCommunity);
      const households = community.households.map((household) =>
        demoRow('household', household.id, area.code, { ...household.values, ...planned.dates.get(household.id) }),
      );
      const organisations = drawOrganisations(random, registry, area, index + 1);
      yield {
        area,
        residents: counts.residents,
        rows: [...community.rows, ...households, ...organisations, ...planned.rows, ...proposals],
      };
    }
  }
  return { county: county.code, name: county.name, divisions, populated, staff, communities };
}

/** A fingerprint of everything in a district: equal for equal options, on any machine. */
export function districtFingerprint(district: District): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([district.divisions, district.staff.members]));
  for (const { rows } of district.communities()) hash.update(JSON.stringify(rows));
  return hash.digest('hex');
}
