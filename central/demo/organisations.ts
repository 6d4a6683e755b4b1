import type { Area } from '../../shared/sync/wire.ts';
import { codes } from './codes.ts';
import { county } from './divisions.ts';
import { givenName, surname } from './names.ts';
import { fictitiousPhone, fictitiousUscc } from './numbers.ts';
import type { Registry } from './people.ts';
import type { Random } from './random.ts';
import { demoRow, rowId, type DemoRow } from './rows.ts';

const groups = [
  '邻里互助会',
  '老年协会',
  '志愿者协会',
  '书画社',
  '平安巡防队',
  '益童托管中心',
  '乐龄养老服务中心',
  '残疾人之家',
];

/** The committee of the place and two or three social organisations, each with a valid code under the fictitious prefix. */
export function drawOrganisations(
  random: Random,
  registry: Registry,
  area: Area,
  place: number,
): DemoRow<'organisation'>[] {
  const address = `浙江省宁波市${county.name}${area.street}${area.name}`;
  const draw = (
    ordinal: number,
    name: string,
    kind: keyof typeof codes.organisation,
    prefix: string,
    letters: string,
  ): DemoRow<'organisation'> =>
    demoRow('organisation', rowId('org', place, ordinal), area.code, {
      name,
      uscc: fictitiousUscc(prefix, `${letters}${String(place * 10 + ordinal).padStart(8 - letters.length, '0')}`),
      kind: codes.organisation[kind],
      address_text: address,
      contact: surname(random) + givenName(random, random.chance(0.5) ? '1' : '2', random.between(1960, 1990)),
      phone: fictitiousPhone(registry.phoneOrdinal()),
      status: codes.organisationStatus.normal,
    });
  const committee = area.name.endsWith('村') ? `${area.name}民委员会` : `${area.name}居民委员会`;
  const start = random.between(0, groups.length - 1);
  const chosen = Array.from(
    { length: random.between(2, 3) },
    (_, index) => groups[(start + index * 3) % groups.length] ?? '',
  );
  return [
    draw(1, `${county.name}${area.street}${committee}`, 'committee', '54', 'MEFA'),
    ...chosen.map((group, index) =>
      /中心|之家/.test(group)
        ? draw(index + 2, `${area.name}${group}`, 'privateUnit', '52', 'MJ')
        : draw(index + 2, `${area.name}${group}`, 'association', '51', 'MJ'),
    ),
  ];
}
