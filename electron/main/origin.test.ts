import { expect, test } from 'vitest';
import { isAppUrl } from './origin.ts';

test.each([
  ['app://doorstep/index.html', true],
  ['app://doorstep/', true],
  ['app://doorstep.evil.example/index.html', false],
  ['app://doorstep@evil.example/', false],
  ['app://evil/doorstep', false],
  ['app://doorstep:81/', false],
  ['https://doorstep/', false],
  ['file:///doorstep', false],
  ['javascript:alert(1)', false],
  ['data:text/html,app://doorstep/', false],
  ['', false],
])('%s is ours: %s', (url, ours) => expect(isAppUrl(url)).toBe(ours));
