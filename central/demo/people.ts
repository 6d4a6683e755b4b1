import { codes } from './codes.ts';
import { bornYearsBefore } from './calendar.ts';
import { givenName, surname } from './names.ts';
import { fictitiousPhone } from './numbers.ts';
import { weights, type Random } from './random.ts';
import type { ResidentValues } from './rows.ts';
import type { HouseholdSketch, PersonSketch } from './shapes.ts';

/** What the whole district shares while it is drawn: numbers that may be given out once. */
export interface Registry {
  readonly today: string;
  /** A fresh ID number for a birth date and sex. */
  idNumber(birthDate: string, sex: '1' | '2'): string;
  /** Ordinal of the next phone. */
  phoneOrdinal(): number;
}

export interface DrawnPerson {
  readonly sketch: PersonSketch;
  readonly values: ResidentValues;
}

const minorities = ['03', '05', '06', '08', '11', '12', '15', '22'];
const homes = [
  '安徽省阜阳市',
  '安徽省六安市',
  '安徽省亳州市',
  '河南省周口市',
  '河南省信阳市',
  '贵州省毕节市',
  '贵州省遵义市',
  '四川省达州市',
  '江西省上饶市',
  '江西省九江市',
  '湖北省黄冈市',
  '湖南省邵阳市',
  '云南省昭通市',
  '重庆市万州区',
  '江苏省盐城市',
  '浙江省温州市',
];
const employers = [
  '甬东精密机械厂',
  '海曙门诊部',
  '镇海港区装卸队',
  '招宝超市',
  '东海塑料制品厂',
  '沿江物流站',
  '文昌书店',
  '清泉净水公司',
  '永安物业',
  '明珠幼儿园',
  '白云宾馆',
  '聚源建材行',
  '新城中学',
  '石化设备检修队',
  '锦绣服饰',
  '桂花餐饮店',
  '宁远软件工作室',
  '长宁公交站',
];
const disabilityKinds = weights<string>([
  ['4', 45],
  ['2', 21],
  ['1', 13],
  ['5', 8],
  ['6', 8],
  ['7', 4],
  ['3', 1],
]);
const disabilityGrades = weights<string>([
  ['1', 12],
  ['2', 22],
  ['3', 28],
  ['4', 38],
]);

function educationOf(random: Random, age: number): string | null {
  if (age < 3) return null;
  if (age < 13) return '81';
  if (age < 16) return '71';
  if (age < 19) return '61';
  if (age >= 75)
    return random.weighted(
      weights([
        ['90', 30],
        ['81', 50],
        ['71', 14],
        ['61', 6],
      ]),
    );
  if (age >= 55)
    return random.weighted(
      weights([
        ['81', 34],
        ['71', 42],
        ['61', 18],
        ['31', 6],
      ]),
    );
  if (age >= 38)
    return random.weighted(
      weights([
        ['81', 8],
        ['71', 40],
        ['61', 18],
        ['40', 10],
        ['31', 14],
        ['21', 10],
      ]),
    );
  return random.weighted(
    weights([
      ['71', 22],
      ['61', 12],
      ['40', 14],
      ['31', 24],
      ['21', 25],
      ['14', 3],
    ]),
  );
}

interface Work {
  readonly employment: string;
  readonly workplace: string | null;
  readonly incomeFen: number | null;
  readonly pensionFen: number | null;
}

/** Whole tens of yuan, in fen. */
const roundedFen = (yuan: number): number => Math.round(yuan / 10) * 1000;

function workOf(random: Random, person: PersonSketch, seriouslyDisabled: boolean): Work {
  const { age, sex } = person;
  const none = { workplace: null, pensionFen: null } as const;
  if (age < 16)
    return { ...none, employment: age < 3 ? codes.employment.none : codes.employment.student, incomeFen: null };
  if (age < 19) return { ...none, employment: codes.employment.student, incomeFen: null };
  if (age >= 60 || (sex === '2' && age >= 55)) {
    // Seven in ten have an employee's pension, the others the small one for residents.
    const pension = random.chance(0.7) ? random.normal(3600, 750) : random.normal(620, 160);
    const pensionFen = roundedFen(Math.max(250, pension));
    return { employment: codes.employment.retired, workplace: null, incomeFen: pensionFen, pensionFen };
  }
  if (seriouslyDisabled) return { ...none, employment: codes.employment.unable, incomeFen: 0 };
  if (age < 23 && random.chance(0.6)) return { ...none, employment: codes.employment.student, incomeFen: null };
  const draw = random.next();
  if (draw < 0.05) return { ...none, employment: codes.employment.unemployed, incomeFen: 0 };
  if (draw < 0.09) return { ...none, employment: codes.employment.home, incomeFen: 0 };
  if (draw < 0.2)
    return {
      ...none,
      employment: codes.employment.selfEmployed,
      incomeFen: roundedFen(Math.max(2000, random.normal(7200, 2800))),
    };
  return {
    employment: codes.employment.employed,
    workplace: random.pick(employers),
    incomeFen: roundedFen(Math.max(2500, random.normal(6300, 1900))),
    pensionFen: null,
  };
}

/** About 6 % over all ages. */
const disabilityShare = (age: number): number => (age < 18 ? 0.014 : age < 60 ? 0.05 : age < 80 ? 0.125 : 0.21);

function healthOf(random: Random, age: number, disabled: boolean): string {
  if (disabled) return codes.health.disabled;
  const chronic = age < 35 ? 0.02 : age < 60 ? 0.12 : age < 75 ? 0.38 : 0.58;
  if (random.chance(chronic)) return codes.health.chronic;
  return random.chance(age < 60 ? 0.08 : 0.25) ? codes.health.weak : codes.health.good;
}

function selfPaidOf(random: Random, age: number, health: string): number | null {
  if (random.chance(0.35)) return null;
  const base = health === codes.health.chronic || health === codes.health.disabled ? 2600 : 700;
  // Skewed: most pay little, a few a great deal.
  const draw = random.next();
  return Math.round(base * (0.2 + 2 * draw ** 4 * (age > 60 ? 3 : 1.5)) * 100);
}

function insuranceOf(random: Random, work: Work, rented: boolean): string {
  if (work.employment === codes.employment.employed)
    return random.chance(0.95) ? codes.insurance.employee : codes.insurance.none;
  if (work.pensionFen !== null && work.pensionFen > 200_000) return codes.insurance.employee;
  return random.chance(rented ? 0.85 : 0.975) ? codes.insurance.resident : codes.insurance.none;
}

interface Wanted {
  /** Severely disabled, as a story asks for. */
  readonly severe?: boolean;
}

/**
 * Draws the people of one household, in the order of the sketch.
 * @param address where they live, in one line
 */
export function drawPeople(
  random: Random,
  registry: Registry,
  sketch: HouseholdSketch,
  address: string,
  wanted: Wanted = {},
): DrawnPerson[] {
  const surnames: string[] = [];
  const size = sketch.members.length;
  const home = sketch.rented ? random.pick(homes) : address;
  const people = sketch.members.map((person, index): DrawnPerson => {
    const family = (person.surnameOf === null ? undefined : surnames[person.surnameOf]) ?? surname(random);
    surnames.push(family);
    const birthDate = bornYearsBefore(registry.today, person.age, random.next());
    const severeHere = wanted.severe === true && index === 0;
    const disabled = severeHere || random.chance(disabilityShare(person.age));
    const grade = disabled ? (severeHere ? '1' : random.weighted(disabilityGrades)) : null;
    const severe = grade === '1' || grade === '2';
    const work = workOf(random, person, severe);
    const health = healthOf(random, person.age, disabled);
    const tags = tagsOf(sketch, person, severe);
    const ethnicity = random.chance(0.985) ? '01' : random.pick(minorities);
    const name = family + givenName(random, person.sex, Number(birthDate.slice(0, 4)));
    return {
      sketch: person,
      values: {
        name,
        id_no: registry.idNumber(birthDate, person.sex),
        sex: person.sex,
        birth_date: birthDate,
        ethnicity,
        registered_address: home,
        living_status: codes.living.alive,
        death_date: null,
        marital_status: person.marital,
        disability_category: disabled ? random.weighted(disabilityKinds) : null,
        disability_grade: grade,
        medical_insurance: insuranceOf(random, work, sketch.rented),
        medical_self_paid_fen: selfPaidOf(random, person.age, health),
        pension_fen: work.pensionFen,
        phone: person.age >= 12 && random.chance(0.94) ? fictitiousPhone(registry.phoneOrdinal()) : null,
        education: educationOf(random, person.age),
        employment: work.employment,
        workplace: work.workplace,
        monthly_income_fen: work.incomeFen,
        health_status: health,
        residence_status: sketch.rented
          ? codes.residence.rentedIn
          : random.chance(0.03)
            ? codes.residence.away
            : codes.residence.resident,
        living_alone: size === 1,
        emergency_contact: null,
        tags,
        notes: [],
      },
    };
  });
  return people.map((person) => ({
    ...person,
    values: { ...person.values, emergency_contact: contactOf(random, registry, person, people) },
  }));
}

/** Whom to call for an elder or a child: somebody of the household with a phone, else a relative elsewhere. */
function contactOf(
  random: Random,
  registry: Registry,
  person: DrawnPerson,
  people: readonly DrawnPerson[],
): string | null {
  if (person.sketch.part === 'adult') return null;
  const near = people.find((other) => other !== person && other.sketch.part === 'adult' && other.values.phone !== null);
  if (near !== undefined) return `${near.values.name} ${String(near.values.phone)}`;
  if (!random.chance(0.85)) return null;
  const family = person.values.name.charAt(0);
  const kin = random.chance(0.5)
    ? `${family}${givenName(random, '1', 1975)}（儿子）`
    : `${family}${givenName(random, '2', 1975)}（女儿）`;
  return `${kin} ${fictitiousPhone(registry.phoneOrdinal())}`;
}

function tagsOf(sketch: HouseholdSketch, person: PersonSketch, severe: boolean): string[] {
  const tags: string[] = [];
  if (sketch.kind === 'elder-alone') tags.push(codes.tags.alone);
  if (sketch.kind === 'elder-couple') tags.push(codes.tags.emptyNest);
  if (person.age >= 80) tags.push(codes.tags.aged);
  if (severe) tags.push(codes.tags.severe);
  if (sketch.kind === 'skipped-generation' && person.part === 'child') tags.push(codes.tags.leftBehind);
  if (sketch.rented && person.part === 'child') tags.push(codes.tags.migrantChild);
  return tags;
}
