import { toHalfWidth } from '../../shared/codes/half-width.ts';

/**
 * What departments call a column. The first name of each is ours; compared after half-width, without spaces, line breaks,
 * quotes and bracketed remarks such as `（元）`. To teach the importer another name, add it here.
 */
const synonyms = {
  idNo: [
    '证件号码',
    '身份证号',
    '公民身份号码',
    '身份证号码',
    '身份证',
    '证件号',
    '公民身份证号',
    '居民身份证号',
    '参保人证件号码',
    '死者证件号码',
    '死者身份证号',
    'id_no',
    'idno',
  ],
  name: ['姓名', '参保人姓名', '死者姓名', '人员姓名', '持证人姓名', 'name'],
  settledOn: ['结算日期', '结算时间', '费用结算日期', 'settled_on'],
  institution: ['就诊机构', '医疗机构', '定点医疗机构', '医疗机构名称', '医院', 'institution'],
  settlementNo: ['结算编号', '结算流水号', '结算单号', '单据号', 'settlement_no'],
  total: ['医疗总费用', '总费用', '费用总额', '医疗费用总额', 'total'],
  pooled: ['统筹支付', '基本医保支付', '统筹基金支付', 'pooled'],
  serious: ['大病保险支付', '大病支付', '大病保险', 'serious'],
  relief: ['医疗救助', '医疗救助支付', 'relief'],
  selfPaid: ['个人自付', '个人支付', '自付金额', '个人负担', '个人自付金额', 'self_paid'],
  diedOn: ['死亡日期', '死亡时间', '去世日期', 'died_on'],
  deathNo: ['死亡证明编号', '死亡医学证明编号', '死亡证编号', 'death_no'],
  motherIdNo: ['母亲证件号码', '母亲身份证号', '母亲身份证号码', '母亲公民身份号码', 'mother_id_no'],
  motherName: ['母亲姓名', 'mother_name'],
  childName: ['新生儿姓名', '婴儿姓名', '孩子姓名', 'child_name'],
  bornOn: ['出生日期', '出生时间', '新生儿出生日期', 'born_on'],
  childSex: ['新生儿性别', '婴儿性别', 'child_sex'],
  birthNo: ['出生证编号', '出生医学证明编号', '出生证明编号', 'birth_no'],
  movedOn: ['迁移日期', '迁入日期', '迁出日期', '变动日期', 'moved_on'],
  movedTo: ['迁入地址', '迁往地址', '现户籍地址', '迁入地', '迁往地', 'moved_to'],
  moveKind: ['迁移类型', '变动类型', '迁移类别', 'move_kind'],
  incomeFen: ['月收入', '月工资', '月工资收入', '缴费基数', '月缴费基数', '月均收入', 'monthly_income'],
  incomeMonth: ['所属月份', '费款所属期', '所属期', '收入月份', '月份', 'month'],
  employer: ['单位名称', '用人单位', '参保单位', 'employer'],
  insurance: ['参保状态', '参保类型', '险种类型', '险种', 'insurance'],
  insuredOn: ['参保日期', '参保时间', '状态日期', 'insured_on'],
  disabilityCategory: ['残疾类别', '残疾类型', 'disability_category'],
  disabilityGrade: ['残疾等级', 'disability_grade'],
  certifiedOn: ['发证日期', '评定日期', '签发日期', 'certified_on'],
  pension: ['养老金', '养老金月标准', '月养老金', '月发放金额', '养老待遇', 'pension'],
  pensionMonth: ['发放月份', '待遇月份', '发放年月', 'pension_month'],
  marital: ['婚姻状况', '婚姻登记类型', 'marital'],
  registeredOn: ['登记日期', '婚姻登记日期', 'registered_on'],
} as const;

export type Column = keyof typeof synonyms;

/** Money in a column may be in another unit than yuan: `月收入（万元）`. */
export interface FoundColumn {
  readonly index: number;
  /** As the file has it, without line breaks. */
  readonly title: string;
  /** Fen per unit of the column. */
  readonly unitFen: number;
}
export type ColumnMap = ReadonlyMap<Column, FoundColumn>;

const plain = (text: string): string =>
  toHalfWidth(text)
    .replace(/[([{【].*?[)\]}】]/gsu, '')
    .replace(/[\s"'*:：\uFEFF]/g, '')
    .toLowerCase();

const byName = new Map<string, Column>(
  (Object.entries(synonyms) as [Column, readonly string[]][]).flatMap(([column, names]) =>
    names.map((name): [string, Column] => [plain(name), column]),
  ),
);

const unitOf = (title: string): number => {
  const remark = /[([【](.*?)[)\]】]/su.exec(toHalfWidth(title))?.[1] ?? '';
  if (remark.includes('万元')) return 1_000_000;
  return remark.trim() === '分' ? 1 : 100;
};

/** Finds the columns of a header row; the first of two columns with one meaning counts. */
export function mapColumns(header: readonly string[]): ColumnMap {
  const found = new Map<Column, FoundColumn>();
  header.forEach((title, index) => {
    const column = byName.get(plain(title));
    if (column !== undefined && !found.has(column))
      found.set(column, { index, title: title.replace(/\s+/g, ' ').trim(), unitFen: unitOf(title) });
  });
  return found;
}
