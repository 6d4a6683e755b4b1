import { expect, test } from 'vitest';
import { IdleLock } from './idle-lock.ts';

test('a window left alone is locked once, after the minutes of the settings', () => {
  let now = 5_000;
  const idle = new IdleLock(() => now, 10);
  now += 10 * 60_000 - 1;
  expect(idle.isDue()).toBe(false);
  now += 1;
  expect([idle.isDue(), idle.isDue()]).toEqual([true, false]);
  idle.used();
  idle.allow(1);
  now += 59_999;
  expect(idle.isDue()).toBe(false);
  now += 1;
  expect(idle.isDue()).toBe(true);
});

test('any use starts the time anew', () => {
  let now = 0;
  const idle = new IdleLock(() => now, 1);
  for (let step = 0; step < 10; step += 1) {
    now += 59_000;
    idle.used();
    expect(idle.isDue()).toBe(false);
  }
});
