import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHybridTime, tick } from './hlc.ts';
import { Instant } from '../domain/values.ts';

test('a clock that goes forward is followed, one that stands or goes back is not', () => {
  const first = tick({ millis: 0, counter: 0 }, 1000);
  expect(first).toEqual({ millis: 1000, counter: 0 });
  expect(tick(first, 1000)).toEqual({ millis: 1000, counter: 1 });
  expect(tick(first, 500)).toEqual({ millis: 1000, counter: 1 });
  expect(tick(first, 1001)).toEqual({ millis: 1001, counter: 0 });
});

test('the text form starts with an instant and counts in hexadecimal', () => {
  const text = formatHybridTime({ millis: Date.UTC(2026, 10, 21, 8, 12), counter: 27 });
  expect(text).toBe('2026-11-21T08:12:00.000Z.001b');
  expect(Instant.safeParse(text.slice(0, 24)).success).toBe(true);
});

test('whatever the wall clock does, readings sort as text in the order they were taken', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000_000_000_000 }), { maxLength: 50 }), (walls) => {
      let last = { millis: 0, counter: 0 };
      const texts = walls.map((wall) => formatHybridTime((last = tick(last, wall))));
      expect(texts).toEqual([...texts].sort());
      expect(new Set(texts).size).toBe(texts.length);
    }),
  );
});
