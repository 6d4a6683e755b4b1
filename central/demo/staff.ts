import type { Area, Person } from '../../shared/sync/wire.ts';
import type { Member } from '../store/people.ts';
import { givenName, surname, type Sex } from './names.ts';
import type { Random } from './random.ts';

export interface Staff {
  readonly members: readonly Member[];
  /** Worker ids by division code, those who make its visits. */
  readonly visitors: ReadonlyMap<string, readonly string[]>;
}

/** The three whose mornings the demonstration tells; their communities overlap in the first one. */
export const storyWorkers = [
  { id: 'worker-limin', name: '李敏' },
  { id: 'worker-zhangwei', name: '张伟' },
  { id: 'worker-wangfang', name: '王芳' },
] as const;

/** Those above them. */
export const overseers = [
  { id: 'leader-chenguoping', name: '陈国平', role: 'grid-leader', post: '网格长' },
  { id: 'supervisor-zhaolihua', name: '赵丽华', role: 'supervisor', post: '区民政局督导' },
  { id: 'auditor-sunjianguo', name: '孙建国', role: 'auditor', post: '审计专员' },
] as const;

/** Draws everybody who works in the populated communities, and what each may hold. */
export function drawStaff(random: Random, countyCode: string, populated: readonly Area[]): Staff {
  const first = populated[0];
  if (first === undefined) throw new Error('a district without a populated community');
  const members: Member[] = [];
  const visitors = new Map<string, string[]>(populated.map((area) => [area.code, []]));

  const employ = (person: Person, grants: readonly string[]): void => {
    members.push({ ...person, grants });
  };

  storyWorkers.forEach((worker, index) => {
    // Everyone has the first community; besides it 李敏 the second, 张伟 the third, 王芳 second and fourth.
    const others = [[1], [2], [1, 3]][index] ?? [];
    const held = [first, ...others.flatMap((place) => populated[place] ?? [])];
    employ(
      { ...worker, role: 'community-worker', post: `${first.name}社工` },
      held.map((area) => area.code),
    );
    for (const area of held) visitors.get(area.code)?.push(worker.id);
  });
  const scopes = [first.code.slice(0, 9), countyCode, countyCode];
  overseers.forEach((person, index) => {
    const post = index === 0 ? `${first.street}${person.post}` : person.post;
    employ({ ...person, post }, [scopes[index] ?? countyCode]);
  });
  for (const area of populated.slice(1)) {
    for (const ordinal of [1, 2]) {
      const sex: Sex = random.chance(0.7) ? '2' : '1';
      const id = `worker-${area.code}-${String(ordinal)}`;
      const name = surname(random) + givenName(random, sex, random.between(1972, 1999));
      employ({ id, name, role: 'community-worker', post: `${area.name}社工` }, [area.code]);
      visitors.get(area.code)?.push(id);
    }
  }
  return { members, visitors };
}
