import type { Sex } from './names.ts';
import { weights, type Random } from './random.ts';

/** Part a person plays in a household; decides work, income and pension. */
export type Part = 'elder' | 'adult' | 'child';

export interface PersonSketch {
  readonly sex: Sex;
  /** Full years on the day of the demonstration. */
  readonly age: number;
  readonly part: Part;
  /** Relation to the householder, GB/T 4761. */
  readonly relation: string;
  /** Whose surname: of the householder, of another member by index, or one of their own. */
  readonly surnameOf: number | null;
  /** GB/T 2261.2: 10 unmarried, 20 married, 30 widowed, 40 divorced. */
  readonly marital: string;
}

export interface HouseholdSketch {
  readonly kind: HouseholdKind;
  /** Rented in from elsewhere: registered in another province. */
  readonly rented: boolean;
  readonly members: readonly PersonSketch[];
}

export type HouseholdKind =
  | 'elder-alone'
  | 'elder-couple'
  | 'skipped-generation'
  | 'single'
  | 'couple'
  | 'single-parent'
  | 'couple-child'
  | 'couple-grown-child'
  | 'couple-elder'
  | 'couple-two-children'
  | 'three-generations'
  | 'big-family'
  | 'rented-single'
  | 'rented-pair'
  | 'rented-family';

/** Household sizes with a mean of 2.5, as in Zhejiang. */
export const householdSizes = weights<number>([
  [1, 25],
  [2, 32],
  [3, 23],
  [4, 11],
  [5, 6],
  [6, 3],
]);

const kindsBySize: Readonly<Record<number, ReturnType<typeof weights<HouseholdKind>>>> = {
  1: weights<HouseholdKind>([
    ['elder-alone', 38],
    ['rented-single', 36],
    ['single', 26],
  ]),
  2: weights<HouseholdKind>([
    ['elder-couple', 36],
    ['couple', 36],
    ['single-parent', 12],
    ['rented-pair', 11],
    ['skipped-generation', 5],
  ]),
  3: weights<HouseholdKind>([
    ['couple-child', 56],
    ['couple-grown-child', 21],
    ['couple-elder', 12],
    ['rented-family', 11],
  ]),
  4: weights<HouseholdKind>([
    ['couple-two-children', 50],
    ['three-generations', 50],
  ]),
  5: weights<HouseholdKind>([['big-family', 1]]),
  6: weights<HouseholdKind>([['big-family', 1]]),
};

/** A kind of household that fits a number of people, 1 to 6. */
export function kindFor(random: Random, size: number): HouseholdKind {
  const table = kindsBySize[size];
  if (table === undefined) throw new Error(`no household of ${String(size)} people`);
  return random.weighted(table);
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, Math.round(value)));
const other = (sex: Sex): Sex => (sex === '1' ? '2' : '1');

function head(sex: Sex, age: number, part: Part, marital: string): PersonSketch {
  return { sex, age, part, relation: '02', surnameOf: null, marital };
}

function couple(random: Random, age: number, part: Part): [PersonSketch, PersonSketch] {
  const spouseAge = clamp(age - random.normal(1.8, 1.5), 20, 100);
  // Most householders of couples are men; their wives stand in the register as 12 妻.
  const sex: Sex = random.chance(0.8) ? '1' : '2';
  const years = sex === '1' ? age : spouseAge;
  const spouseYears = sex === '1' ? spouseAge : age;
  return [
    head(sex, years, part, '20'),
    { sex: other(sex), age: spouseYears, part, relation: sex === '1' ? '12' : '11', surnameOf: null, marital: '20' },
  ];
}

/** A child of the householder; takes the father's surname. `rank` 0 for an only child, else 1, 2. */
function child(random: Random, members: readonly PersonSketch[], rank: number, age: number): PersonSketch {
  const sex: Sex = random.chance(0.52) ? '1' : '2';
  const relation = sex === '1' ? (['21', '22', '23'][rank] ?? '29') : (['31', '32', '33'][rank] ?? '39');
  const father = members.findIndex((member) => member.sex === '1' && member.part === 'adult');
  return {
    sex,
    age,
    part: age >= 18 ? 'adult' : 'child',
    relation,
    surnameOf: father >= 0 ? father : 0,
    marital: age >= 24 && random.chance(0.15) ? '20' : '10',
  };
}

/** Parents of the householder who live with the family. */
function parents(random: Random, householder: PersonSketch, count: 1 | 2): PersonSketch[] {
  const age = clamp(householder.age + random.normal(27, 2.5), 55, 99);
  const father: PersonSketch = {
    sex: '1',
    age,
    part: 'elder',
    relation: '51',
    surnameOf: 0,
    marital: count === 2 ? '20' : '30',
  };
  const mother: PersonSketch = {
    sex: '2',
    age: clamp(age - random.normal(2, 1.5), 52, 99),
    part: 'elder',
    relation: '52',
    surnameOf: null,
    marital: count === 2 ? '20' : '30',
  };
  if (count === 2) return [father, mother];
  return [random.chance(0.7) ? mother : father];
}

const youngParents = (random: Random): [PersonSketch, PersonSketch] =>
  couple(random, clamp(random.normal(38, 5.5), 25, 52), 'adult');

function childAge(random: Random, family: readonly PersonSketch[]): number {
  const mother = family.find((member) => member.sex === '2');
  return clamp((mother?.age ?? 36) - random.normal(27.5, 2.5), 0, 17);
}

function alone(random: Random, age: number): PersonSketch {
  const marital =
    age < 26
      ? '10'
      : random.weighted(
          weights<string>([
            ['10', 55],
            ['20', 25],
            ['40', 20],
          ]),
        );
  return head(random.chance(0.55) ? '1' : '2', age, 'adult', marital);
}

/** Draws a household of the kind and, where the kind leaves it open, of the size. */
export function sketchHousehold(random: Random, kind: HouseholdKind, size: number): HouseholdSketch {
  const settled = (members: readonly PersonSketch[]): HouseholdSketch => ({ kind, rented: false, members });
  const rented = (members: readonly PersonSketch[]): HouseholdSketch => ({ kind, rented: true, members });
  switch (kind) {
    case 'elder-alone': {
      const age = clamp(random.normal(76, 7), 61, 101);
      return settled([head(random.chance(0.66) ? '2' : '1', age, 'elder', random.chance(0.88) ? '30' : '10')]);
    }
    case 'elder-couple':
      return settled(couple(random, clamp(random.normal(70, 6), 60, 93), 'elder'));
    case 'skipped-generation': {
      const elder = head(random.chance(0.7) ? '2' : '1', clamp(random.normal(66, 5), 55, 80), 'elder', '30');
      const sex: Sex = random.chance(0.52) ? '1' : '2';
      const age = clamp(random.normal(9, 3.5), 2, 16);
      const relation = sex === '1' ? '41' : '42';
      return settled([
        elder,
        { sex, age, part: 'child', relation, surnameOf: elder.sex === '1' ? 0 : null, marital: '10' },
      ]);
    }
    case 'single':
      return settled([alone(random, clamp(random.normal(40, 11), 22, 59))]);
    case 'couple':
      return settled(couple(random, clamp(random.normal(46, 10), 24, 60), 'adult'));
    case 'single-parent': {
      const parent = head(
        random.chance(0.7) ? '2' : '1',
        clamp(random.normal(39, 6), 25, 55),
        'adult',
        random.chance(0.85) ? '40' : '30',
      );
      return settled([parent, child(random, [parent], 0, clamp(parent.age - random.normal(27, 2.5), 0, 17))]);
    }
    case 'couple-child': {
      const pair = youngParents(random);
      return settled([...pair, child(random, pair, 0, childAge(random, pair))]);
    }
    case 'couple-grown-child': {
      const pair = couple(random, clamp(random.normal(53, 4), 45, 63), 'adult');
      return settled([...pair, child(random, pair, 0, clamp(pair[1].age - random.normal(27, 2), 18, 34))]);
    }
    case 'couple-elder': {
      const pair = couple(random, clamp(random.normal(50, 5), 38, 62), 'adult');
      return settled([...pair, ...parents(random, pair[0], 1)]);
    }
    case 'couple-two-children': {
      const pair = youngParents(random);
      const elder = childAge(random, pair);
      return settled([
        ...pair,
        child(random, pair, 1, elder),
        child(random, pair, 2, Math.max(0, elder - random.between(2, 6))),
      ]);
    }
    case 'three-generations': {
      const pair = youngParents(random);
      return settled([...pair, child(random, pair, 0, childAge(random, pair)), ...parents(random, pair[0], 1)]);
    }
    case 'big-family': {
      const pair = youngParents(random);
      const elder = childAge(random, pair);
      const first = child(random, pair, size === 6 ? 1 : 0, elder);
      const second = size === 6 ? [child(random, pair, 2, Math.max(0, elder - random.between(2, 6)))] : [];
      return settled([...pair, first, ...second, ...parents(random, pair[0], 2)]);
    }
    case 'rented-single':
      return rented([alone(random, clamp(random.normal(33, 9), 19, 57))]);
    case 'rented-pair': {
      const first = alone(random, clamp(random.normal(31, 8), 19, 55));
      return rented([first, { ...alone(random, clamp(random.normal(31, 8), 19, 55)), relation: '99' }]);
    }
    case 'rented-family': {
      const pair = couple(random, clamp(random.normal(34, 5), 24, 46), 'adult');
      return rented([...pair, child(random, pair, 0, childAge(random, pair))]);
    }
  }
}
