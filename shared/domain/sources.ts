import { z } from 'zod';

/**
 * Where a value comes from. Departments first (their feeds), then what a worker can do at the door.
 * The order of ranks is the project's merge rule: authority before community before self-report before hearsay.
 */
export const Source = z.enum([
  'police', // 公安
  'health', // 卫健
  'medical-insurance', // 医保
  'civil-affairs', // 民政
  'human-resources', // 人社
  'disabled-federation', // 残联
  'funeral', // 殡葬
  'education', // 教育
  'housing', // 住建 / 自然资源
  'card-read', // 读卡
  'document', // 凭证核实
  'visit', // 入户走访
  'phone-call', // 电话询问
  'self-report', // 自报
  'hearsay', // 旁人转述
  'system', // computed by the product itself
]);
export type Source = z.infer<typeof Source>;

const departments: ReadonlySet<Source> = new Set([
  'police',
  'health',
  'medical-insurance',
  'civil-affairs',
  'human-resources',
  'disabled-federation',
  'funeral',
  'education',
  'housing',
]);

/** True for a department's feed (部门数据), false for what a worker saw, read or heard. */
export const isDepartment = (source: Source): boolean => departments.has(source);

/**
 * Rank of a source for one field, higher wins among concurrent writes.
 * The department that owns the field stands above other departments, these above a card read, and so on.
 * @param owner the department with authority over the field, if any
 */
export function rankOf(source: Source, owner: Source | undefined): number {
  if (owner !== undefined && source === owner) return 100;
  if (departments.has(source)) return 80;
  switch (source) {
    case 'card-read':
      return 70;
    case 'document':
      return 60;
    case 'visit':
      return 50;
    case 'phone-call':
      return 40;
    case 'self-report':
      return 30;
    case 'hearsay':
      return 10;
    default:
      return 20;
  }
}

/** How far a value can be trusted, as people say it: 权威 / 凭证核实 / 社区核实 / 自报 / 传闻. */
export type Confidence = 'authority' | 'documented' | 'seen' | 'told' | 'hearsay';

export function confidenceOf(source: Source): Confidence {
  if (departments.has(source)) return 'authority';
  switch (source) {
    case 'card-read':
    case 'document':
      return 'documented';
    case 'visit':
      return 'seen';
    case 'hearsay':
      return 'hearsay';
    default:
      return 'told';
  }
}
