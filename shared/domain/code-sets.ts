import { ethnicityCodes, relationCodes } from './code-tables.ts';

/** What a code means, in the two languages of the interface. */
export interface CodeText {
  readonly zh: string;
  readonly en: string;
}
export type CodeSet = Readonly<Record<string, CodeText>>;

const text = (zh: string, en: string): CodeText => ({ zh, en });

/**
 * Code sets of the fields shown on screens, as data. National standards where there is one; the project's own words
 * otherwise (letters, so that nobody takes them for a standard's numbers).
 */
export const codeSets = {
  /** GB/T 2261.1 */
  sex: {
    '0': text('未知', 'unknown'),
    '1': text('男', 'male'),
    '2': text('女', 'female'),
    '9': text('未说明', 'not stated'),
  },
  /** GB/T 2261.2 */
  marital_status: {
    '10': text('未婚', 'single'),
    '20': text('已婚', 'married'),
    '21': text('初婚', 'first marriage'),
    '22': text('再婚', 'remarried'),
    '23': text('复婚', 'remarried to the same person'),
    '30': text('丧偶', 'widowed'),
    '40': text('离婚', 'divorced'),
    '90': text('未说明', 'not stated'),
  },
  /** GB/T 3304-1991 */
  ethnicity: ethnicityCodes,
  /** GB/T 4658-2006, as far as screens use it */
  education: {
    '10': text('研究生', 'postgraduate'),
    '11': text('博士研究生毕业', 'doctorate'),
    '14': text('硕士研究生毕业', "master's degree"),
    '20': text('大学本科', 'university'),
    '21': text('大学本科毕业', "bachelor's degree"),
    '30': text('大学专科', 'junior college'),
    '31': text('大学专科毕业', 'junior college, completed'),
    '40': text('中等职业', 'vocational school'),
    '60': text('普通高中', 'senior high school'),
    '61': text('普通高中毕业', 'senior high school, completed'),
    '70': text('初中', 'junior high school'),
    '71': text('初中毕业', 'junior high school, completed'),
    '80': text('小学', 'primary school'),
    '81': text('小学毕业', 'primary school, completed'),
    '90': text('其他', 'other'),
  },
  /** GB/T 4761-2008 */
  relation: relationCodes,
  /** Disability certificate (残疾人证), class */
  disability_category: {
    '1': text('视力残疾', 'visual'),
    '2': text('听力残疾', 'hearing'),
    '3': text('言语残疾', 'speech'),
    '4': text('肢体残疾', 'physical'),
    '5': text('智力残疾', 'intellectual'),
    '6': text('精神残疾', 'mental'),
    '7': text('多重残疾', 'multiple'),
  },
  /** Disability certificate, grade; 1 is the most severe */
  disability_grade: {
    '1': text('一级', '1, most severe'),
    '2': text('二级', '2'),
    '3': text('三级', '3'),
    '4': text('四级', '4'),
  },
  /** Tiers of the Social Assistance Law (社会救助法), art. 16 to 22 */
  relief_category: {
    destitute: text('特困供养', 'destitute support'),
    minimum: text('低保', 'minimum living allowance'),
    edge: text('低保边缘', 'near the minimum'),
    rigid: text('刚性支出困难', 'hardship by unavoidable costs'),
    none: text('无救助身份', 'none'),
  },
  /** Basic medical insurance */
  medical_insurance: {
    employee: text('职工医保', 'employee scheme'),
    resident: text('城乡居民医保', "residents' scheme"),
    elsewhere: text('异地参保', 'insured elsewhere'),
    none: text('未参保', 'not insured'),
  },
  /** Own list, after the headings of the relief enquiry form */
  employment: {
    employed: text('在职', 'employed'),
    'self-employed': text('个体或灵活就业', 'self-employed'),
    unemployed: text('失业', 'unemployed'),
    retired: text('退休', 'retired'),
    student: text('在校', 'at school'),
    home: text('料理家务', 'keeps house'),
    unable: text('无劳动能力', 'unable to work'),
    none: text('未就学未就业', 'neither school nor work'),
  },
  /** GB/T 2261.3 */
  health_status: {
    '1': text('健康或良好', 'good'),
    '2': text('一般或较弱', 'fair or weak'),
    '3': text('有慢性病', 'chronic illness'),
    '6': text('残疾', 'disabled'),
  },
  living_status: {
    alive: text('健在', 'alive'),
    deceased: text('已故', 'deceased'),
    missing: text('失踪', 'missing'),
  },
  /** What the door tells; neither the register nor a lease */
  residence_status: {
    resident: text('常住', 'permanent'),
    away: text('人户分离，外出', 'away'),
    'rented-in': text('租住', 'rented'),
    'moved-out': text('已搬离', 'moved out'),
    'register-only': text('空挂户', 'registered only'),
  },
  housing_kind: {
    owned: text('自有住房', 'owned'),
    rented: text('租赁住房', 'rented'),
    'public-rented': text('公租房', 'public rental'),
    lent: text('借住', 'lent by others'),
    collective: text('集体宿舍', 'shared quarters'),
    institution: text('养老或福利机构', 'institution'),
  },
  living_condition: {
    good: text('较好', 'good'),
    fair: text('一般', 'fair'),
    poor: text('较差', 'poor'),
    dangerous: text('有危险', 'dangerous'),
  },
  /** Person categories (人员类别标签), domain facts 1.1 and 4.1 */
  tags: {
    alone: text('独居', 'lives alone'),
    'empty-nest': text('空巢', 'empty nest'),
    aged: text('高龄（80 岁以上）', 'aged 80 and over'),
    'left-behind-elder': text('留守老年人', 'left-behind elder'),
    'left-behind-child': text('留守儿童', 'left-behind child'),
    'migrant-child': text('流动儿童', 'migrant child'),
    'distressed-child': text('困境儿童', 'child in distress'),
    orphan: text('孤儿', 'orphan'),
    'unattended-child': text('事实无人抚养儿童', 'child without actual care'),
    disabled: text('失能', 'dependent'),
    'severe-disability': text('重度残疾', 'severely disabled'),
    'bereaved-family': text('计生特殊家庭', 'bereaved one-child family'),
    veteran: text('退役军人', 'veteran'),
    'community-correction': text('社区矫正', 'community correction'),
    'mental-disorder': text('精神障碍', 'mental disorder'),
  },
  /** Hazards (隐患) a visitor can see */
  hazards: {
    gas: text('燃气', 'gas'),
    electricity: text('用电', 'electricity'),
    water: text('水暖', 'water and heating'),
    fire: text('火灾', 'fire'),
    slip: text('防滑', 'slippery floor'),
    stairs: text('楼道堆物', 'blocked stairway'),
    structure: text('房屋安全', 'unsafe building'),
    'indoor-charging': text('电动车入户充电', 'e-bike charged indoors'),
  },
  /** Visit types (走访类型), domain facts 2.1 */
  visit_kind: {
    elder: text('老年人探访', 'elder visit'),
    relief: text('救助复核', 'relief review'),
    child: text('儿童走访', 'child visit'),
    disabled: text('残疾人走访', 'disability visit'),
    'new-arrival': text('新增核实', 'new arrival'),
    'after-change': text('变动核实', 'after a change'),
    'ad-hoc': text('临时走访', 'unplanned visit'),
  },
  /** Registered state of an organisation */
  organisation_status: {
    normal: text('正常', 'in good standing'),
    abnormal: text('异常名录', 'listed as abnormal'),
    serious: text('严重违法失信', 'serious breach'),
    cancelled: text('注销', 'cancelled'),
  },
} as const satisfies Readonly<Record<string, CodeSet>>;

export type CodeSetName = keyof typeof codeSets;

/** Fields whose code set has another name than the field. */
const setOfField: Readonly<Record<string, CodeSetName>> = {
  'organisation.status': 'organisation_status',
  'visit.kind': 'visit_kind',
  'household.visit_reason': 'visit_kind',
};

/** The code set of a field, or null where the field holds no code of a known set. */
export function codeSetOf(entity: string, field: string): CodeSet | null {
  const named = setOfField[`${entity}.${field}`];
  if (named !== undefined) return codeSets[named];
  if (!Object.hasOwn(codeSets, field) || field === 'visit_kind') return null;
  return (codeSets as Readonly<Record<string, CodeSet>>)[field] ?? null;
}

/** Words for a code; a code nobody knows is shown as it is, so that no data looks empty. */
export function codeText(set: CodeSetName, code: string | null, locale: 'zh-CN' | 'en'): string {
  if (code === null) return '';
  const known: CodeSet = codeSets[set];
  const found = Object.hasOwn(known, code) ? known[code] : undefined;
  if (found === undefined) return code;
  return locale === 'en' ? found.en : found.zh;
}
