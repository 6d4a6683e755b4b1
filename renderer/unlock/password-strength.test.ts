import { expect, test } from 'vitest';
import { strengthOf } from './password-strength.ts';

test.each([
  ['seven characters', 'aB3$xyq', 'short'],
  ['all the same digit', '88888888', 'weak'],
  ['a run of digits', '1234567890', 'weak'],
  ['a keyboard row', 'qwertyuiop', 'weak'],
  ['a common word with a tail', 'password1', 'weak'],
  ['two kinds, no runs', 'chengdong2', 'fair'],
  ['a short sentence', 'men-qian you 2 ke shu', 'good'],
  ['Chinese characters', '门前有两棵树很高很直啊', 'fair'],
])('%s', (_edge, password, strength) => expect(strengthOf(password)).toBe(strength));
