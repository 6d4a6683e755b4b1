import { afterEach, expect, test } from 'vitest';
import { ref } from 'vue';
import { leaveNotices, useNotices } from './use-notices.ts';

const { notices, say, offerUndo, refused, dismiss } = useNotices();
afterEach(() => notices.value.forEach(({ id }) => dismiss(id)));
const texts = (): readonly (string | undefined)[] => notices.value.map(({ text }) => text?.());

test('a notice is put into words when it is shown, not when it was made', () => {
  const language = ref('zh');
  say(() => (language.value === 'zh' ? '已记下' : 'Kept'));
  expect(texts()).toEqual(['已记下']);
  language.value = 'en';
  expect(texts()).toEqual(['Kept']);
});

test('no notice and no undo goes along to another page', () => {
  offerUndo(
    () => 'Confirmed',
    () => Promise.resolve(),
  );
  leaveNotices();
  expect(notices.value).toEqual([]);
  refused({ code: 'visit.closed', next: 'reload' });
  leaveNotices();
  expect(notices.value).toEqual([]);
});

test('what was refused on the way to a page is told there, and nowhere after', () => {
  refused({ code: 'visit.closed', next: 'reload' }, { onNextPage: true });
  leaveNotices();
  expect(notices.value).toHaveLength(1);
  leaveNotices();
  expect(notices.value).toEqual([]);
});
