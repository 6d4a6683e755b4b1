import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { ResidentLine } from '../../../shared/contract/views.ts';
import { ageIfKnown } from '../../../shared/domain/age.ts';
import { placeText } from '../../../shared/domain/place.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Context } from '../commands/writing.ts';
import { householdOf } from '../store/households.ts';
import { proposalsAbout } from '../store/proposals.ts';
import { residentsAmong, residentWindow, type ListWish } from '../store/resident-order.ts';
import { findResident, linesByNumber, type ResidentLineRow } from '../store/residents.ts';
import { findResidents } from '../store/search-index.ts';
import { placeOfHousehold } from '../store/addresses.ts';
import { openConflictsOf } from './conflicts.ts';
import { fieldViews } from './field-views.ts';
import { historyLines } from './history.ts';
import { shown } from './masking.ts';
import { proposalView } from './proposals.ts';

/** Search hits that a filtered list looks through; whoever types three characters has fewer. */
const mostFound = 5000;

const maskedText = (field: 'id_no' | 'phone', value: string | null): string | null => {
  const text = shown('resident', field, value);
  return typeof text === 'string' ? text : null;
};

const isDeceased = (livingStatus: string | null): boolean => livingStatus === 'deceased';

/** A line of a list, masked. */
export function residentLine(row: ResidentLineRow, today: string): ResidentLine {
  return {
    id: row.id,
    name: row.name ?? '',
    sex: row.sex,
    age: ageIfKnown(row.birth_date, today),
    idMasked: maskedText('id_no', row.id_no),
    phoneMasked: maskedText('phone', row.phone),
    placeText: placeText(row),
    householdId: row.household_id,
    relation: row.relation,
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
    deceased: isDeceased(row.living_status),
    proposals: row.proposals,
  };
}

function list(context: Context, input: ParsedInput<'residents.list'>): CallOutput<'residents.list'> {
  const today = context.today();
  const wish: ListWish = { filter: input.filter, order: input.order, area: input.area, today };
  const { offset, limit } = input;
  let total: number;
  let numbers: readonly number[];
  if (input.text.trim() === '') {
    const window = residentWindow(context.reader, wish, offset, limit);
    total = window.total;
    numbers = window.rows;
  } else {
    const found = residentsAmong(context.reader, wish, findResidents(context.reader, input.text, mostFound));
    total = found.length;
    numbers = found.slice(offset, offset + limit);
  }
  return { total, rows: linesByNumber(context.reader, numbers, today).map((row) => residentLine(row, today)) };
}

function open(context: Context, input: ParsedInput<'residents.open'>): CallOutput<'residents.open'> {
  const { reader } = context;
  const resident = findResident(reader, input.residentId);
  if (resident === undefined) return fail('resident.unknown', 'reload');
  const today = context.today();
  const home = householdOf(reader, resident.id, today);
  return ok({
    id: resident.id,
    area: resident.area,
    name: resident.values.name ?? '',
    age: ageIfKnown(resident.values.birth_date, today),
    deceased: isDeceased(resident.values.living_status),
    household:
      home === undefined
        ? null
        : {
            id: home.householdId,
            placeText: placeText(placeOfHousehold(reader, home.householdId)),
            relation: home.relation,
          },
    fields: fieldViews(context, resident),
    proposals: proposalsAbout(reader, 'resident', resident.id).map((row) => proposalView(context, row)),
    conflicts: openConflictsOf(context, 'resident', resident.id),
    history: historyLines(context, 'resident', resident.id, null, 100),
  });
}

export const residentQueries = { 'residents.list': list, 'residents.open': open };
