import { expect, test } from 'vitest';
import { codeSetOf, codeSets, codeText, type CodeSetName } from './code-sets.ts';
import { entities, type EntitySpec } from './entities.ts';
import { VisitKind } from '../contract/views.ts';

test('every code says something in both languages, and no two codes of a set say the same', () => {
  for (const [name, set] of Object.entries(codeSets)) {
    const texts = Object.values(set);
    for (const { zh, en } of texts) expect([name, zh.trim() !== '' && /^[\x20-\x7e]+$/.test(en)]).toEqual([name, true]);
    expect([name, new Set(texts.map(({ zh }) => zh)).size]).toEqual([name, texts.length]);
    expect([name, new Set(texts.map(({ en }) => en)).size]).toEqual([name, texts.length]);
  }
});

test('the standards’ tables are whole: 56 peoples and two more, relations by tens', () => {
  expect(Object.keys(codeSets.ethnicity)).toHaveLength(58);
  expect(codeSets.ethnicity['22'].zh).toBe('畲族');
  expect(
    Object.keys(codeSets.relation)
      .filter((code) => code.endsWith('0'))
      .join(' '),
  ).toBe(
    // 90 is the father's sister: the tens of the 80s run over.
    '10 20 30 40 50 60 70 80 90',
  );
  expect(codeSets.relation['12'].zh).toBe('妻');
  expect(Object.keys(codeSets.visit_kind).sort()).toEqual([...VisitKind.options].sort());
});

test('a set named like a field belongs to fields that hold codes', () => {
  const others: readonly CodeSetName[] = ['visit_kind', 'organisation_status'];
  for (const name of Object.keys(codeSets) as CodeSetName[]) {
    if (others.includes(name)) continue;
    const specs = Object.entries<EntitySpec>(entities).flatMap(([entity, { fields }]) =>
      Object.entries(fields).flatMap(([field, spec]) => (field === name ? [[entity, spec.type]] : [])),
    );
    expect([name, specs.length > 0]).toEqual([name, true]);
    for (const [, type] of specs) expect(['code', 'list']).toContain(type);
  }
});

test('the set of a field', () => {
  expect(codeSetOf('resident', 'sex')).toBe(codeSets.sex);
  expect(codeSetOf('visit', 'kind')).toBe(codeSets.visit_kind);
  expect(codeSetOf('organisation', 'status')).toBe(codeSets.organisation_status);
  expect(codeSetOf('resident', 'name')).toBeNull();
  expect(codeSetOf('resident', 'constructor')).toBeNull();
});

test('a code nobody knows is shown, not hidden', () => {
  expect(codeText('sex', '2', 'zh-CN')).toBe('女');
  expect(codeText('sex', '2', 'en')).toBe('female');
  expect(codeText('sex', '7', 'en')).toBe('7');
  expect(codeText('sex', 'toString', 'en')).toBe('toString');
  expect(codeText('sex', null, 'en')).toBe('');
});
