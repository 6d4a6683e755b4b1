import { parseArgs } from 'node:util';
import { z } from 'zod';
import { CivilDate } from '../../shared/domain/values.ts';
import { Source } from '../../shared/domain/sources.ts';
import { feedKinds } from '../feeds/kinds.ts';

export const usage = `Usage: npm run central -- <command>

  serve [--port N] [--host H]        serve the database
  demo --residents N [--seed S] [--port N]
                                     serve a demonstration district, made on first start
  import <file> [--county C] [--kind K] [--source S] [--today YYYY-MM-DD] [--rejects FILE]
                                     read a department's file into proposals
  code <person> [--hours N]          make a one-time enrolment code
  revoke <device>                    refuse a device from now on
  migrate                            bring the database to this version
  demo-reset                         empty a demonstration database
  openapi                            print the description of the HTTP interface

The database is DATABASE_URL (PostgreSQL 15 or newer); without it, or with --data DIR, one of its own in
DIR (default: DOORSTEP_DATA, or ~/.doorstep/central). Attachments lie in DOORSTEP_FILES, or DIR/files.`;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));
const Port = whole(0, 65_535).optional();
const Data = z.string().min(1).optional();
const text = { type: 'string' } as const;

/** Each command: its words, its options, and what they become. */
const commands = {
  serve: {
    words: 0,
    options: { port: text, host: text, data: text },
    read: z.strictObject({ port: Port, host: z.string().min(1).optional(), data: Data }),
  },
  demo: {
    words: 0,
    options: { residents: text, seed: text, port: text, data: text },
    read: z.strictObject({
      residents: whole(500, 200_000),
      seed: z.string().min(1).max(64).optional(),
      port: Port,
      data: Data,
    }),
  },
  import: {
    words: 1,
    options: { county: text, kind: text, source: text, today: text, rejects: text, data: text },
    read: z.strictObject({
      county: z
        .string()
        .regex(/^\d{6}$/, 'six digits')
        .optional(),
      kind: z.enum(feedKinds).optional(),
      source: Source.optional(),
      today: CivilDate.optional(),
      rejects: z.string().min(1).optional(),
      data: Data,
    }),
  },
  code: {
    words: 1,
    options: { hours: text, data: text },
    read: z.strictObject({ hours: whole(1, 720).optional(), data: Data }),
  },
  revoke: { words: 1, options: { data: text }, read: z.strictObject({ data: Data }) },
  migrate: { words: 0, options: { data: text }, read: z.strictObject({ data: Data }) },
  'demo-reset': { words: 0, options: { data: text }, read: z.strictObject({ data: Data }) },
  openapi: { words: 0, options: {}, read: z.strictObject({}) },
} as const;

type Commands = typeof commands;
/** A command line that was understood: its name, its one word where it takes one, its options. */
export type Command = {
  [N in keyof Commands]: { readonly name: N; readonly word: string; readonly options: z.infer<Commands[N]['read']> };
}[keyof Commands];

/** @returns the command, or a line that says what is wrong with it */
export function readArguments(args: readonly string[]): Command | { readonly wrong: string } {
  const [name = '', ...rest] = args;
  if (!Object.hasOwn(commands, name))
    return { wrong: name === '' ? 'a command is needed' : `no such command: ${name}` };
  const known = name as keyof Commands;
  const spec = commands[known];
  try {
    const parsed = parseArgs({ args: rest, options: spec.options, allowPositionals: true, strict: true });
    if (parsed.positionals.length !== spec.words)
      return { wrong: spec.words === 0 ? `${name} takes no words` : `${name} takes exactly one word` };
    const options = spec.read.safeParse(parsed.values);
    if (options.success) return { name: known, word: parsed.positionals[0] ?? '', options: options.data } as Command;
    const issue = options.error.issues[0];
    return { wrong: `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}` };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
