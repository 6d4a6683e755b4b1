import type { Source } from './sources.ts';

/**
 * How two concurrent writes of one field meet (sync contract, point 4).
 * - `authority`: the higher-ranked source stays, the other is kept beside it and shown
 * - `ask`: the current value stays and a person decides; the default for facts about people
 * - `union`: sets; adds and observed removals of both sides hold
 * - `append`: logs and notes; both sides' additions hold, in order of arrival
 * - `counter`: the difference is applied
 * - `max` / `min`: the larger or smaller one stays (instants, high-water marks)
 */
export type MergeClass = 'authority' | 'ask' | 'union' | 'append' | 'counter' | 'max' | 'min';

/**
 * Field types. `fen` is money in 分; `json` is JSON text; `list` is an array of strings; `ref` names another row.
 */
export type FieldType = 'text' | 'integer' | 'boolean' | 'date' | 'instant' | 'fen' | 'code' | 'json' | 'list' | 'ref';

/** How a value is hidden on screen until somebody asks for it. */
export type Mask = 'id-number' | 'phone' | 'address';

export interface FieldSpec {
  readonly type: FieldType;
  readonly merge: MergeClass;
  /** The department with authority over the field. Others report a difference, they do not edit (domain facts, 1.9). */
  readonly owner?: Source;
  readonly mask?: Mask;
  /** One line: why this merge class is right for this field. */
  readonly why: string;
}

export interface EntitySpec {
  readonly fields: Readonly<Record<string, FieldSpec>>;
}

interface More {
  readonly owner?: Source;
  readonly mask?: Mask;
}

const field = <const T extends FieldType>(
  type: T,
  merge: MergeClass,
  why: string,
  more: More = {},
): FieldSpec & { readonly type: T } => ({ type, merge, why, ...more });

const owned = <const T extends FieldType>(
  type: T,
  owner: Source,
  why: string,
  mask?: Mask,
): FieldSpec & { readonly type: T } => field(type, 'authority', why, mask === undefined ? { owner } : { owner, mask });

/** The closed set of synced entities and their fields. SQL columns of the replica carry the same names. */
export const entities = {
  /** 自然人 */
  resident: {
    fields: {
      name: owned('text', 'police', 'the household register names a person'),
      id_no: owned('text', 'police', 'issued by the police', 'id-number'),
      sex: owned('code', 'police', 'household register; GB/T 2261.1'),
      birth_date: owned('date', 'police', 'household register'),
      ethnicity: owned('code', 'police', 'household register; GB/T 3304'),
      registered_address: owned('text', 'police', 'household register', 'address'),
      living_status: owned('code', 'police', 'alive or deceased: a death record outranks what was seen before it'),
      death_date: owned('date', 'health', 'death certificate'),
      marital_status: owned('code', 'civil-affairs', 'marriage registration; GB/T 2261.2'),
      disability_category: owned('code', 'disabled-federation', 'disability certificate, class 1 to 7'),
      disability_grade: owned('code', 'disabled-federation', 'disability certificate, grade 1 to 4'),
      medical_insurance: owned('code', 'medical-insurance', 'insurance register'),
      medical_self_paid_fen: owned('fen', 'medical-insurance', 'settlements of the last 12 months'),
      pension_fen: owned('fen', 'human-resources', 'monthly pension as paid'),
      phone: field('text', 'ask', 'two workers may have heard two numbers; only a call tells', { mask: 'phone' }),
      education: field('code', 'ask', 'self-reported; GB/T 4658'),
      employment: field('code', 'ask', 'self-reported and seen'),
      workplace: field('text', 'ask', 'self-reported'),
      monthly_income_fen: field('fen', 'ask', 'decides benefits, so no machine picks between two truths'),
      health_status: field('code', 'ask', 'seen and told; decides visit frequency'),
      residence_status: field('code', 'ask', 'resident, away, rented in: what the door tells'),
      living_alone: field('boolean', 'ask', 'decides visit frequency'),
      emergency_contact: field('text', 'ask', 'a wrong one costs a life', { mask: 'phone' }),
      tags: field('list', 'union', 'person categories (人员类别标签) are a set; each is set by its own rule'),
      notes: field('list', 'append', 'observations do not compete'),
    },
  },
  /** 居住户: people who live behind one door; neither 户籍户 nor 救助家庭 */
  household: {
    fields: {
      householder_id: field('ref', 'ask', 'who answers for the household is a fact to ask'),
      address_id: field('ref', 'ask', 'a move is seen at the door'),
      household_no: owned('text', 'police', '户号 of the register'),
      relief_category: owned('code', 'civil-affairs', '特困/低保/低边/刚性支出 as decided by civil affairs'),
      relief_since: owned('date', 'civil-affairs', 'decision date'),
      monthly_income_fen: field('fen', 'ask', 'decides benefits, so no machine picks between two truths'),
      housing_kind: field('code', 'ask', 'owned, rented, public: seen'),
      living_condition: field('code', 'ask', 'seen at the visit'),
      last_visit_on: field('date', 'max', 'the latest visit counts, whoever made it'),
      next_visit_on: field('date', 'min', 'the earlier due date is the safe one'),
      visit_reason: field('code', 'ask', 'why the household is on the list'),
      hazards: field('list', 'union', 'hazards found by two people add up'),
      notes: field('list', 'append', 'observations do not compete'),
    },
  },
  /** 人户关联 */
  membership: {
    fields: {
      household_id: field('ref', 'ask', 'a person lives behind one door'),
      resident_id: field('ref', 'ask', 'a person lives behind one door'),
      relation: owned('code', 'police', 'relation to the householder; GB/T 4761'),
      since: field('date', 'ask', 'told'),
      until: field('date', 'ask', 'told'),
    },
  },
  /** 标准地址 */
  address: {
    fields: {
      street: owned('text', 'housing', 'standard address list'),
      community: owned('text', 'housing', 'standard address list'),
      compound: owned('text', 'housing', 'standard address list'),
      building: owned('text', 'housing', 'standard address list'),
      unit: owned('text', 'housing', 'standard address list'),
      room: owned('text', 'housing', 'standard address list'),
      full_text: owned('text', 'housing', 'standard address list', 'address'),
    },
  },
  /** 组织 */
  organisation: {
    fields: {
      name: owned('text', 'civil-affairs', 'registered name'),
      uscc: owned('text', 'civil-affairs', 'unified social credit code, GB 32100'),
      kind: owned('code', 'civil-affairs', 'registered kind'),
      address_text: field('text', 'ask', 'seen'),
      contact: field('text', 'ask', 'told'),
      phone: field('text', 'ask', 'told', { mask: 'phone' }),
      status: owned('code', 'civil-affairs', 'registered status'),
    },
  },
  /** 社区工作者 */
  worker: {
    fields: {
      name: owned('text', 'civil-affairs', 'staff list'),
      role: owned('code', 'civil-affairs', 'staff list'),
      post: owned('text', 'civil-affairs', 'staff list'),
    },
  },
  /** 走访 */
  visit: {
    fields: {
      household_id: field('ref', 'ask', 'the plan names one household'),
      resident_id: field('ref', 'ask', 'the plan may name one person'),
      kind: field('code', 'ask', 'visit type, domain facts 2.1'),
      reason: field('text', 'ask', 'why the visit is due'),
      planned_on: field('date', 'ask', 'two planners, two days: ask'),
      worker_id: field('ref', 'ask', 'who goes'),
      state: field(
        'code',
        'ask',
        'planned, started, done, skipped: two people finishing one visit must see each other',
      ),
      started_at: field('instant', 'min', 'the first knock'),
      ended_at: field('instant', 'max', 'the last word'),
      mode: field('code', 'ask', 'at the door, by phone, through a neighbour'),
      located: field('boolean', 'ask', 'was anybody there'),
      skip_reason: field('text', 'ask', 'one reason per decision'),
      people_present: field('list', 'union', 'everybody seen was there'),
      summary: field('text', 'ask', 'one text per visit'),
    },
  },
  /** 走访问答; id is `<visit>.<question>[.<resident>]`, so that two people answering one question meet */
  visit_answer: {
    fields: {
      visit_id: field('ref', 'ask', 'part of the identity'),
      question: field('code', 'ask', 'part of the identity'),
      resident_id: field('ref', 'ask', 'part of the identity'),
      value: field('text', 'ask', 'two answers to one question: ask'),
      prefilled: field('text', 'ask', 'what was known before'),
      origin: field('code', 'ask', 'confirmed as pre-filled, corrected, or typed'),
    },
  },
  /** 信息变动 (difference found by comparison, waiting for a worker) */
  proposal: {
    fields: {
      subject_entity: owned('code', 'system', 'made by the importer'),
      subject_id: owned('ref', 'system', 'made by the importer'),
      household_id: owned('ref', 'system', 'made by the importer, for grouping'),
      field: owned('code', 'system', 'made by the importer'),
      old_value: owned('json', 'system', 'made by the importer'),
      new_value: owned('json', 'system', 'made by the importer'),
      source: owned('code', 'system', 'made by the importer'),
      observed_on: owned('date', 'system', 'made by the importer'),
      received_at: owned('instant', 'system', 'made by the importer'),
      evidence: owned('text', 'system', 'made by the importer'),
      grade: owned('code', 'system', 'G batch, Y one by one, R visit or document'),
      due_on: owned('date', 'system', 'made by the importer'),
      state: field(
        'code',
        'ask',
        'pending, confirmed, corrected, disputed, later, void: two workers may decide differently',
      ),
      final_value: field('json', 'ask', 'what the worker found true'),
      decided_by: field('ref', 'ask', 'who decided'),
      decided_at: field('instant', 'max', 'the last decision'),
      decided_how: field('code', 'ask', 'seen, by phone, by document'),
      dispute_reason: field('text', 'ask', 'one reason per decision'),
      visit_id: field('ref', 'ask', 'where it was decided'),
    },
  },
  /** 冲突 (two people's truths about one field); id is `<delta>.<field>` */
  conflict: {
    fields: {
      subject_entity: owned('code', 'system', 'written by the gateway'),
      subject_id: owned('ref', 'system', 'written by the gateway'),
      field: owned('code', 'system', 'written by the gateway'),
      kind: owned('code', 'system', 'field, edit-deleted, delete-edited, duplicate'),
      policy: owned('code', 'system', 'merge class that judged it'),
      winner: owned('code', 'system', 'current, offered, or nobody yet'),
      base_value: owned('json', 'system', 'what the offering side had seen'),
      current_value: owned('json', 'system', 'what stands at the centre'),
      current_by: owned('ref', 'system', 'its author'),
      current_at: owned('instant', 'system', "when, by its author's clock"),
      current_source: owned('code', 'system', 'its source'),
      current_reason: owned('json', 'system', 'its reason'),
      current_version: owned('integer', 'system', 'row version it stands at'),
      offered_value: owned('json', 'system', 'what the delta wanted'),
      offered_by: owned('ref', 'system', 'its author'),
      offered_at: owned('instant', 'system', "when, by its author's clock"),
      offered_source: owned('code', 'system', 'its source'),
      offered_reason: owned('json', 'system', 'its reason'),
      state: field('code', 'ask', 'open, settled, noted; the gateway tells the second settler'),
      choice: field('code', 'ask', 'current, offered, other'),
      chosen_value: field('json', 'ask', 'the value settled on'),
      settled_by: field('ref', 'ask', 'who settled'),
      settled_at: field('instant', 'max', 'when'),
    },
  },
  /** 附件: metadata; the bytes travel apart, addressed by their SHA-256 */
  attachment: {
    fields: {
      visit_id: field('ref', 'ask', 'taken during one visit'),
      resident_id: field('ref', 'ask', 'whom it shows or who signed'),
      kind: field('code', 'ask', 'photo, signature, scan'),
      sha256: field('text', 'ask', 'content address, never changes'),
      mime: field('code', 'ask', 'never changes'),
      bytes: field('integer', 'ask', 'size of the content'),
      caption: field('text', 'ask', 'one caption'),
      taken_at: field('instant', 'ask', 'never changes'),
      taken_by: field('ref', 'ask', 'never changes'),
    },
  },
} as const satisfies Record<string, EntitySpec>;

export type EntityName = keyof typeof entities;
export const entityNames = Object.keys(entities) as readonly EntityName[];
export type FieldName<E extends EntityName> = keyof (typeof entities)[E]['fields'] & string;

type ValueOf<T extends FieldType> = T extends 'integer' | 'fen'
  ? number
  : T extends 'boolean'
    ? boolean
    : T extends 'list'
      ? readonly string[]
      : string;

/** Values of one row, every field present; `null` means not known. */
export type Values<E extends EntityName> = {
  readonly [F in FieldName<E>]: (typeof entities)[E]['fields'][F] extends { readonly type: infer T extends FieldType }
    ? ValueOf<T> | null
    : never;
};

/** The spec of a field, or undefined for a field this build does not know (a newer device's, perhaps). */
export function fieldSpec(entity: EntityName, name: string): FieldSpec | undefined {
  const fields: Readonly<Record<string, FieldSpec>> = entities[entity].fields;
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

export const fieldNames = (entity: EntityName): readonly string[] => Object.keys(entities[entity].fields);

export const isEntityName = (name: string): name is EntityName => Object.hasOwn(entities, name);

/**
 * Version of the synced schema: raised whenever an entity or a field is added. The gateway serves the last three.
 */
export const schemaVersion = 1;
