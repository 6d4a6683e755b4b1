import type { FieldName } from '../../shared/domain/entities.ts';
import type { Source } from '../../shared/domain/sources.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import { yuan } from '../feeds/money.ts';
import { addDays } from './calendar.ts';
import { codes } from './codes.ts';
import type { DrawnHousehold } from './community.ts';
import { givenName, surname } from './names.ts';
import { fictitiousPhone } from './numbers.ts';
import type { DrawnPerson, Registry } from './people.ts';
import type { Random } from './random.ts';

/** What a department reports about one field, before it becomes a proposal row. */
export interface Change {
  readonly entity: 'resident' | 'household';
  readonly subject: string;
  readonly field: FieldName<'resident'> | FieldName<'household'>;
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly source: Source;
  readonly observedOn: string;
  readonly evidence: string;
}

export interface Teller {
  readonly random: Random;
  readonly registry: Registry;
  readonly household: DrawnHousehold;
  readonly subject: { readonly id: string; readonly person: DrawnPerson };
}

/** Makes the changes of one kind about a person, or none where the kind does not fit them. */
export type ChangeKind = (teller: Teller) => readonly Change[];

const hospitals = ['镇海龙赛医院', '镇海人民医院', '江北二院', '骆驼卫生院', '招宝山街道卫生服务中心'];

function about(
  { subject, registry, random }: Teller,
  field: FieldName<'resident'>,
  after: FieldValue,
  source: Source,
  evidence: (observedOn: string) => string,
): Change[] {
  const before = subject.person.values[field];
  const plain: FieldValue = typeof before === 'object' && before !== null ? Array.from(before) : before;
  if (JSON.stringify(plain) === JSON.stringify(after)) return [];
  // Since the last round of visits, so that it is news.
  const observedOn = addDays(registry.today, -random.between(1, 16));
  return [
    {
      entity: 'resident',
      subject: subject.id,
      field,
      before: plain,
      after,
      source,
      observedOn,
      evidence: evidence(observedOn),
    },
  ];
}

const ageOf = (teller: Teller): number => teller.subject.person.sketch.age;

/** Sums of self-paid cost over the last twelve months, as settlements come in. */
export const selfPaid =
  (highest: number): ChangeKind =>
  (teller) => {
    const { random, subject } = teller;
    const more = Math.round((1800 + random.next() * (highest - 1800)) * 100);
    const total = (subject.person.values.medical_self_paid_fen ?? 0) + more;
    const count = random.between(2, 9);
    return about(
      teller,
      'medical_self_paid_fen',
      total,
      'medical-insurance',
      (on) =>
        `近12个月结算${String(count)}笔，最近一笔${on}${random.pick(hospitals)}，个人自付${yuan(more)}元，合计${yuan(total)}元`,
    );
  };

export const insurance: ChangeKind = (teller) => {
  const now = teller.subject.person.values.medical_insurance;
  const after = now === codes.insurance.resident ? codes.insurance.employee : codes.insurance.resident;
  if (after === codes.insurance.employee && (ageOf(teller) < 20 || ageOf(teller) > 58)) return [];
  return about(teller, 'medical_insurance', after, 'medical-insurance', (on) =>
    after === codes.insurance.employee ? `${on}单位参加职工医保` : `${on}城乡居民医保缴费到账`,
  );
};

export const phone: ChangeKind = (teller) => {
  if (ageOf(teller) < 14) return [];
  const after = fictitiousPhone(teller.registry.phoneOrdinal());
  return about(teller, 'phone', after, 'medical-insurance', (on) => `${on}医保电子凭证登记手机号`);
};

export const chronic: ChangeKind = (teller) => {
  if (ageOf(teller) < 40) return [];
  const disease = teller.random.pick(['高血压', '2型糖尿病', '冠心病', '慢阻肺', '脑梗死后遗症']);
  return about(teller, 'health_status', codes.health.chronic, 'health', (on) => `${on}家庭医生慢病建档：${disease}`);
};

export const birth: ChangeKind = ({ household, random, registry, subject }) => {
  const age = subject.person.sketch.age;
  if (subject.person.sketch.sex !== '2' || age < 21 || age > 44) return [];
  const observedOn = addDays(registry.today, -random.between(3, 16));
  const name = surname(random) + givenName(random, random.chance(0.5) ? '1' : '2', Number(registry.today.slice(0, 4)));
  const evidence = `出生医学证明：母亲${subject.person.values.name}，新生儿${name}，${observedOn}出生`;
  return [
    {
      entity: 'household',
      subject: household.id,
      field: 'notes',
      before: [...household.values.notes],
      after: [...household.values.notes, `新生儿${name}，${observedOn}出生（卫健推送，待落户）`],
      source: 'health',
      observedOn,
      evidence,
    },
  ];
};

export const death: ChangeKind = (teller) => {
  const observedOn = addDays(teller.registry.today, -teller.random.between(4, 14));
  const status = about(
    teller,
    'living_status',
    codes.living.deceased,
    'police',
    () => `${observedOn}死亡，派出所注销户口登记`,
  );
  const date = about(teller, 'death_date', observedOn, 'health', () => `死亡医学证明（推断）书，死亡日期${observedOn}`);
  return [...status, ...date];
};

export const move: ChangeKind = (teller) => {
  const { household, random } = teller;
  const town = random.pick([
    '宁波市江北区庄桥街道',
    '宁波市鄞州区下应街道',
    '宁波市慈溪市浒山街道',
    '绍兴市越城区府山街道',
  ]);
  const after = `浙江省${town}${random.pick(['前洋', '新马', '东南', '河畔'])}小区${String(random.between(1, 40))}幢${String(random.between(101, 602))}室`;
  if (household.people.length === 0) return [];
  return about(teller, 'registered_address', after, 'police', (on) => `${on}户口迁移登记`);
};

export const residence: ChangeKind = (teller) => {
  const now = teller.subject.person.values.residence_status;
  const after = now === codes.residence.rentedIn ? codes.residence.resident : codes.residence.away;
  return about(teller, 'residence_status', after, 'police', (on) =>
    now === codes.residence.rentedIn ? `${on}申领浙江省居住证` : `${on}在外地办理居住登记`,
  );
};

export const workplace: ChangeKind = (teller) => {
  if (ageOf(teller) < 19 || ageOf(teller) > 59) return [];
  const after = teller.random.pick(['甬港冷链物流公司', '镇海新材料厂', '蛟川汽配厂', '骆驼电器厂', '九龙湖度假酒店']);
  return about(teller, 'workplace', after, 'human-resources', (on) => `${on}用工备案与社保参保登记`);
};

export const unemployment: ChangeKind = (teller) => {
  if (teller.subject.person.values.employment !== codes.employment.employed) return [];
  return about(teller, 'employment', codes.employment.unemployed, 'human-resources', (on) => `${on}失业登记`);
};

/** A monthly income as the contribution base shows it. */
export const income =
  (afterFen?: number): ChangeKind =>
  (teller) => {
    const now = teller.subject.person.values.monthly_income_fen;
    if (afterFen === undefined && (now === null || now === 0 || ageOf(teller) < 19 || ageOf(teller) > 59)) return [];
    const after = afterFen ?? Math.round(((now ?? 0) * (0.7 + teller.random.next() * 0.6)) / 1000) * 1000;
    return about(
      teller,
      'monthly_income_fen',
      after,
      'human-resources',
      (on) => `${on}社保缴费基数申报，月收入${yuan(after)}元`,
    );
  };

export const pension: ChangeKind = (teller) => {
  const now = teller.subject.person.values.pension_fen;
  if (now === null) return [];
  const after = Math.round((now * (1.02 + teller.random.next() * 0.03)) / 100) * 100;
  return about(teller, 'pension_fen', after, 'human-resources', (on) => `${on}养老金调整后月发放${yuan(after)}元`);
};

export const disability: ChangeKind = (teller) => {
  const { disability_category: category, disability_grade: grade } = teller.subject.person.values;
  if (category !== null && grade !== null) {
    const after = grade === '1' ? '2' : String(Number(grade) - 1);
    return about(teller, 'disability_grade', after, 'disabled-federation', (on) => `${on}残疾等级重新评定`);
  }
  if (ageOf(teller) < 30) return [];
  const evidence = (on: string): string => `${on}核发残疾人证`;
  return [
    ...about(teller, 'disability_category', '4', 'disabled-federation', evidence),
    ...about(teller, 'disability_grade', teller.random.pick(['2', '3', '4']), 'disabled-federation', evidence),
  ];
};

export const marriage: ChangeKind = (teller) => {
  const age = ageOf(teller);
  if (teller.subject.person.sketch.marital !== '10' || age < 22 || age > 45) return [];
  return about(teller, 'marital_status', '20', 'civil-affairs', (on) => `${on}结婚登记`);
};
