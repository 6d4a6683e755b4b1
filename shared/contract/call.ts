import { z } from 'zod';
import type { Role } from '../domain/roles.ts';

/** Who may call: roles, or `anyone` for what must work before a person has unlocked. */
export type Callers = readonly Role[] | 'anyone';

export interface CallSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** A command changes data and is audited; a query reads. */
  readonly kind: 'command' | 'query';
  readonly roles: Callers;
  readonly input: I;
  readonly output: O;
}

export const query = <I extends z.ZodType, O extends z.ZodType>(roles: Callers, input: I, output: O) =>
  ({ kind: 'query', roles, input, output }) as const satisfies CallSpec<I, O>;

export const command = <I extends z.ZodType, O extends z.ZodType>(roles: Callers, input: I, output: O) =>
  ({ kind: 'command', roles, input, output }) as const satisfies CallSpec<I, O>;

const nextSteps = [
  'retry',
  'correct',
  'reload',
  'unlock',
  'enrol-again',
  'call-supervisor',
  'free-space',
  'update-app',
  'restore-copy',
  'wait',
] as const;

/** Schema of `Result<T, C>`. */
export function resultOf<T extends z.ZodType, const C extends readonly [string, ...string[]]>(value: T, codes: C) {
  return z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), value }),
    z.strictObject({
      ok: z.literal(false),
      failure: z.strictObject({
        code: z.enum(codes),
        next: z.enum(nextSteps),
        facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    }),
  ]);
}
