import type { Member } from '../../central/store/people.ts';
import type { LoadRow } from '../../central/store/records.ts';
import { county } from './centre.ts';

const areaA = `${county}001001`;
const areaB = `${county}001002`;
const areaC = `${county}002001`;
export const areas = [areaA, areaB, areaC] as const;
/** Names of staff: everybody holds it. */
export const commonArea = `${county}000000`;

export const persons = ['w1', 'w2', 'w3'] as const;
export const firstGrants: Readonly<Record<string, readonly string[]>> = {
  w1: [areaA, areaB],
  w2: [areaA, areaB],
  w3: [areaB, areaC],
};

/** Text that stands in one row only, in a field nobody edits: where it turns up, the row's values are. */
export const markerOf = (row: string): string => `Marker-${row}-`;
export const markers = /Marker-[A-Za-z0-9]+(?:-n\d+)?-/g;

const resident = (id: string, area: string): LoadRow => ({
  entity: 'resident',
  id,
  area,
  values: {
    name: `居民${id}`,
    sex: '1',
    phone: '13800000000',
    living_status: 'alive',
    medical_insurance: 'resident',
    emergency_contact: markerOf(id),
    tags: ['aged'],
    notes: ['first'],
  },
});
const household = (id: string, area: string, householder: string): LoadRow[] => [
  {
    entity: 'household',
    id,
    area,
    values: { householder_id: householder, housing_kind: 'owned', hazards: [], next_visit_on: '2026-12-01' },
  },
  {
    entity: 'membership',
    id: `m-${householder}`,
    area,
    values: { household_id: id, resident_id: householder, relation: '01' },
  },
  {
    entity: 'visit',
    id: `v-${id}`,
    area,
    values: { household_id: id, kind: 'elder', planned_on: '2026-11-21', state: 'planned', people_present: [] },
  },
];

export const firstRows: readonly LoadRow[] = [
  resident('r1', areaA),
  resident('r2', areaA),
  resident('r3', areaB),
  resident('r4', areaC),
  ...household('h1', areaA, 'r1'),
  ...household('h3', areaB, 'r3'),
];

export const members: readonly Member[] = persons.map((id) => ({
  id,
  name: `工作者${id}`,
  role: 'community-worker',
  post: '社区工作者',
  grants: firstGrants[id] ?? [],
}));
