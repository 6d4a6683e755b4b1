import type { VisitKind } from '../../shared/contract/views.ts';
import type { Values } from '../../shared/domain/entities.ts';
import { addDays, instantInChina } from './calendar.ts';
import { drawAnswers } from './answers.ts';
import type { DrawnCommunity, DrawnHousehold } from './community.ts';
import type { Registry } from './people.ts';
import type { Random } from './random.ts';
import { demoRow, rowId, type DemoRow } from './rows.ts';

/** Why a visit is due, in the words that stand on the list. */
const reasons: Readonly<Record<VisitKind, string>> = {
  elder: '独居、空巢老年人每月探访',
  relief: '救助家庭定期复核',
  child: '留守、困境儿童走访',
  disabled: '重度残疾人每月走访',
  'new-arrival': '新租住人员信息核实',
  'after-change': '部门推送信息有变动，入户核实',
  'ad-hoc': '邻里反映家中有困难，上门了解',
};

/** What a household would be visited for, were it its turn. */
export function kindOfVisit(household: DrawnHousehold): VisitKind {
  if (household.values.relief_category !== null) return 'relief';
  const people = household.people.map(({ person }) => person);
  if (people.some((person) => person.values.disability_grade === '1' || person.values.disability_grade === '2'))
    return 'disabled';
  if (household.kind === 'elder-alone' || household.kind === 'elder-couple') return 'elder';
  if (household.kind === 'skipped-generation' || household.kind === 'single-parent') return 'child';
  if (household.kind.startsWith('rented')) return 'new-arrival';
  return 'ad-hoc';
}

/** One visit wanted for a day. */
export interface WantedVisit {
  readonly household: DrawnHousehold;
  readonly worker: string;
  readonly kind: VisitKind;
  readonly on: string;
}

export interface DrawnVisits {
  readonly rows: readonly DemoRow[];
  /** What the visits change about households: last and next day, and why. */
  readonly dates: ReadonlyMap<string, Pick<Values<'household'>, 'last_visit_on' | 'next_visit_on' | 'visit_reason'>>;
}

const blank = {
  started_at: null,
  ended_at: null,
  mode: null,
  located: null,
  skip_reason: null,
  people_present: [],
  summary: null,
} as const;

const summaries = [
  '老人精神状态好，生活能自理，家中整洁。',
  '家中有人，情况与档案一致，无新增需求。',
  '反映看病花费较多，已告知医疗救助政策。',
  '燃气软管老化，已提醒更换并报物业。',
  '孩子在校情况正常，由祖辈接送。',
  '近期找到零工，收入有所增加，下次再核。',
];

/**
 * Visits of one community: what is planned for today and the days after, and what was done in the weeks before, so that
 * "since the last visit" means something.
 * @param wanted today's visits that a story needs; their households were all visited three to five weeks ago
 * @param visitors who makes this community's visits
 */
export function drawVisits(
  random: Random,
  registry: Registry,
  community: DrawnCommunity,
  wanted: readonly WantedVisit[],
  visitors: readonly string[],
): DrawnVisits {
  const { today } = registry;
  const story = new Set(wanted.map((visit) => visit.household.id));
  const due = community.households.filter(
    (household) => !story.has(household.id) && kindOfVisit(household) !== 'ad-hoc',
  );
  const planned: WantedVisit[] = [...wanted];
  const done: WantedVisit[] = [];
  const first = new Set<string>();
  for (const visit of wanted) {
    if (first.has(visit.household.id)) continue;
    first.add(visit.household.id);
    const kind = kindOfVisit(visit.household);
    done.push({ ...visit, kind, on: addDays(today, -random.between(20, 34)) });
    done.push({ ...visit, kind, on: addDays(today, -random.between(50, 66)) });
  }
  // Ordinary rounds: every worker has a past and a week ahead. Nobody but the story's workers goes out today.
  visitors.forEach((worker, index) => {
    const round = due.filter((_, place) => place % visitors.length === index);
    round.slice(0, 10).forEach((household) => {
      const kind = kindOfVisit(household);
      done.push({ household, worker, kind, on: addDays(today, -random.between(1, 27)) });
    });
    round.slice(10, 18).forEach((household, place) => {
      planned.push({ household, worker, kind: kindOfVisit(household), on: addDays(today, 1 + place) });
    });
  });
  if (wanted.length === 0) {
    // Elsewhere the community's own worker has a short list for today, so that no place looks asleep.
    const worker = visitors.at(-1);
    if (worker !== undefined)
      for (const household of due.slice(-4))
        planned.push({ household, worker, kind: kindOfVisit(household), on: today });
  }

  // The order of a walk: by day, then building by building.
  const walk = (left: WantedVisit, right: WantedVisit): number =>
    left.on === right.on ? left.household.ordinal - right.household.ordinal : left.on < right.on ? -1 : 1;
  const rows: DemoRow[] = [];
  const dates = new Map<string, Pick<Values<'household'>, 'last_visit_on' | 'next_visit_on' | 'visit_reason'>>();
  let ordinal = 0;
  for (const visit of done.sort(walk)) {
    const id = rowId('vis', community.place, (ordinal += 1));
    const hour = random.between(9, 16);
    const minute = random.between(0, 39);
    const present = visit.household.people
      .filter(({ person }) => person.sketch.part !== 'adult' || random.chance(0.4))
      .map((one) => one.id);
    rows.push(
      demoRow('visit', id, community.area.code, {
        ...blank,
        household_id: visit.household.id,
        resident_id: null,
        kind: visit.kind,
        reason: reasons[visit.kind],
        planned_on: visit.on,
        worker_id: visit.worker,
        state: 'done',
        started_at: instantInChina(visit.on, hour, minute),
        ended_at: instantInChina(visit.on, hour, minute + random.between(8, 20)),
        mode: 'at-door',
        located: true,
        people_present: present,
        summary: random.pick(summaries),
      }),
      ...drawAnswers(random, { id, area: community.area.code, kind: visit.kind, on: visit.on }, visit.household),
    );
    dates.set(visit.household.id, {
      last_visit_on: visit.on,
      next_visit_on: addDays(visit.on, 30),
      visit_reason: visit.kind,
    });
  }
  for (const visit of planned.sort(walk)) {
    rows.push(
      demoRow('visit', rowId('vis', community.place, (ordinal += 1)), community.area.code, {
        ...blank,
        household_id: visit.household.id,
        resident_id: null,
        kind: visit.kind,
        reason: reasons[visit.kind],
        planned_on: visit.on,
        worker_id: visit.worker,
        state: 'planned',
      }),
    );
    const before = dates.get(visit.household.id);
    dates.set(visit.household.id, {
      last_visit_on: before?.last_visit_on ?? addDays(today, -random.between(28, 60)),
      next_visit_on: visit.on,
      visit_reason: visit.kind,
    });
  }
  return { rows, dates };
}
