import { expect, test } from 'vitest';
import { createLog, errorFields, withoutPersonalData } from './log.ts';

test.each([
  ['a name under its own name', { name: 'x', device: 'd' }, { device: 'd', refused: 'name' }],
  [
    'spelt another way',
    { id_no: 1, 'Emergency-Contact': 'x', fullText: 'x' },
    { refused: 'id_no,Emergency-Contact,fullText' },
  ],
  ['an ID number in a harmless field', { route: '/x/33029919500101001X' }, { refused: 'route' }],
  ['an old ID number', { why: '330299500101001' }, { refused: 'why' }],
  ['a mobile number', { device: 'tel 13800000001.' }, { refused: 'device' }],
  ['Chinese text', { why: '王秀英' }, { refused: 'why' }],
  ['a token', { token: 'x' }, { refused: 'token' }],
  [
    'plain facts',
    { ms: 12, status: 200, route: '/v1/pull', ok: true },
    { ms: 12, status: 200, route: '/v1/pull', ok: true },
  ],
  ['a long count', { rows: 138_000_000_012 }, { rows: 138_000_000_012 }],
])('%s', (_what, fields, expected) => {
  expect(withoutPersonalData(fields)).toEqual(expected);
});

test('a line is one JSON object, and an error is told without its message', () => {
  const lines: string[] = [];
  const error = Object.assign(new Error('invalid input: "王秀英 13800000001"'), { code: '22P02' });
  createLog((line) => lines.push(line)).event('request.failed', errorFields(error), 'error');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'request.failed', sqlState: '22P02' });
  expect(lines[0]).not.toContain('王秀英');
  expect(lines[0]).not.toContain('refused');
});
