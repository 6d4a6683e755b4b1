import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cleanFacts, Log } from './log.ts';

test('facts that could name a person never reach the file', () => {
  expect(
    cleanFacts({
      name: '王秀英',
      id_no: '330299199901018882',
      phoneNumber: '13800000000',
      code: 9,
      why: 'row 330299199901018882',
    }),
  ).toEqual({ code: 9, why: 'row #' });
});

test('a line is JSON with time, level and event', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'log-'));
  new Log(dir, () => '2026-11-21T00:00:00.000Z').write('warn', 'service.ended', { code: 9 });
  const written: unknown = JSON.parse(readFileSync(path.join(dir, 'doorstep.log'), 'utf8'));
  expect(written).toEqual({ at: '2026-11-21T00:00:00.000Z', level: 'warn', event: 'service.ended', code: 9 });
});
