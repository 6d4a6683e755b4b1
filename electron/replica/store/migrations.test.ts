import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMigrations } from './migrations.ts';

/**
 * Steps that were released, by the SHA-256 of their text. A replica in the field has run them as they are here: a change goes
 * into a new step, never into one of these.
 */
const released: Readonly<Record<string, string>> = {
  '0001_first.sql': 'f28d1bba86ad85a49c572c76fad098ce7f0e0e08dda2ba7978285b7bca2b9dd0',
  '0002_read_indexes.sql': 'cbe2de926f551b3dffae01b6089748640cf3e634d2ec6cda82468e5a3c5111e3',
};

test('released steps stand as they were released, and every step is in the list', () => {
  const steps = readMigrations(join(import.meta.dirname, '../../../migrations/replica'));
  expect(Object.fromEntries(steps.map((step) => [step.name, step.sha256]))).toEqual(released);
});
