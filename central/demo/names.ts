import { weights, type Random } from './random.ts';

/** Sex by GB/T 2261.1. */
export type Sex = '1' | '2';

// Per ten thousand people, after the name reports of the Ministry of Public Security; the tail is local to Ningbo.
const surnames = weights<string>([
  ['王', 715],
  ['李', 701],
  ['张', 674],
  ['刘', 510],
  ['陈', 461],
  ['杨', 322],
  ['黄', 245],
  ['赵', 229],
  ['吴', 225],
  ['周', 212],
  ['徐', 170],
  ['孙', 158],
  ['马', 129],
  ['朱', 128],
  ['胡', 127],
  ['郭', 115],
  ['何', 114],
  ['林', 113],
  ['高', 105],
  ['罗', 103],
  ['郑', 98],
  ['梁', 83],
  ['谢', 76],
  ['宋', 74],
  ['唐', 72],
  ['许', 71],
  ['韩', 68],
  ['邓', 67],
  ['冯', 66],
  ['曹', 60],
  ['彭', 59],
  ['曾', 58],
  ['肖', 57],
  ['田', 52],
  ['董', 51],
  ['潘', 50],
  ['袁', 49],
  ['蔡', 48],
  ['蒋', 47],
  ['余', 46],
  ['于', 45],
  ['杜', 44],
  ['叶', 43],
  ['程', 42],
  ['魏', 41],
  ['苏', 40],
  ['吕', 39],
  ['丁', 38],
  ['任', 37],
  ['卢', 36],
  ['姚', 35],
  ['沈', 35],
  ['钟', 34],
  ['姜', 33],
  ['崔', 32],
  ['谭', 31],
  ['陆', 30],
  ['范', 29],
  ['汪', 28],
  ['廖', 27],
  ['石', 26],
  ['金', 26],
  ['韦', 24],
  ['贾', 24],
  ['夏', 23],
  ['傅', 22],
  ['方', 22],
  ['邹', 21],
  ['熊', 20],
  ['白', 20],
  ['孟', 19],
  ['秦', 19],
  ['邱', 18],
  ['侯', 18],
  ['江', 17],
  ['尹', 17],
  ['薛', 16],
  ['阎', 15],
  ['段', 15],
  ['雷', 15],
  ['龙', 14],
  ['史', 14],
  ['陶', 14],
  ['贺', 14],
  ['毛', 13],
  ['郝', 13],
  ['顾', 13],
  ['龚', 13],
  ['邵', 13],
  ['万', 12],
  ['钱', 12],
  ['戴', 12],
  ['严', 11],
  ['洪', 11],
  ['虞', 30],
  ['竺', 12],
  ['忻', 10],
  ['屠', 14],
  ['柴', 8],
  ['贝', 8],
  ['励', 8],
  ['乐', 10],
  ['欧阳', 6],
  ['司徒', 2],
  ['上官', 2],
]);

interface GivenNames {
  readonly ends: readonly string[];
  readonly middles: readonly string[];
  /** Share of one-character given names, which had their day in the 1970s to 1990s. */
  readonly single: number;
}

const characters = (text: string): readonly string[] => [...text];

const male: Readonly<Record<string, GivenNames>> = {
  early: {
    middles: characters('德永国文明志福根阿金水兴家振忠宝祖光绍松'),
    ends: characters('发根生祥林财荣富法兴庆义良贵康寿昌来'),
    single: 0.05,
  },
  fifties: {
    middles: characters('建国志文永明德福兴和保忠光振金立新学'),
    ends: characters('国华平民军荣明强生良忠兴林根祥康海定'),
    single: 0.12,
  },
  seventies: {
    middles: characters('建志伟国永文海小晓卫红新立学锋宏'),
    ends: characters('军伟勇强波峰斌华明刚东杰辉平涛海飞'),
    single: 0.38,
  },
  nineties: {
    middles: characters('志俊家文嘉晓宇浩建天凯思一佳子'),
    ends: characters('杰伟超鹏磊涛浩峰斌俊宇凯鑫龙翔豪辉'),
    single: 0.35,
  },
  young: {
    middles: characters('子梓浩宇俊泽一奕铭沐景博思嘉亦书'),
    ends: characters('轩宇豪涵泽辰睿然熙恒阳霖宸晨乐航'),
    single: 0.08,
  },
};
const female: Readonly<Record<string, GivenNames>> = {
  early: {
    middles: characters('秀桂阿金玉凤美彩杏菊月素惠翠兰梅'),
    ends: characters('英珍兰芬花娣凤琴香莲菊妹娥仙云珠'),
    single: 0.05,
  },
  fifties: {
    middles: characters('秀玉桂美惠亚丽月爱素建国雅彩小淑'),
    ends: characters('英珍兰芳琴华芬娟萍凤珠云菊丽芝飞'),
    single: 0.12,
  },
  seventies: {
    middles: characters('海丽晓小红亚爱建雪春秀美玲慧艳文'),
    ends: characters('芳燕娟敏丽红霞萍静君波芬琴艳梅群'),
    single: 0.38,
  },
  nineties: {
    middles: characters('晓佳婷雅思梦丽静嘉诗莉慧雨文倩'),
    ends: characters('婷娜静洁倩莹雪琳佳颖瑶丹妮敏琪慧'),
    single: 0.33,
  },
  young: {
    middles: characters('梓子诗雨欣语思一依若沐奕可书芷'),
    ends: characters('涵萱怡彤妍瑶晗琪悦宁诺汐菲媛然溪'),
    single: 0.06,
  },
};

const cohort = (birthYear: number): string => {
  if (birthYear < 1950) return 'early';
  if (birthYear < 1966) return 'fifties';
  if (birthYear < 1985) return 'seventies';
  if (birthYear < 2005) return 'nineties';
  return 'young';
};

export const surname = (random: Random): string => random.weighted(surnames);

/** A given name in the fashion of the birth year. */
export function givenName(random: Random, sex: Sex, birthYear: number): string {
  const names = (sex === '1' ? male : female)[cohort(birthYear)];
  if (names === undefined) throw new Error('no given names for this year');
  const end = random.pick(names.ends);
  if (random.chance(names.single)) return end;
  const middle = random.pick(names.middles);
  // 婷婷 and 娜娜 are names; 国国 is not.
  return middle === end && sex === '1' ? end : middle + end;
}
