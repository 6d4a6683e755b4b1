/** Why a row was not taken, in the words of the reject file. The codes are stable, the words are for the person who mends it. */
export const reasonTexts = {
  'id.missing': '缺少证件号码',
  'id.length': '证件号码位数不对',
  'id.characters': '证件号码含有不允许的字符',
  'id.date': '证件号码中的出生日期不存在',
  'id.future': '证件号码中的出生日期晚于今天',
  'id.check-character': '证件号码校验位不对',
  'id.demonstration': '虚构的证件号码只在演示库中有效',
  'id.precision-lost': '证件号码被表格软件存成了数字，末几位已丢失',
  'name.missing': '缺少姓名',
  'name.differs': '姓名与该证件号码登记的姓名不一致',
  'date.missing': '缺少日期',
  'date.invalid': '日期不存在或无法识别',
  'date.future': '日期晚于今天',
  'date.before-birth': '日期早于出生日期',
  'amount.missing': '缺少金额',
  'amount.not-a-number': '金额不是数字',
  'amount.negative': '金额为负数',
  'amount.exceeds-total': '个人自付大于总费用',
  'value.missing': '缺少必填内容',
  'value.unknown': '内容不在代码表中',
  'household.unknown': '此人没有登记居住户',
  'row.too-many-cells': '单元格多于表头，各列可能已错位',
  'row.broken': '此行格式损坏，无法拆分',
  'row.garbled': '此行含有乱码字符',
  'json.invalid': '此行不是有效的 JSON 对象',
} as const;

export type ReasonCode = keyof typeof reasonTexts;

/** One thing wrong with a row; `column` is the header as the file has it. */
export interface RowReason {
  readonly code: ReasonCode;
  readonly column?: string;
}

export const reasonText = ({ code, column }: RowReason): string =>
  column === undefined ? reasonTexts[code] : `${column}：${reasonTexts[code]}`;
