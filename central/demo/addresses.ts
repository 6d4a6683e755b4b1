import type { Area } from '../../shared/sync/wire.ts';
import type { Random } from './random.ts';

/** One door: building, unit and room as the standard address list (标准地名地址) writes them. */
export interface Door {
  readonly compound: string;
  readonly building: string;
  /** Null in villages, where a house number is all there is. */
  readonly unit: string | null;
  readonly room: string | null;
}

const compoundHeads = [
  '海棠',
  '望江',
  '锦绣',
  '金丰',
  '文昌',
  '梓荫',
  '鼓楼',
  '白云',
  '银杏',
  '桂花',
  '明珠',
  '东海',
  '清泉',
  '胜利',
  '永安',
  '和平',
  '翠柏',
  '临江',
  '新城',
  '聚源',
  '长宁',
  '宁远',
  '隆兴',
  '碧水',
];
const compoundTails = ['小区', '新村', '花园', '公寓', '家园', '苑', '里'];
const hamletHeads = ['前', '后', '上', '下', '东', '西', '大', '小'];
const hamletTails = ['陈', '王', '张', '徐', '周', '俞', '洪', '倪', '沈', '屠', '桥头', '河沿', '山脚', '祠堂'];

const isVillage = (area: Area): boolean => {
  const last = Number(area.code.slice(9));
  return last >= 200 && last < 400;
};

function* flats(compound: string, firstBuilding: number, buildings: number, random: Random): Generator<Door> {
  for (let building = firstBuilding; building < firstBuilding + buildings; building += 1) {
    const units = random.between(2, 4);
    const floors = random.weighted({ items: [5, 6, 11], sums: [3, 8, 10] });
    for (let unit = 1; unit <= units; unit += 1) {
      for (let floor = 1; floor <= floors; floor += 1) {
        for (const side of ['01', '02']) {
          yield {
            compound,
            building: `${String(building)}幢`,
            unit: `${String(unit)}单元`,
            room: `${String(floor)}${side}室`,
          };
        }
      }
    }
  }
}

function* houses(hamlet: string, random: Random): Generator<Door> {
  const last = random.between(90, 160);
  for (let number = 1; number <= last; number += 1) {
    yield { compound: hamlet, building: `${String(number)}号`, unit: null, room: null };
  }
}

/** Endless doors of a place, every one once, in the order of a walk. */
export function* doorsOf(area: Area, random: Random): Generator<Door> {
  const used = new Set<string>();
  const freshName = (heads: readonly string[], tails: readonly string[]): string => {
    for (let attempt = 0; attempt < 500; attempt += 1) {
      const name = random.pick(heads) + random.pick(tails);
      if (!used.has(name)) {
        used.add(name);
        return name;
      }
    }
    // More compounds than names: number them, as real places do.
    const name = `${random.pick(heads)}${random.pick(tails)}${String(used.size)}区`;
    used.add(name);
    return name;
  };
  for (;;) {
    if (isVillage(area)) yield* houses(freshName(hamletHeads, hamletTails), random);
    else yield* flats(freshName(compoundHeads, compoundTails), 1, random.between(4, 7), random);
  }
}

/** The address in one line, as it stands on a form. */
export const fullText = (countyName: string, area: Area, door: Door): string =>
  `浙江省宁波市${countyName}${area.street}${area.name}${door.compound}${door.building}${door.unit ?? ''}${door.room ?? ''}`;
