import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { calls } from '../../shared/contract/calls.ts';
import { SyncProblem, VaultStatus, VisitCard, VisitKind } from '../../shared/contract/views.ts';
import { entities } from '../../shared/domain/entities.ts';
import { Role } from '../../shared/domain/roles.ts';
import { Source } from '../../shared/domain/sources.ts';
import { gatherMessages, keysOf, type AreaMessages } from './gather-messages.ts';

const renderer = join(import.meta.dirname, '..');
const modules = import.meta.glob<{ messages: AreaMessages }>('../*/messages.ts', { eager: true });
const texts = gatherMessages(modules);
const zh = new Set(keysOf(texts.zh));
const en = new Set(keysOf(texts.en));

test('each text is there in both languages', () => {
  expect([...zh].filter((key) => !en.has(key))).toEqual([]);
  expect([...en].filter((key) => !zh.has(key))).toEqual([]);
});

test('each text that a screen names exists', () => {
  const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.(?:vue|ts)$/.test(name),
  );
  const missing = sources.flatMap((name) => {
    const code = readFileSync(join(renderer, name), 'utf8');
    const named = [...code.matchAll(/\bt\(\s*'([^'$]+)'/g)].map(([, key]) => key ?? '');
    return named.filter((key) => !zh.has(key)).map((key) => `${name}: ${key}`);
  });
  expect(sources.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

test('each field, source, role, kind, flag and problem has a name', () => {
  const wanted = [
    ...Object.entries(entities).flatMap(([entity, { fields }]) =>
      Object.keys(fields).map((field) => `field.${entity}.${field}`),
    ),
    ...Source.options.map((source) => `source.${source}`),
    ...Role.options.map((role) => `role.${role}`),
    ...VisitKind.options.map((kind) => `visit-kind.${kind}`),
    ...VisitCard.shape.flags.element.options.map((flag) => `flag.${flag}`),
    ...SyncProblem.options.map((problem) => `sync-problem.${problem}`),
    ...VaultStatus.shape.refusal
      .unwrap()
      .options.flatMap((code) => ['title', 'text', 'next'].map((part) => `unlock.refused.${code.slice(8)}.${part}`)),
  ];
  expect(wanted.filter((key) => !zh.has(key))).toEqual([]);
});

test('each failure that a call can answer has words', () => {
  const codes = Object.values(calls).flatMap(({ output }) => {
    if (!('options' in output) || !Array.isArray(output.options)) return [];
    return output.options.flatMap(
      (option: { shape?: { failure?: { shape: { code: { options: readonly string[] } } } } }) =>
        option.shape?.failure === undefined ? [] : option.shape.failure.shape.code.options,
    );
  });
  expect(codes).toContain('proposal.changed-since');
  expect([...new Set(codes)].filter((code) => !zh.has(`failure.${code}`))).toEqual([]);
});
