import { pinyin } from 'pinyin-pro';

/** What search knows of one resident, before it is cut into tokens. */
export interface Searchable {
  readonly name: string | null;
  readonly idNo: string | null;
  /** Street, community, compound, building, unit, room; or one text where no standard address is known. */
  readonly place: readonly (string | null)[];
}

/** Tokens by column of the index, separated by blanks. */
export interface SearchTokens {
  /** What a name starts with: itself, its pinyin initials, its full pinyin; with every reading of the surname. */
  readonly head: string;
  /** The same from the second character on, so that a given name is found too. */
  readonly tail: string;
  /** The last 6, 5 and 4 characters of the ID number. */
  readonly suffix: string;
  readonly place: string;
}

/** Raised when tokens are cut differently: the index is then built anew. */
export const searchTextVersion = '1';

interface Names {
  readonly head: string;
  readonly tail: string;
}

// Names repeat, and a reading costs microseconds; bounded so that a big district does not grow it without end.
const namesSeen = new Map<string, Names>();
const namesKept = 50_000;

/** Cuts what is known of a resident into index tokens. */
export function searchTokens(resident: Searchable): SearchTokens {
  const names = nameTokens((resident.name ?? '').trim());
  return { ...names, suffix: suffixTokens(resident.idNo ?? ''), place: placeTokens(resident.place) };
}

function nameTokens(name: string): Names {
  const known = namesSeen.get(name);
  if (known !== undefined) return known;
  const made = cutName(name);
  if (namesSeen.size >= namesKept) namesSeen.clear();
  namesSeen.set(name, made);
  return made;
}

const han = /\p{Script=Han}/u;

function cutName(name: string): Names {
  const text = name.toLowerCase().replaceAll(/[^\p{Script=Han}a-z0-9]/gu, '');
  if (text === '') return { head: '', tail: '' };
  const characters = [...text];
  const asSurname = readings(text, true);
  const plain = readings(text, false);
  const head = new Set([text, initials(asSurname), asSurname.join(''), initials(plain), plain.join('')]);
  const tail = new Set<string>();
  for (let start = 1; start < characters.length; start += 1) {
    // Inside a run of letters or digits nobody begins to search.
    if (!han.test(characters[start] ?? '') && !han.test(characters[start - 1] ?? '')) continue;
    tail.add(characters.slice(start).join(''));
    const rest = asSurname.slice(start);
    tail.add(initials(rest));
    tail.add(rest.join(''));
  }
  return { head: [...head].join(' '), tail: [...tail].join(' ') };
}

const plainReadings = new Map<string, string>();
const surnameReadings = new Map<string, readonly string[]>();

/** Surnames of two characters, whose reading differs from that of the characters alone or that people type as one. */
const doubleSurnames = new Set(
  (
    '欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 宇文 夏侯 端木 轩辕 百里 呼延 东郭 南宫 西门 单于 澹台 公冶 宗政 濮阳 ' +
    '淳于 太叔 申屠 公羊 赫连 万俟 闻人 钟离 鲜于 闾丘 司空 亓官 司寇 仉督 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁'
  ).split(' '),
);

/** Pinyin of each character without tones, ü as v; what is no Han character stands for itself. */
function readings(text: string, surname: boolean): string[] {
  const characters = [...text];
  const plain = characters.map((character) => plainReading(character));
  if (!surname) return plain;
  const two = characters.slice(0, 2).join('');
  const family = doubleSurnames.has(two) ? two : (characters[0] ?? '');
  const known =
    surnameReadings.get(family) ?? pinyin(family, { toneType: 'none', type: 'array', v: true, surname: 'head' });
  surnameReadings.set(family, known);
  return [...known, ...plain.slice(known.length)];
}

function plainReading(character: string): string {
  const known = plainReadings.get(character);
  if (known !== undefined) return known;
  const reading = pinyin(character, { toneType: 'none', v: true });
  plainReadings.set(character, reading);
  return reading;
}

const initials = (syllables: readonly string[]): string => syllables.map((syllable) => syllable.charAt(0)).join('');

function suffixTokens(idNo: string): string {
  const text = idNo.toLowerCase().replaceAll(/[^0-9x]/g, '');
  if (text.length < 6) return text;
  return [6, 5, 4].map((length) => text.slice(-length)).join(' ');
}

/** Pairs of neighbouring characters, and numbers whole: `城东社区 12 幢` gives `城东 东社 社区 12`. */
export function placeTokens(parts: readonly (string | null)[]): string {
  const tokens = new Set<string>();
  for (const part of parts) for (const token of partTokens(part ?? '')) tokens.add(token);
  return [...tokens].join(' ');
}

/** Words beside the numbers of every address: they find nobody, and 单 is a surname too. */
export const doorWords: ReadonlySet<string> = new Set(['幢', '栋', '座', '号', '号楼', '楼', '层', '单元', '室']);

const partsSeen = new Map<string, readonly string[]>();

/** Streets, compounds and building numbers repeat by the thousand. */
function partTokens(part: string): readonly string[] {
  const known = partsSeen.get(part);
  if (known !== undefined) return known;
  const telling = runs(part).filter((run) => !doorWords.has(run.text));
  const tokens = telling.flatMap((run) => (run.kind === 'han' ? pairs(run.text) : [run.text]));
  if (partsSeen.size >= namesKept) partsSeen.clear();
  partsSeen.set(part, tokens);
  return tokens;
}

/** Neighbouring pairs of a run of Han characters; a single one stands alone. */
export function pairs(text: string): string[] {
  const characters = [...text];
  if (characters.length === 1) return [text];
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

export interface Run {
  readonly kind: 'han' | 'letters' | 'digits';
  readonly text: string;
}

/** Cuts text where its script changes; signs and blanks only separate. A check digit X stays with its digits. */
export function runs(text: string): Run[] {
  const found: Run[] = [];
  const pattern = /(?<han>\p{Script=Han}+)|(?<digits>\d+(?:[xX](?![a-zA-Z]))?)|(?<letters>[a-zA-Z]+)/gu;
  for (const match of text.matchAll(pattern)) {
    const kind =
      match.groups?.['han'] !== undefined ? 'han' : match.groups?.['digits'] !== undefined ? 'digits' : 'letters';
    found.push({ kind, text: match[0].toLowerCase() });
  }
  return found;
}
