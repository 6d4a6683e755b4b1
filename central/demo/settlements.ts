import type { FieldValue } from '../../shared/domain/values.ts';
import type { Settlement } from '../store/feeds.ts';
import { addDays } from './calendar.ts';
import type { Random } from './random.ts';
import type { DemoRow } from './rows.ts';

const institutions = ['镇海龙赛医院', '镇海人民医院', '江北二院', '骆驼卫生院', '招宝山街道卫生服务中心'];

const fen = (value: FieldValue | readonly string[] | undefined): number => (typeof value === 'number' ? value : 0);
const jsonFen = (value: FieldValue | readonly string[] | undefined): number =>
  fen(typeof value === 'string' ? (JSON.parse(value) as FieldValue) : null);

/** A bill of which about two fifths were paid by the person. */
const bill = (random: Random, resident: string, on: string, selfPaidFen: number): Settlement => ({
  resident,
  on,
  institution: random.pick(institutions),
  serial: '',
  totalFen: Math.round(selfPaidFen * (2 + random.next())),
  selfPaidFen,
});

/**
 * The bills behind what people are known to have paid themselves, and behind the sums that wait to be confirmed, so that the
 * next file from the medical insurance adds to them.
 */
export function drawSettlements(random: Random, rows: readonly DemoRow[], today: string): Settlement[] {
  const settlements: Settlement[] = [];
  for (const { entity, id, values } of rows) {
    const known: Readonly<Record<string, FieldValue | readonly string[]>> = values;
    if (entity === 'resident') {
      const total = fen(known['medical_self_paid_fen']);
      const parts = total === 0 ? 0 : total < 50_000 ? 1 : random.between(1, 3);
      for (let part = 0; part < parts; part += 1) {
        const share = part === parts - 1 ? total - Math.floor(total / parts) * (parts - 1) : Math.floor(total / parts);
        settlements.push(bill(random, id, addDays(today, -(30 + part * 100 + random.between(0, 90))), share));
      }
    }
    if (entity === 'proposal' && known['field'] === 'medical_self_paid_fen') {
      const more = jsonFen(known['new_value']) - jsonFen(known['old_value']);
      settlements.push(bill(random, String(known['subject_id']), String(known['observed_on']), more));
    }
  }
  return settlements;
}
