import { codeSets, type CodeText } from './code-sets.ts';

export type VisitKindName = 'elder' | 'relief' | 'child' | 'disabled' | 'new-arrival' | 'after-change' | 'ad-hoc';
export type QuestionInput = 'yes-no-unknown' | 'choice' | 'money' | 'text' | 'date' | 'phone';
/** Asked once for the household, or of every living member that fits. */
export type Whom = 'household' | 'everyone' | 'householder' | 'adults' | 'elders' | 'children' | 'disabled';

/** One question of a visit (domain facts, 2.2). */
export interface Question {
  /** Stable: answers are kept under it for years. */
  readonly key: string;
  readonly input: QuestionInput;
  /** Codes to choose from; empty for other inputs. */
  readonly options: readonly string[];
  readonly whom: Whom;
  readonly required: boolean;
  /** Field of the household or the resident that fills it and that its answer writes; null where none stands behind it. */
  readonly field: string | null;
  /** Where the suggested answer comes from. */
  readonly prefill: 'field' | 'last-answer' | 'none';
  readonly ask: CodeText;
  /** Words for options that belong to no code set. */
  readonly choices: Readonly<Record<string, CodeText>>;
}

interface Extra {
  readonly required?: boolean;
  readonly field?: string;
  readonly prefill?: 'last-answer' | 'none';
  readonly choices?: Readonly<Record<string, CodeText>>;
}

function ask(key: string, input: QuestionInput, whom: Whom, zh: string, en: string, extra: Extra = {}): Question {
  const field = extra.field ?? null;
  const choices = extra.choices ?? {};
  return {
    key,
    input,
    options: Object.keys(choices),
    whom,
    required: extra.required ?? false,
    field,
    prefill: field === null ? (extra.prefill ?? 'last-answer') : 'field',
    ask: { zh, en },
    choices,
  };
}

const says = (zh: string, en: string): CodeText => ({ zh, en });
const degrees = { good: says('好', 'good'), fair: says('一般', 'fair'), poor: says('差', 'poor') };
const required = true;

/** Every question once; the sets below name them. */
const bank = {
  // 健康
  health: ask('health', 'choice', 'elders', '近来身体怎么样？', 'How is their health lately?', {
    required,
    field: 'health_status',
    choices: codeSets.health_status,
  }),
  mobility: ask(
    'mobility',
    'choice',
    'elders',
    '行动和自理怎么样？',
    'Can they move about and look after themselves?',
    {
      required,
      choices: {
        free: says('自理', 'without help'),
        aided: says('需搀扶或器具', 'with help or an aid'),
        bed: says('卧床', 'bedridden'),
      },
    },
  ),
  // 精神
  spirits: ask('spirits', 'choice', 'elders', '情绪和记忆怎么样？', 'How are mood and memory?', { choices: degrees }),
  // 安全
  hazard: ask('hazard', 'choice', 'household', '家里有安全隐患吗？', 'Is there a hazard in the home?', {
    required,
    field: 'hazards',
    choices: { none: says('没有发现', 'none found'), ...codeSets.hazards },
  }),
  // 卫生
  hygiene: ask('hygiene', 'choice', 'household', '个人和家里的卫生怎么样？', 'How clean are the people and the home?', {
    choices: degrees,
  }),
  // 居住环境
  condition: ask('condition', 'choice', 'household', '居住条件怎么样？', 'What are the living conditions?', {
    field: 'living_condition',
    choices: codeSets.living_condition,
  }),
  alone: ask('alone', 'yes-no-unknown', 'elders', '是独自居住吗？', 'Do they live alone?', {
    required,
    field: 'living_alone',
  }),
  contact: ask(
    'contact',
    'text',
    'elders',
    '紧急联系人是谁，电话多少？',
    'Who is the emergency contact, and the number?',
    {
      field: 'emergency_contact',
    },
  ),
  needs: ask('needs', 'choice', 'elders', '最需要什么服务？', 'Which service is needed most?', {
    choices: {
      none: says('暂不需要', 'none for now'),
      meals: says('助餐', 'meals'),
      care: says('护理', 'care'),
      cleaning: says('保洁', 'cleaning'),
      'medical-escort': says('陪诊', 'going along to hospital'),
      company: says('陪伴', 'company'),
    },
  }),
  // 经济状况
  income: ask(
    'income',
    'money',
    'household',
    '近一个月全家实际收入是多少？',
    'What did the whole household take in last month?',
    {
      required,
      field: 'monthly_income_fen',
    },
  ),
  'own-income': ask(
    'own-income',
    'money',
    'adults',
    '近一个月本人收入是多少？',
    'What was their own income last month?',
    {
      field: 'monthly_income_fen',
    },
  ),
  employment: ask('employment', 'choice', 'adults', '现在的就业状况？', 'What is their employment now?', {
    required,
    field: 'employment',
    choices: codeSets.employment,
  }),
  'in-hospital': ask(
    'in-hospital',
    'yes-no-unknown',
    'household',
    '家里有人仍在住院吗？',
    'Is somebody still in hospital?',
    {
      required,
    },
  ),
  'large-cost': ask('large-cost', 'choice', 'household', '近期有哪项大额支出？', 'Which large cost came up lately?', {
    prefill: 'none',
    choices: {
      none: says('没有', 'none'),
      medical: says('看病', 'medical'),
      school: says('上学', 'schooling'),
      housing: says('住房', 'housing'),
      accident: says('意外', 'an accident'),
    },
  }),
  housing: ask('housing', 'choice', 'household', '住房是什么性质？', 'How is the home held?', {
    field: 'housing_kind',
    choices: codeSets.housing_kind,
  }),
  vehicle: ask(
    'vehicle',
    'yes-no-unknown',
    'household',
    '有汽车或大型农机吗？',
    'Is there a car or a large farm machine?',
    {
      required,
    },
  ),
  supporters: ask(
    'supporters',
    'choice',
    'household',
    '赡养、抚养人在尽责吗？',
    'Do those bound to support them do so?',
    {
      choices: {
        yes: says('尽责', 'they do'),
        partly: says('部分尽责', 'in part'),
        no: says('未尽责', 'they do not'),
        nobody: says('没有赡抚养人', 'there is nobody'),
      },
    },
  ),
  // 儿童
  guardian: ask('guardian', 'choice', 'children', '平时由谁照看？', 'Who looks after the child?', {
    required,
    choices: {
      parents: says('父母', 'both parents'),
      'one-parent': says('父亲或母亲一方', 'one parent'),
      grandparents: says('祖辈', 'grandparents'),
      relatives: says('其他亲属', 'other relatives'),
      nobody: says('无人照看', 'nobody'),
    },
  }),
  'parents-away': ask('parents-away', 'choice', 'children', '父母外出了吗？', 'Are the parents away?', {
    required,
    choices: {
      neither: says('都在身边', 'neither'),
      one: says('一方外出', 'one'),
      both: says('双方外出', 'both'),
    },
  }),
  schooling: ask('schooling', 'choice', 'children', '上学的情况？', 'How is schooling?', {
    required,
    choices: {
      regular: says('正常在读', 'goes regularly'),
      irregular: says('时常缺课', 'often misses school'),
      out: says('已失学或辍学', 'out of school'),
      'too-young': says('未到学龄', 'under school age'),
    },
  }),
  'child-health': ask('child-health', 'choice', 'children', '孩子身体怎么样？', "How is the child's health?", {
    field: 'health_status',
    choices: codeSets.health_status,
  }),
  'child-spirits': ask('child-spirits', 'choice', 'children', '情绪和与人相处怎么样？', 'How are mood and company?', {
    choices: degrees,
  }),
  // A yes here calls for the duty to report at once (未成年人保护法, art. 11); the note carries what was seen.
  'child-harm': ask(
    'child-harm',
    'yes-no-unknown',
    'children',
    '有受伤害或被忽视的迹象吗？',
    'Is there a sign of harm or neglect?',
    {
      required,
      prefill: 'none',
    },
  ),
  'child-contact': ask('child-contact', 'text', 'children', '监护人姓名和电话？', "Guardian's name and number?", {
    field: 'emergency_contact',
  }),
  // 残疾人
  'care-by': ask('care-by', 'choice', 'disabled', '日常由谁照护？', 'Who gives daily care?', {
    required,
    choices: {
      nobody: says('无需照护', 'no care needed'),
      family: says('家人', 'family'),
      carer: says('护理员', 'a carer'),
      missing: says('需要而没有', 'needed, and there is none'),
    },
  }),
  'disabled-health': ask('disabled-health', 'choice', 'disabled', '近来身体怎么样？', 'How is their health lately?', {
    required,
    field: 'health_status',
    choices: codeSets.health_status,
  }),
  aid: ask('aid', 'choice', 'disabled', '需要哪种辅具或改造？', 'Which aid or change to the home is needed?', {
    choices: {
      none: says('不需要', 'none'),
      wheelchair: says('轮椅助行', 'wheelchair or walking aid'),
      hearing: says('助听', 'hearing aid'),
      visual: says('助视', 'visual aid'),
      access: says('无障碍改造', 'barrier-free access'),
    },
  }),
  rehabilitation: ask(
    'rehabilitation',
    'yes-no-unknown',
    'disabled',
    '在接受康复服务吗？',
    'Are they in rehabilitation?',
  ),
  'subsidy-received': ask(
    'subsidy-received',
    'yes-no-unknown',
    'disabled',
    '两项补贴按时到账吗？',
    'Do the two subsidies arrive on time?',
    {
      required,
    },
  ),
  // 人口与居住
  residence: ask('residence', 'choice', 'everyone', '现在住在这里吗？', 'Do they live here now?', {
    required,
    field: 'residence_status',
    choices: codeSets.residence_status,
  }),
  phone: ask('phone', 'phone', 'adults', '联系电话是多少？', 'What is the telephone number?', { field: 'phone' }),
  'head-phone': ask('head-phone', 'phone', 'householder', '联系电话是多少？', 'What is the telephone number?', {
    field: 'phone',
  }),
  workplace: ask('workplace', 'text', 'adults', '在哪里工作？', 'Where do they work?', { field: 'workplace' }),
  education: ask('education', 'choice', 'adults', '文化程度？', 'What schooling have they had?', {
    field: 'education',
    choices: codeSets.education,
  }),
  'since-when': ask('since-when', 'date', 'household', '什么时候搬来的？', 'When did they move in?'),
  'others-living': ask(
    'others-living',
    'yes-no-unknown',
    'household',
    '还有没登记的人同住吗？',
    'Does anybody else live here?',
    {
      required,
      prefill: 'none',
    },
  ),
  'what-changed': ask(
    'what-changed',
    'choice',
    'household',
    '这次变动对生活影响大吗？',
    'How much does the change weigh?',
    {
      required,
      prefill: 'none',
      choices: {
        none: says('没有影响', 'not at all'),
        some: says('有些影响', 'somewhat'),
        heavy: says('影响很大', 'heavily'),
      },
    },
  ),
  'follow-up': ask('follow-up', 'choice', 'household', '接下来要做什么？', 'What is to be done next?', {
    prefill: 'none',
    choices: {
      none: says('不用', 'nothing'),
      'visit-again': says('再走访', 'visit again'),
      'help-apply': says('帮助申请救助', 'help to apply for relief'),
      refer: says('转介', 'refer to others'),
    },
  }),
  'wants-help': ask(
    'wants-help',
    'text',
    'household',
    '有什么困难和诉求？',
    'What troubles them, what do they ask for?',
    {
      prefill: 'none',
    },
  ),
} as const satisfies Readonly<Record<string, Question>>;

export type QuestionKey = keyof typeof bank;
export const questionKeys = Object.keys(bank) as readonly QuestionKey[];

const pick = (...keys: QuestionKey[]): readonly Question[] => keys.map((key) => bank[key]);

/**
 * Question sets by visit kind. Elders: the five headings in use (健康 精神 安全 卫生 居住环境) with living alone, emergency contact
 * and needs; relief: the economic enquiry; children: the information file the Minors Protection Law asks for.
 */
export const questionSets: Readonly<Record<VisitKindName, readonly Question[]>> = {
  elder: pick('hazard', 'hygiene', 'condition', 'health', 'mobility', 'spirits', 'alone', 'contact', 'needs'),
  relief: pick('in-hospital', 'income', 'large-cost', 'housing', 'vehicle', 'supporters', 'employment', 'own-income'),
  child: pick('guardian', 'parents-away', 'schooling', 'child-health', 'child-spirits', 'child-harm', 'child-contact'),
  disabled: pick('hazard', 'care-by', 'disabled-health', 'aid', 'rehabilitation', 'subsidy-received', 'follow-up'),
  'new-arrival': pick(
    'since-when',
    'housing',
    'others-living',
    'residence',
    'employment',
    'workplace',
    'phone',
    'education',
  ),
  'after-change': pick('what-changed', 'in-hospital', 'large-cost', 'income', 'head-phone', 'follow-up'),
  'ad-hoc': pick('hazard', 'condition', 'in-hospital', 'others-living', 'head-phone', 'wants-help', 'follow-up'),
};

/** The question under a key, or undefined for a key of another release. */
export function questionByKey(key: string): Question | undefined {
  const questions: Readonly<Record<string, Question>> = bank;
  return Object.hasOwn(questions, key) ? questions[key] : undefined;
}
