import { createHash } from 'node:crypto';
import { readingRoles, Role } from '../../shared/domain/roles.ts';
import type { Area, Person } from '../../shared/sync/wire.ts';
import type { Queryable, Transaction } from './database.ts';
import { bulkLoad, countyOf, type LoadRow } from './records.ts';

export interface District {
  /** Six digits. */
  readonly county: string;
  readonly name: string;
  /** Fictitious ID prefixes are accepted. */
  readonly demonstration: boolean;
  /** Days a device may work without the centre. */
  readonly leaseDays: number;
}

export interface Division {
  /** 12 digits; the county's own code (`330211000000`) is the common area every person of the county holds. */
  readonly code: string;
  readonly name: string;
  readonly street: string;
  readonly parent: string | null;
}

/** A person with the areas granted: code prefixes of 6 to 12 digits. */
export interface Member extends Person {
  readonly grants: readonly string[];
}

/** The common area of a county: staff names and what else everybody in it may see, and nobody in the field may write. */
export const commonArea = (county: string): string => `${county}000000`;

export async function addDistrict(transaction: Transaction, district: District): Promise<void> {
  await transaction.query('INSERT INTO district (county, name, demonstration, lease_days) VALUES ($1, $2, $3, $4)', [
    district.county,
    district.name,
    district.demonstration,
    district.leaseDays,
  ]);
  await addDivisions(transaction, [
    { code: commonArea(district.county), name: district.name, street: '', parent: null },
  ]);
}

export async function addDivisions(transaction: Transaction, divisions: readonly Division[]): Promise<void> {
  await transaction.query(
    `INSERT INTO division (code, county, name, street, parent)
     SELECT code, left(code, 6), name, street, parent
     FROM json_to_recordset($1::json) AS d(code text, name text, street text, parent text)
     ON CONFLICT (code) DO UPDATE SET name = excluded.name, street = excluded.street, parent = excluded.parent`,
    [JSON.stringify(divisions)],
  );
}

/** Adds persons with their grants, and a synced `worker` row for each in the common area, so that names show on devices. */
export async function addMembers(transaction: Transaction, county: string, members: readonly Member[]): Promise<void> {
  await transaction.query(
    `INSERT INTO person (id, county, name, role, post)
     SELECT id, $1, name, role, post FROM json_to_recordset($2::json) AS p(id text, name text, role text, post text)`,
    [county, JSON.stringify(members)],
  );
  for (const member of members) await setGrants(transaction, member.id, member.grants);
  const workers = members.map((member): LoadRow => ({
    entity: 'worker',
    id: member.id,
    area: commonArea(county),
    values: { name: member.name, role: member.role, post: member.post },
  }));
  await bulkLoad(transaction, workers);
}

/** Replaces what a person holds; areas no longer listed end now, and devices drop them at their next exchange. */
export async function setGrants(transaction: Transaction, person: string, prefixes: readonly string[]): Promise<void> {
  await transaction.query('DELETE FROM grant_area WHERE person = $1', [person]);
  await transaction.query('INSERT INTO grant_area (person, area) SELECT $1, unnest($2::text[])', [person, prefixes]);
}

const held = `g.person = $1 AND g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())
  AND EXISTS (SELECT FROM person p WHERE p.id = g.person AND p.active AND p.role = ANY($2::text[]))`;

/** Prefixes a person holds at this moment, without the common area; none for a role that may not read people's records. */
export async function grantsOf(queryable: Queryable, person: string): Promise<readonly string[]> {
  const { rows } = await queryable.query<{ area: string }>(`SELECT g.area FROM grant_area g WHERE ${held} ORDER BY 1`, [
    person,
    readingRoles,
  ]);
  return rows.map((row) => row.area);
}

/** Every area a person holds now with its name, the common one included, sorted by code. */
export async function areasOf(queryable: Queryable, person: string, county: string): Promise<Area[]> {
  const { rows } = await queryable.query<Area>(
    `SELECT d.code, d.name, d.street FROM division d
     WHERE d.county = $3 AND (d.code = $4
       OR EXISTS (SELECT FROM grant_area g WHERE ${held} AND starts_with(d.code, g.area)))
     ORDER BY d.code`,
    [person, readingRoles, county, commonArea(county)],
  );
  return rows;
}

/** Those of the codes that are divisions of the county. */
export async function knownAreas(
  queryable: Queryable,
  county: string,
  codes: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await queryable.query<{ code: string }>(
    'SELECT code FROM division WHERE county = $1 AND code = ANY($2::text[])',
    [county, codes],
  );
  return new Set(rows.map((row) => row.code));
}

/** Names a set of areas, so that a session can tell whether it has changed since. @param areas sorted by code */
export const scopeHash = (areas: readonly Area[]): string =>
  createHash('sha256')
    .update(areas.map((area) => area.code).join(' '))
    .digest('base64url')
    .slice(0, 22);

export const covers = (grants: readonly string[], area: string): boolean =>
  grants.some((prefix) => area.startsWith(prefix));

/** What a person may read: the granted areas and the county's common one. */
export const mayRead = (grants: readonly string[], county: string, area: string): boolean =>
  covers(grants, area) || (area === commonArea(county) && countyOf(area) === county);

interface PersonLine {
  id: string;
  name: string;
  role: string;
  post: string;
  county: string;
}

export async function findPerson(queryable: Queryable, id: string): Promise<(Person & { county: string }) | null> {
  const { rows } = await queryable.query<PersonLine>(
    'SELECT id, name, role, post, county FROM person WHERE id = $1 AND active',
    [id],
  );
  const line = rows[0];
  return line === undefined
    ? null
    : { id: line.id, name: line.name, role: Role.parse(line.role), post: line.post, county: line.county };
}

/** Everybody of the district, by id. */
export async function listPersons(queryable: Queryable): Promise<readonly Person[]> {
  const { rows } = await queryable.query<PersonLine>(
    'SELECT id, name, role, post FROM person WHERE active ORDER BY id',
  );
  return rows.map((line) => ({ id: line.id, name: line.name, role: Role.parse(line.role), post: line.post }));
}

export async function findDistrict(queryable: Queryable, county: string): Promise<District | null> {
  const { rows } = await queryable.query<{ county: string; name: string; demonstration: boolean; lease_days: number }>(
    'SELECT county, name, demonstration, lease_days FROM district WHERE county = $1',
    [county],
  );
  const line = rows[0];
  return line === undefined
    ? null
    : { county: line.county, name: line.name, demonstration: line.demonstration, leaseDays: line.lease_days };
}

/** Counties that have been set up. */
export async function listCounties(queryable: Queryable): Promise<readonly string[]> {
  const { rows } = await queryable.query<{ county: string }>('SELECT county FROM district ORDER BY county');
  return rows.map((row) => row.county);
}

/** True when no district has been set up yet. */
export async function isEmpty(queryable: Queryable): Promise<boolean> {
  const { rows } = await queryable.query('SELECT FROM district LIMIT 1');
  return rows.length === 0;
}
