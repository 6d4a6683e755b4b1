import { expect, test } from 'vitest';
import { DEFAULT_RESIDENTS, parseArguments } from './args.mjs';

const start = { command: 'start', tour: false, residents: DEFAULT_RESIDENTS, seed: null, fresh: false };

test.each([
  ['nothing at all asks for help', [], { command: 'help' }],
  ['a bare start takes the quick district', ['start'], start],
  ['the tour', ['start', '--tour'], { ...start, tour: true }],
  ['a number in the next word', ['start', '--residents', '100000'], { ...start, residents: 100_000 }],
  ['a number in the same word', ['start', '--residents=7', '--seed=0'], { ...start, residents: 7, seed: 0 }],
  ['the test steps by name', ['test', '--only', 'unit,e2e'], { command: 'test', list: false, only: ['unit', 'e2e'] }],
  ['the list of steps', ['test', '--list'], { command: 'test', list: true, only: [] }],
  [
    'central gets everything as it is, options of ours included',
    ['central', 'import', 'a b.csv', '--seed', 'x', '--help'],
    { command: 'central', rest: ['import', 'a b.csv', '--seed', 'x', '--help'] },
  ],
])('%s', (_edge, argv, order) => {
  expect(parseArguments(argv)).toEqual(order);
});

test.each([
  ['an unknown command', ['strat'], 'strat'],
  ['an unknown option', ['start', '--turbo'], '--turbo'],
  ['a number that is missing', ['start', '--residents'], '--residents'],
  ['a number that is another option', ['start', '--residents', '--tour'], '--residents'],
  ['no residents', ['start', '--residents', '0'], '--residents'],
  ['a fraction', ['start', '--residents', '1.5'], '--residents'],
  ['an empty list of steps', ['test', '--only', ''], '--only'],
  ['words after package', ['package', 'now'], 'package'],
])('%s is refused, and the sentence names it', (_edge, argv, word) => {
  const order = parseArguments(argv);
  expect(order).toMatchObject({ command: 'wrong' });
  expect(order.command === 'wrong' ? order.problem : '').toContain(word);
});
