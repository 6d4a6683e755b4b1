import { expect, test } from 'vitest';
import type { Author } from '../../shared/contract/views.ts';
import { tellOrigin } from './provenance.ts';

const li: Author = { id: 'w-li', name: '李敏', self: false };
const feed: Author = { id: 'system', name: '', self: false };
const proposal = { kind: 'proposal', proposal: 'p-1' } as const;
const resolve = { kind: 'resolve', conflict: 'c-1' } as const;

test('a department’s value that a worker confirmed names both', () => {
  expect(tellOrigin({ source: 'human-resources', by: li, reason: proposal })).toEqual({
    source: 'human-resources',
    person: li,
    part: 'confirmed',
  });
});

test('a department alone names nobody', () => {
  const alone = { source: 'human-resources', person: null, part: null };
  expect(tellOrigin({ source: 'human-resources', by: feed, reason: { kind: 'feed', feed: 'f' } })).toEqual(alone);
  expect(tellOrigin({ source: 'human-resources', by: null, reason: null })).toEqual(alone);
  expect(tellOrigin({ source: 'human-resources', by: { ...feed, name: '系统' }, reason: proposal })).toEqual(alone);
});

test('who settled a dispute is not said to have visited', () => {
  expect(tellOrigin({ source: 'visit', by: li, reason: resolve })).toEqual({
    source: null,
    person: li,
    part: 'settled',
  });
  expect(tellOrigin({ source: 'police', by: li, reason: resolve }).source).toBe('police');
});

test('what a worker saw is simply hers', () => {
  const seen = tellOrigin({ source: 'visit', by: li, reason: { kind: 'visit', visit: 'v-1' } });
  expect(seen).toEqual({ source: 'visit', person: li, part: null });
});
