import type { FieldName } from '../../shared/domain/entities.ts';
import type { Source } from '../../shared/domain/sources.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import { parseCitizenId } from '../../shared/idcard/citizen-id.ts';
import { isLostNumber, readDate, readFen, readMonth, readText, type Cell } from './cells.ts';
import type { Column, ColumnMap } from './columns.ts';
import { yuan } from './money.ts';
import type { ReasonCode, RowReason } from './reasons.ts';
import { disabilityCategories, disabilityGrades, insuranceKinds, maritalKinds, moveKinds, wordCode } from './words.ts';

export const feedKinds = [
  'settlements',
  'deaths',
  'births',
  'moves',
  'income',
  'insurance',
  'disability',
  'pension',
  'marital',
] as const;
export type FeedKind = (typeof feedKinds)[number];

/** What a row says about one field of a person or of the household the person lives in. */
export interface Claim {
  readonly on: 'resident' | 'household';
  readonly field: FieldName<'resident'> | FieldName<'household'>;
  readonly value: FieldValue;
  /** The value is a line to add to a list, not the whole value. */
  readonly adds?: boolean;
  readonly source: Source;
  readonly observedOn: string;
  readonly evidence: string;
}

/** A medical bill; it becomes part of a sum before it becomes a claim. */
export interface Bill {
  readonly on: string;
  readonly institution: string;
  readonly serial: string;
  readonly totalFen: number;
  readonly selfPaidFen: number;
}

/** A row that holds: about whom, and what. */
export interface Finding {
  /** 18 characters. */
  readonly idNo: string;
  readonly name: string | null;
  readonly claims: readonly Claim[];
  readonly bill: Bill | null;
}

export interface RowRules {
  readonly today: string;
  readonly demonstration: boolean;
  /** Source the operator named, or null for the kind's own. */
  readonly source: Source | null;
}

/** Reads cells of one row by meaning and remembers everything wrong with it, so that a row is mended in one go. */
class RowReader {
  readonly reasons: RowReason[] = [];
  private readonly cells: readonly string[];
  private readonly columns: ColumnMap;
  private readonly rules: RowRules;

  constructor(cells: readonly string[], columns: ColumnMap, rules: RowRules) {
    this.cells = cells;
    this.columns = columns;
    this.rules = rules;
  }

  raw(column: Column): string {
    const found = this.columns.get(column);
    return found === undefined ? '' : (this.cells[found.index] ?? '');
  }

  refuse(code: ReasonCode, column: Column): void {
    const title = this.columns.get(column)?.title;
    this.reasons.push(title === undefined ? { code } : { code, column: title });
  }

  text(column: Column): string | null {
    return readText(this.raw(column));
  }

  needText(column: Column, code: ReasonCode): string {
    const value = this.text(column);
    if (value === null) this.refuse(code, column);
    return value ?? '';
  }

  idNumber(column: Column): string {
    const raw = this.raw(column);
    if (readText(raw) === null) this.refuse('id.missing', column);
    else if (isLostNumber(raw)) this.refuse('id.precision-lost', column);
    else {
      const parsed = parseCitizenId(raw, { ...this.rules, prefixes: new Set() });
      if (parsed.ok) return parsed.value.number;
      this.refuse(parsed.failure.code, column);
    }
    return '';
  }

  date(column: Column, read: (text: string) => Cell<string> = readDate): string {
    const cell = read(this.raw(column));
    if ('reason' in cell) this.refuse(cell.reason, column);
    // A month that runs is observed today, not at its end.
    else if (
      read === readMonth &&
      cell.value > this.rules.today &&
      cell.value.slice(0, 7) === this.rules.today.slice(0, 7)
    )
      return this.rules.today;
    else if (cell.value > this.rules.today) this.refuse('date.future', column);
    else return cell.value;
    return '';
  }

  /** Day from a column that need not be there; today where it is not. */
  dateOrToday(column: Column, read: (text: string) => Cell<string> = readDate): string {
    return this.columns.has(column) && readText(this.raw(column)) !== null ? this.date(column, read) : this.rules.today;
  }

  fen(column: Column): number {
    const cell = readFen(this.raw(column), this.columns.get(column)?.unitFen ?? 100);
    if ('value' in cell) return cell.value;
    this.refuse(cell.reason, column);
    return 0;
  }

  /** Money from a column that need not be there; a word in it is wrong all the same. */
  fenOrNull(column: Column): number | null {
    return this.columns.has(column) && readText(this.raw(column)) !== null ? this.fen(column) : null;
  }

  code(column: Column, words: Parameters<typeof wordCode>[1]): string {
    const text = this.needText(column, 'value.missing');
    if (text === '') return '';
    const code = wordCode(text, words);
    if (code === null) this.refuse('value.unknown', column);
    return code ?? '';
  }
}

interface KindSpec {
  /** The department whose feed it is, unless the operator says otherwise. */
  readonly source: Source;
  /** Columns without which the file is not of this kind. */
  readonly required: readonly Column[];
  readonly read: (row: RowReader, source: Source) => Finding;
}

const person = (row: RowReader): { idNo: string; name: string | null; bill: null } => ({
  idNo: row.idNumber('idNo'),
  name: row.text('name'),
  bill: null,
});

const optional = (label: string, value: string | null): string => (value === null ? '' : `${label}${value}`);

/** The kinds of files, as data: what they need, and what a row of them says. */
export const kinds: Readonly<Record<FeedKind, KindSpec>> = {
  settlements: {
    source: 'medical-insurance',
    required: ['idNo', 'settledOn', 'selfPaid'],
    read: (row) => {
      const who = person(row);
      const on = row.date('settledOn');
      const total = row.fenOrNull('total');
      const selfPaidFen = row.fen('selfPaid');
      for (const part of ['pooled', 'serious', 'relief'] as const) row.fenOrNull(part);
      if (total !== null && row.reasons.length === 0 && selfPaidFen > total)
        row.refuse('amount.exceeds-total', 'selfPaid');
      const bill = {
        on,
        institution: row.text('institution') ?? '',
        serial: row.text('settlementNo') ?? '',
        totalFen: total ?? 0,
        selfPaidFen,
      };
      return { ...who, claims: [], bill };
    },
  },
  deaths: {
    source: 'health',
    required: ['idNo', 'diedOn'],
    read: (row, source) => {
      const who = person(row);
      const observedOn = row.date('diedOn');
      const born =
        who.idNo === '' ? '' : `${who.idNo.slice(6, 10)}-${who.idNo.slice(10, 12)}-${who.idNo.slice(12, 14)}`;
      if (observedOn !== '' && observedOn < born) row.refuse('date.before-birth', 'diedOn');
      const evidence = `死亡日期${observedOn}${optional('，死亡证明编号', row.text('deathNo'))}`;
      const claim = { on: 'resident', source, observedOn, evidence } as const;
      return {
        ...who,
        claims: [
          { ...claim, field: 'living_status', value: 'deceased' },
          { ...claim, field: 'death_date', value: observedOn },
        ],
      };
    },
  },
  births: {
    source: 'health',
    required: ['motherIdNo', 'bornOn'],
    read: (row, source) => {
      const idNo = row.idNumber('motherIdNo');
      const observedOn = row.date('bornOn');
      const child = row.text('childName') ?? '（未取名）';
      const certificate = row.text('birthNo');
      const evidence = `${observedOn}出生，新生儿${child}${optional('，性别', row.text('childSex'))}${optional('，出生医学证明编号', certificate)}`;
      const value = `新生儿${child}，${observedOn}出生${optional('，出生医学证明编号', certificate)}，待落户`;
      return {
        idNo,
        name: row.text('motherName'),
        bill: null,
        claims: [{ on: 'household', field: 'notes', value, adds: true, source, observedOn, evidence }],
      };
    },
  },
  moves: {
    source: 'police',
    required: ['idNo', 'movedTo'],
    read: (row, source) => {
      const who = person(row);
      const observedOn = row.dateOrToday('movedOn');
      const address = row.needText('movedTo', 'value.missing').replace(/\s+/g, '');
      const kindText = row.text('moveKind');
      const status = kindText === null ? '' : row.code('moveKind', moveKinds);
      const evidence = `${observedOn}户口迁移${kindText === null ? '' : `（${kindText}）`}，迁入地址${address}`;
      const claim = { on: 'resident', source, observedOn, evidence } as const;
      const moved: Claim = { ...claim, field: 'registered_address', value: address };
      // Within the district nothing is said about where somebody lives.
      return {
        ...who,
        claims:
          status === '' || status === 'within'
            ? [moved]
            : [moved, { ...claim, field: 'residence_status', value: status }],
      };
    },
  },
  income: {
    source: 'human-resources',
    required: ['idNo', 'incomeFen'],
    read: (row, source) => {
      const who = person(row);
      const value = row.fen('incomeFen');
      const observedOn = row.dateOrToday('incomeMonth', readMonth);
      const evidence = `${observedOn.slice(0, 7)}月收入${yuan(value)}元${optional('，单位', row.text('employer'))}`;
      return { ...who, claims: [{ on: 'resident', field: 'monthly_income_fen', value, source, observedOn, evidence }] };
    },
  },
  insurance: {
    source: 'medical-insurance',
    required: ['idNo', 'insurance'],
    read: (row, source) => {
      const who = person(row);
      const value = row.code('insurance', insuranceKinds);
      const observedOn = row.dateOrToday('insuredOn');
      const evidence = `${observedOn}参保状态：${row.text('insurance') ?? ''}`;
      return { ...who, claims: [{ on: 'resident', field: 'medical_insurance', value, source, observedOn, evidence }] };
    },
  },
  disability: {
    source: 'disabled-federation',
    required: ['idNo', 'disabilityCategory', 'disabilityGrade'],
    read: (row, source) => {
      const who = person(row);
      const category = row.code('disabilityCategory', disabilityCategories);
      const grade = row.code('disabilityGrade', disabilityGrades);
      const observedOn = row.dateOrToday('certifiedOn');
      const evidence = `${observedOn}残疾人证：${row.text('disabilityCategory') ?? ''}${row.text('disabilityGrade') ?? ''}`;
      const claim = { on: 'resident', source, observedOn, evidence } as const;
      return {
        ...who,
        claims: [
          { ...claim, field: 'disability_category', value: category },
          { ...claim, field: 'disability_grade', value: grade },
        ],
      };
    },
  },
  pension: {
    source: 'human-resources',
    required: ['idNo', 'pension'],
    read: (row, source) => {
      const who = person(row);
      const value = row.fen('pension');
      const observedOn = row.dateOrToday('pensionMonth', readMonth);
      const evidence = `${observedOn.slice(0, 7)}养老金月发放${yuan(value)}元`;
      return { ...who, claims: [{ on: 'resident', field: 'pension_fen', value, source, observedOn, evidence }] };
    },
  },
  marital: {
    source: 'civil-affairs',
    required: ['idNo', 'marital'],
    read: (row, source) => {
      const who = person(row);
      const value = row.code('marital', maritalKinds);
      const observedOn = row.dateOrToday('registeredOn');
      const evidence = `${observedOn}婚姻登记：${row.text('marital') ?? ''}`;
      return { ...who, claims: [{ on: 'resident', field: 'marital_status', value, source, observedOn, evidence }] };
    },
  },
};

/** The kinds whose columns a header has, most telling first. */
export const kindsOf = (columns: ColumnMap): FeedKind[] =>
  feedKinds.filter((kind) => kinds[kind].required.every((column) => columns.has(column)));

/** Reads one row of a kind: what it says, or everything that is wrong with it. */
export function readRow(
  kind: FeedKind,
  cells: readonly string[],
  columns: ColumnMap,
  rules: RowRules,
): { readonly finding: Finding } | { readonly reasons: readonly RowReason[] } {
  const row = new RowReader(cells, columns, rules);
  const spec = kinds[kind];
  const finding = spec.read(row, rules.source ?? spec.source);
  return row.reasons.length === 0 ? { finding } : { reasons: row.reasons };
}
