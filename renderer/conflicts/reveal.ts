import type { CallInput } from '../../shared/contract/calls.ts';
import type { ConflictLine, Truth } from '../../shared/contract/views.ts';
import { fieldSpec } from '../../shared/domain/entities.ts';
import { FieldValue } from '../../shared/domain/values.ts';

type Where = Omit<CallInput<'fields.unmask'>, 'reason'>;

/**
 * Where the whole value of a masked side can be asked for, or null where it cannot or nothing is masked. A dispute the
 * centre recorded keeps both sides; one noticed on this device shows its own side as the record's present value.
 */
export function whereWhole(line: ConflictLine, truth: Truth): Where | null {
  const { entity, id } = line.subject;
  if (line.kind !== 'field' || truth.value === null || fieldSpec(entity, line.field)?.mask === undefined) return null;
  if (line.place === 'central') return { entity: 'conflict', rowId: line.id, field: `${truth.side}_value` };
  return truth.side === 'offered' ? { entity, rowId: id, field: line.field } : null;
}

/** The value inside an answer: a recorded dispute keeps its sides as JSON text. */
export function wholeValue(where: Where, answer: FieldValue): FieldValue {
  if (where.entity !== 'conflict' || typeof answer !== 'string') return answer;
  return FieldValue.parse(JSON.parse(answer));
}
