import { beforeAll, describe, expect, test } from 'vitest';
import { ageOn } from '../../shared/domain/age.ts';
import { codeSetOf } from '../../shared/domain/code-sets.ts';
import { fieldNames, fieldSpec, type EntityName } from '../../shared/domain/entities.ts';
import { parsePhone } from '../../shared/domain/phone.ts';
import { FieldValue, RowId } from '../../shared/domain/values.ts';
import { parseCitizenId } from '../../shared/idcard/citizen-id.ts';
import { parseUscc } from '../../shared/codes/uscc.ts';
import { checkValue } from '../../shared/sync/check-value.ts';
import { drawDistrict, districtFingerprint, type District } from './district.ts';
import { divisionsOf } from './divisions.ts';
import type { DemoRow } from './rows.ts';
import { storyWorkers } from './staff.ts';

const today = '2026-11-21';
const options = { residents: 3000, seed: 'test', today };

let district: District;
let rows: DemoRow[];
type Line = { id: string; area: string } & Readonly<Record<string, FieldValue>>;
const of = (entity: EntityName): Line[] =>
  rows
    .filter((row) => row.entity === entity)
    .map((row) => ({ ...(row.values as Readonly<Record<string, FieldValue>>), id: row.id, area: row.area }));

beforeAll(() => {
  district = drawDistrict(options);
  rows = [...district.communities()].flatMap((community) => community.rows);
});

describe('the county', () => {
  test('has its 99 villages and communities, each in one of its seven streets and towns', () => {
    const divisions = divisionsOf('330211');
    expect(divisions).toHaveLength(99);
    expect(new Set(divisions.map((area) => area.code)).size).toBe(99);
    expect(divisions.every((area) => /^330211\d{6}$/.test(area.code))).toBe(true);
    expect([...new Set(divisions.map((area) => area.street))]).toEqual([
      '招宝山街道',
      '蛟川街道',
      '骆驼街道',
      '庄市街道',
      '贵驷街道',
      '澥浦镇',
      '九龙湖镇',
    ]);
    expect(divisions[0]).toEqual({ code: '330211001001', name: '城东社区', street: '招宝山街道' });
    expect(divisions.some((area) => area.name.includes('村委会'))).toBe(false);
  });

  test('is as dense as a real one: a thousand people in a community, whatever the size', () => {
    expect(district.divisions).toHaveLength(99);
    expect(district.populated.map((area) => area.code)).toEqual(['330211001001', '330211001002', '330211001003']);
    expect(drawDistrict({ ...options, residents: 5000 }).populated).toHaveLength(5);
    expect(drawDistrict({ ...options, residents: 100_000 }).populated).toHaveLength(99);
  });

  test.each([499, 200_001, 1000.5, Number.NaN])('refuses %s residents', (residents) => {
    expect(() => drawDistrict({ ...options, residents })).toThrow(RangeError);
  });
});

describe('determinism', () => {
  test('equal options give equal rows, another seed or day others', () => {
    const fingerprint = districtFingerprint(drawDistrict(options));
    expect(districtFingerprint(drawDistrict(options))).toBe(fingerprint);
    expect(districtFingerprint(drawDistrict({ ...options, seed: 'other' }))).not.toBe(fingerprint);
    expect(districtFingerprint(drawDistrict({ ...options, today: '2026-11-22' }))).not.toBe(fingerprint);
  });
});

describe('rows', () => {
  test('fit their entities: all fields, right types, known codes, unique names', () => {
    const seen = new Set<string>();
    for (const { entity, id, area, values } of rows) {
      expect(seen.has(`${entity} ${id}`), `${entity} ${id} twice`).toBe(false);
      seen.add(`${entity} ${id}`);
      RowId.parse(id);
      expect(area).toMatch(/^330211\d{6}$/);
      expect(Object.keys(values).sort()).toEqual([...fieldNames(entity)].sort());
      for (const [name, raw] of Object.entries(values)) {
        const value = FieldValue.parse(raw);
        const spec = fieldSpec(entity, name);
        if (spec === undefined || !checkValue(spec.type, value)) throw new Error(`${entity} ${id} ${name}`);
        const codes = codeSetOf(entity, name);
        if (codes === null || (entity === 'organisation' && name === 'kind')) continue;
        for (const code of Array.isArray(value) ? value : value === null ? [] : [String(value)])
          expect(Object.hasOwn(codes, code), `${entity}.${name} = ${code}`).toBe(true);
      }
    }
  });

  test('are as many as asked for: residents, and two households for five of them', () => {
    expect(of('resident')).toHaveLength(3000);
    expect(of('membership')).toHaveLength(3000);
    expect(of('household')).toHaveLength(1200);
    expect(of('address')).toHaveLength(1200);
  });

  test('point at rows of their own community', () => {
    const areas = new Map(rows.map((row) => [`${row.entity} ${row.id}`, row.area]));
    const points = (entity: EntityName, field: string, target: EntityName): void => {
      for (const row of of(entity)) {
        const id = row[field];
        if (id !== null) expect(areas.get(`${target} ${String(id)}`), `${entity} ${row.id}`).toBe(row.area);
      }
    };
    points('household', 'householder_id', 'resident');
    points('household', 'address_id', 'address');
    points('membership', 'household_id', 'household');
    points('membership', 'resident_id', 'resident');
    points('visit', 'household_id', 'household');
    points('visit_answer', 'visit_id', 'visit');
    points('proposal', 'household_id', 'household');
    for (const proposal of of('proposal'))
      expect(areas.get(`${String(proposal['subject_entity'])} ${String(proposal['subject_id'])}`)).toBe(proposal.area);
  });
});

describe('people', () => {
  test('have ID numbers that hold, belong to nobody, and agree with sex and birth date', () => {
    const numbers = new Set<string>();
    const rules = { today, prefixes: new Set<string>(), demonstration: true };
    for (const person of of('resident')) {
      const parsed = parseCitizenId(String(person['id_no']), rules, {
        sex: String(person['sex']),
        birthDate: String(person['birth_date']),
      });
      if (!parsed.ok) throw new Error(`${person.id}: ${parsed.failure.code}`);
      expect(parsed.value.prefix).toBe('330299');
      expect(parsed.value.warnings).toEqual([]);
      numbers.add(parsed.value.number);
    }
    expect(numbers.size).toBe(3000);
  });

  test('have phones that nobody takes for real ones', () => {
    for (const person of of('resident')) {
      const phone = person['phone'];
      if (phone === null || phone === undefined) continue;
      expect(phone).toMatch(/^1990000\d{4}$/);
      expect(parsePhone(String(phone)).ok).toBe(true);
    }
  });

  test('are of the ages of a Chinese district', () => {
    const ages = of('resident').map((person) => ageOn(String(person['birth_date']), today));
    const share = (low: number, high: number): number =>
      ages.filter((age) => age >= low && age <= high).length / ages.length;
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ages)).toBeLessThan(110);
    expect(share(0, 14)).toBeGreaterThan(0.12);
    expect(share(0, 14)).toBeLessThan(0.2);
    expect(share(15, 59)).toBeGreaterThan(0.56);
    expect(share(15, 59)).toBeLessThan(0.68);
    expect(share(60, 120)).toBeGreaterThan(0.17);
    expect(share(60, 120)).toBeLessThan(0.27);
    expect(share(80, 120)).toBeGreaterThan(0.01);
    expect(share(80, 120)).toBeLessThan(0.05);
  });

  test('carry disabilities and relief as often as real ones', () => {
    const disabled = of('resident').filter((person) => person['disability_grade'] !== null).length / 3000;
    expect(disabled).toBeGreaterThan(0.045);
    expect(disabled).toBeLessThan(0.08);
    const relief = of('household').filter((household) => household['relief_category'] !== null).length / 1200;
    expect(relief).toBeGreaterThan(0.008);
    expect(relief).toBeLessThan(0.03);
  });
});

describe('households', () => {
  test('have one householder each, who lives in it, and relations that fit sex', () => {
    const relations = new Map<string, string[]>();
    const sexOf = new Map(of('resident').map((person) => [person.id, person['sex']]));
    for (const membership of of('membership')) {
      const household = String(membership['household_id']);
      relations.set(household, [...(relations.get(household) ?? []), String(membership['relation'])]);
      const sex = sexOf.get(String(membership['resident_id']));
      if (['11', '21', '22', '23', '41', '51'].includes(String(membership['relation']))) expect(sex).toBe('1');
      if (['12', '31', '32', '33', '42', '52'].includes(String(membership['relation']))) expect(sex).toBe('2');
      if (membership['relation'] === '02')
        expect(of('household').find((one) => one.id === household)?.['householder_id']).toBe(membership['resident_id']);
    }
    expect(relations.size).toBe(1200);
    for (const [household, list] of relations)
      expect(
        list.filter((relation) => relation === '02'),
        household,
      ).toHaveLength(1);
  });

  test('never share a room', () => {
    const doors = of('address').map((address) => String(address['full_text']));
    expect(new Set(doors).size).toBe(doors.length);
    const homes = of('household').map((household) => household['address_id']);
    expect(new Set(homes).size).toBe(homes.length);
  });

  test('are no child’s own: a householder is grown up', () => {
    const born = new Map(of('resident').map((person) => [person.id, String(person['birth_date'])]));
    for (const household of of('household'))
      expect(ageOn(born.get(String(household['householder_id'])) ?? today, today)).toBeGreaterThanOrEqual(18);
  });
});

describe('organisations', () => {
  test('are a committee and social organisations with codes that hold', () => {
    const codes = of('organisation').map((organisation) => {
      const parsed = parseUscc(String(organisation['uscc']));
      if (!parsed.ok) throw new Error(`${organisation.id}: ${parsed.failure.code}`);
      expect(parsed.value.division).toBe('330299');
      return parsed.value.code;
    });
    expect(new Set(codes).size).toBe(codes.length);
    for (const area of district.populated)
      expect(codes.filter((code) => code.startsWith('54')).length).toBeGreaterThanOrEqual(
        district.populated.indexOf(area) + 1,
      );
  });
});

describe('staff', () => {
  test('three workers overlap in the first community; a leader, a supervisor and an auditor stand above', () => {
    const grants = new Map(district.staff.members.map((member) => [member.name, member.grants]));
    expect(grants.get('李敏')).toEqual(['330211001001', '330211001002']);
    expect(grants.get('张伟')).toEqual(['330211001001', '330211001003']);
    expect(grants.get('王芳')).toEqual(['330211001001', '330211001002']);
    expect(grants.get('陈国平')).toEqual(['330211001']);
    expect(grants.get('赵丽华')).toEqual(['330211']);
    expect(grants.get('孙建国')).toEqual(['330211']);
    const roles = district.staff.members.map((member) => member.role);
    expect(new Set(roles)).toEqual(new Set(['community-worker', 'grid-leader', 'supervisor', 'auditor']));
  });
});

describe('today', () => {
  const visitsOf = (worker: string): Line[] =>
    of('visit').filter((visit) => visit['worker_id'] === worker && visit['planned_on'] === today);

  test('each of the three has six visits of several kinds, in the order of a walk', () => {
    for (const { id } of storyWorkers) {
      const visits = visitsOf(id);
      expect(visits).toHaveLength(6);
      expect(new Set(visits.map((visit) => visit['kind'])).size).toBeGreaterThanOrEqual(5);
      const homes = visits.map((visit) => String(visit['household_id']));
      expect([...visits].sort((a, b) => (a.id < b.id ? -1 : 1)).map((visit) => visit['household_id'])).toEqual(
        [...homes].sort(),
      );
      expect(visits.every((visit) => visit['state'] === 'planned')).toBe(true);
    }
  });

  test('one household is on two lists, and its income is to be decided', () => {
    const homes = storyWorkers.map(({ id }) => visitsOf(id).map((visit) => String(visit['household_id'])));
    const both = (homes[0] ?? []).filter((home) => (homes[1] ?? []).includes(home));
    expect(both).toHaveLength(1);
    const waiting = of('proposal').filter((proposal) => proposal['household_id'] === both[0]);
    expect(waiting.map((proposal) => proposal['field'])).toEqual(
      expect.arrayContaining(['monthly_income_fen', 'phone', 'medical_self_paid_fen']),
    );
  });

  test('every household on a list has at least three changes to decide, later than its last visit', () => {
    const homes = new Map(of('household').map((household) => [household.id, household]));
    for (const visit of storyWorkers.flatMap(({ id }) => visitsOf(id))) {
      const home = homes.get(String(visit['household_id']));
      const waiting = of('proposal').filter((proposal) => proposal['household_id'] === home?.id);
      expect(waiting.length).toBeGreaterThanOrEqual(3);
      expect(home?.['next_visit_on']).toBe(today);
      for (const proposal of waiting)
        expect(String(proposal['observed_on']) > String(home?.['last_visit_on'])).toBe(true);
      const before = of('visit').filter((one) => one['household_id'] === home?.id && one['state'] === 'done');
      expect(before.length).toBeGreaterThanOrEqual(2);
      expect(of('visit_answer').some((answer) => before.some((one) => one.id === answer['visit_id']))).toBe(true);
    }
  });

  test('waiting changes come from five departments, differ from what stands, and are about forty to a community', () => {
    const proposals = of('proposal');
    expect([...new Set(proposals.map((proposal) => proposal['source']))]).toEqual(
      expect.arrayContaining(['police', 'health', 'medical-insurance', 'human-resources', 'disabled-federation']),
    );
    const subjects = new Map(
      rows.map((row) => [`${row.entity} ${row.id}`, row.values as Readonly<Record<string, FieldValue>>]),
    );
    for (const proposal of proposals) {
      expect(proposal['old_value']).not.toBe(proposal['new_value']);
      const subject = subjects.get(`${String(proposal['subject_entity'])} ${String(proposal['subject_id'])}`);
      expect(JSON.stringify(subject?.[String(proposal['field'])] ?? null)).toBe(proposal['old_value']);
      expect(String(proposal['observed_on']) < today).toBe(true);
      const spec = fieldSpec(
        proposal['subject_entity'] === 'household' ? 'household' : 'resident',
        String(proposal['field']),
      );
      if (spec === undefined) throw new Error(`unknown field ${String(proposal['field'])}`);
      expect(checkValue(spec.type, FieldValue.parse(JSON.parse(String(proposal['new_value']))))).toBe(true);
    }
    for (const area of district.populated) {
      const here = proposals.filter((proposal) => proposal.area === area.code).length;
      expect(here).toBeGreaterThanOrEqual(40);
      expect(here).toBeLessThan(80);
    }
  });
});
