import { expect, test } from 'vitest';
import { combine } from './combine.ts';
import type { MergeClass } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';

type Case = readonly [string, MergeClass, FieldValue | undefined, FieldValue, FieldValue, FieldValue | undefined];

test.each<Case>([
  ['both add', 'union', ['a'], ['a', 'b'], ['a', 'c'], ['a', 'b', 'c']],
  ['both add the same', 'union', [], ['b'], ['b'], ['b']],
  ['one takes away what both saw', 'union', ['a', 'b'], ['a', 'b', 'c'], ['b'], ['b', 'c']],
  ['what was taken away by the other stays away', 'union', ['a', 'b'], ['b'], ['a', 'b', 'c'], ['b', 'c']],
  ['nobody had anything', 'union', undefined, null, ['c'], ['c']],
  ['emptied by one who saw one of two', 'union', ['a'], ['a', 'b'], null, ['b']],
  ['both note something', 'append', ['a'], ['a', 'b'], ['a', 'c'], ['a', 'b', 'c']],
  ['the same words again are another note', 'append', ['a'], ['a', 'b'], ['a', 'a'], ['a', 'b', 'a']],
  ['a note left out is not taken away', 'append', ['a'], ['a', 'b'], [], ['a', 'b']],
  ['both count on', 'counter', 10, 13, 12, 15],
  ['a count from nothing', 'counter', undefined, 3, 2, 5],
  ['a count against nothing known asks', 'counter', 1, null, 2, undefined],
  ['later day', 'max', null, '2026-11-20', '2026-11-21', '2026-11-21'],
  ['earlier day', 'min', null, '2026-11-20', '2026-11-21', '2026-11-20'],
  ['larger number, not larger text', 'max', null, 9, 10, 10],
  ['something against nothing', 'max', '2026-11-20', null, '2026-11-21', '2026-11-21'],
  ['nothing against something', 'min', null, '2026-11-20', null, '2026-11-20'],
  ['people choose', 'ask', 'a', 'b', 'c', undefined],
  ['ranks choose', 'authority', 'a', 'b', 'c', undefined],
])('%s (%s)', (_case, policy, base, current, offered, expected) => {
  expect(combine(policy, base, current, offered)).toEqual(expected);
});
