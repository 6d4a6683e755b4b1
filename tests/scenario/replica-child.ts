/*
 * A workstation in a process of its own, to be killed: it works, or exchanges, and says on stdout what it was told is done.
 * Run by tests/kill.test.ts on a folder that is enrolled already.
 */
import { writeSync } from 'node:fs';
import { createService } from '../../electron/replica/service.ts';
import { password } from './device.ts';

const [, , dataDir = '', person = '', mode = '', from = '0'] = process.argv;
const service = createService({ dataDir, automatic: false, scryptCost: 2 ** 14 });
const unlocked = await service.call('vault.unlock', { userId: person, password });
if (!unlocked.ok) throw new Error(unlocked.failure.code);

// Synchronous: what is said here was answered before the next work began.
const say = (line: string): void => void writeSync(1, `${line}\n`);
say('open');

for (let round = Number(from); ; round += 1) {
  if (mode === 'exchange') {
    await service.takeTurn();
    say(`turn ${String(round)}`);
    continue;
  }
  const fields = { workplace: `工厂${String(round)}`, notes: ['first', `note ${String(round)}`] };
  const input = { entity: 'resident', rowId: 'r1', fields, source: 'visit', visitId: null } as const;
  const answer = await service.call('fields.edit', input);
  if (!answer.ok) throw new Error(answer.failure.code);
  say(String(round));
  if (mode === 'both') await service.takeTurn();
}
