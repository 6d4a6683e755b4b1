import { expect, test } from 'vitest';
import { readFacts } from './facts.ts';

const codes = [{ user: 'w1', name: '李敏', code: 'AAAA-BBBB' }];

test('a demonstration start passes its gateway and codes on', () => {
  const facts = readFacts(
    { DOORSTEP_GATEWAY: 'http://127.0.0.1:4000', DOORSTEP_DEMO: JSON.stringify(codes) },
    false,
    'linux',
  );
  expect(facts).toEqual({ gateway: 'http://127.0.0.1:4000', demoCodes: codes, platform: 'linux' });
});

test('a packaged app takes nothing from its surroundings', () => {
  const facts = readFacts(
    { DOORSTEP_GATEWAY: 'http://127.0.0.1:4000', DOORSTEP_DEMO: JSON.stringify(codes) },
    true,
    'linux',
  );
  expect(facts).toEqual({ gateway: null, demoCodes: [], platform: 'linux' });
});

test.each(['not json', '{"user":1}', '[{"user":"w1"}]'])('odd codes are no codes: %s', (demo) =>
  expect(readFacts({ DOORSTEP_DEMO: demo }, false, 'linux').demoCodes).toEqual([]),
);
