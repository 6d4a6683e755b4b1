import { createHash, randomInt, randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { EnrolAnswer, EnrolRequest } from '../../shared/sync/wire.ts';
import type { Database, Queryable } from '../store/database.ts';
import { addCode, addDevice, enrolFailures, noteCodeUse, noteEnrolFailure, takeCode } from '../store/devices.ts';
import { findDistrict, findPerson } from '../store/people.ts';

/** Without characters that are mistaken for each other when read out or copied by hand. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 3;
const groupLength = 4;

/** Wrong codes allowed in a minute, from one address and from everywhere. */
export const enrolLimits = { origin: 10, all: 100 } as const;

/** Codes are compared without case, spaces and dashes. Long and random enough that a plain hash of them cannot be searched. */
function hashOf(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(`doorstep enrolment ${plain}`).digest('hex');
}

/** Makes a one-time code for a person; only its hash is kept. @param hours how long it is good */
export async function makeCode(
  queryable: Queryable,
  person: string,
  now: Date,
  hours: number,
): Promise<Result<string, 'person.unknown'>> {
  if ((await findPerson(queryable, person)) === null) return fail('person.unknown', 'correct');
  const letters = Array.from({ length: groups * groupLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  const code = letters.replaceAll(/(.{4})(?=.)/g, '$1-');
  await addCode(queryable, hashOf(code), person, new Date(now.getTime() + hours * 3_600_000));
  return ok(code);
}

export const leaseEnd = (now: Date, days: number): string => new Date(now.getTime() + days * 86_400_000).toISOString();

/**
 * Makes a device of whoever shows a good code. A device that enrols again is a new device: its copy, if there is one,
 * must not be able to speak for it.
 * @param origin network address, for the limit on wrong codes
 */
export async function enrol(
  database: Database,
  request: EnrolRequest,
  origin: string,
  now: Date,
): Promise<Result<EnrolAnswer, 'code.unknown' | 'enrol.too-many'>> {
  const failures = await enrolFailures(database, origin, now);
  if (failures.origin >= enrolLimits.origin || failures.all >= enrolLimits.all)
    return fail('enrol.too-many', 'wait', { seconds: 60 });
  const answer = await database.write(async (transaction): Promise<EnrolAnswer | null> => {
    const hash = hashOf(request.code);
    const owner = await takeCode(transaction, hash, now);
    const person = owner === null ? null : await findPerson(transaction, owner);
    const district = person === null ? null : await findDistrict(transaction, person.county);
    if (person === null || district === null) return null;
    const { county, ...publicPerson } = person;
    const device = { id: randomUUID(), person: person.id, county, epoch: 1, link: request.link };
    await addDevice(transaction, { ...device, publicKey: request.key.x, name: request.deviceName });
    await noteCodeUse(transaction, hash, device.id);
    return {
      device: device.id,
      epoch: device.epoch,
      person: publicPerson,
      county,
      countyName: district.name,
      leaseUntil: leaseEnd(now, district.leaseDays),
      demonstration: district.demonstration,
    };
  });
  if (answer !== null) return ok(answer);
  await noteEnrolFailure(database, origin, now);
  return fail('code.unknown', 'correct');
}
