import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';

test.each([
  ['serve --port 8080', { name: 'serve', word: '', options: { port: 8080 } }],
  [
    'demo --residents 5000 --data x --seed 7',
    { name: 'demo', word: '', options: { residents: 5000, data: 'x', seed: '7' } },
  ],
  ['import a.csv --county 330211', { name: 'import', word: 'a.csv', options: { county: '330211' } }],
  ['code w1 --hours 2', { name: 'code', word: 'w1', options: { hours: 2 } }],
  ['openapi', { name: 'openapi', word: '', options: {} }],
])('%s', (line, expected) => {
  expect(readArguments(line.split(' '))).toEqual(expected);
});

test.each([
  ['', 'a command is needed'],
  ['fly', 'no such command: fly'],
  ['constructor', 'no such command: constructor'],
  ['demo --seed 7', '--residents: '],
  ['demo --residents many --data x', '--residents: a whole number'],
  ['demo --residents 12 --data x', '--residents: '],
  ['serve --port 70000', '--port: '],
  ['serve now', 'serve takes no words'],
  ['import', 'import takes exactly one word'],
  ['import a b', 'import takes exactly one word'],
  ['import a --county 33', '--county: six digits'],
  ['code', 'code takes exactly one word'],
  ['serve --prot 1', "Unknown option '--prot'"],
])('%s is refused: %s', (line, wrong) => {
  const read = readArguments(line === '' ? [] : line.split(' '));
  expect('wrong' in read && read.wrong).toContain(wrong);
});
