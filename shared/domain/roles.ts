import { z } from 'zod';

/** Who may call what. Enforced at the gateway and again in the replica. */
export const Role = z.enum([
  'community-worker', // 社区工作者
  'grid-leader', // 网格长
  'registrar', // 婚姻登记员
  'election-official', // 选举工作人员
  'supervisor', // 街道主管
  'auditor', // 审计
  'administrator', // 管理员
]);
export type Role = z.infer<typeof Role>;

/** Roles that change people's records in the field. */
export const fieldRoles = ['community-worker', 'grid-leader', 'supervisor'] as const satisfies readonly Role[];
/** Roles that may read people's records. */
export const readingRoles = [...fieldRoles, 'auditor'] as const satisfies readonly Role[];
