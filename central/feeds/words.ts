/** Words that departments write for a code: the first that the text contains decides, so longer ones stand first. */
export type WordTable = readonly (readonly [word: string, code: string])[];

export const insuranceKinds: WordTable = [
  ['未参保', 'none'],
  ['断保', 'none'],
  ['停保', 'none'],
  ['中断', 'none'],
  ['终止', 'none'],
  ['暂停', 'none'],
  ['异地', 'elsewhere'],
  ['外地', 'elsewhere'],
  ['职工', 'employee'],
  ['居民', 'resident'],
  ['城乡', 'resident'],
  ['新农合', 'resident'],
];

export const disabilityCategories: WordTable = [
  ['多重', '7'],
  ['视力', '1'],
  ['听力', '2'],
  ['言语', '3'],
  ['肢体', '4'],
  ['智力', '5'],
  ['精神', '6'],
];

export const disabilityGrades: WordTable = [
  ['一级', '1'],
  ['二级', '2'],
  ['三级', '3'],
  ['四级', '4'],
  ['壹', '1'],
  ['贰', '2'],
  ['叁', '3'],
  ['肆', '4'],
];

export const maritalKinds: WordTable = [
  ['未婚', '10'],
  ['初婚', '21'],
  ['再婚', '22'],
  ['复婚', '23'],
  ['离婚', '40'],
  ['离异', '40'],
  ['丧偶', '30'],
  ['结婚', '20'],
  ['已婚', '20'],
];

/** What a move says about where somebody lives; `within` says nothing. */
export const moveKinds: WordTable = [
  ['区内', 'within'],
  ['移居', 'within'],
  ['市内', 'within'],
  ['迁出', 'moved-out'],
  ['迁入', 'resident'],
  ['投靠', 'resident'],
];

/** The code of a word, or of a code that the table has; null where neither fits. */
export function wordCode(text: string, table: WordTable): string | null {
  const bare = text.replace(/级$/, '');
  const code = table.find(([, known]) => known === bare);
  if (code !== undefined) return code[1];
  return table.find(([word]) => text.includes(word))?.[1] ?? null;
}
