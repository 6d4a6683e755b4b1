import type { CentralRow } from '../../shared/sync/judge.ts';
import type { Database } from '../store/database.ts';
import { addSettlements, selfPaidOf, type Settlement } from '../store/feeds.ts';
import { keyText, readRows, residentsByIdNo } from '../store/records.ts';
import { yearBefore } from './civil-day.ts';
import type { Claim, Finding } from './kinds.ts';
import { yuan } from './money.ts';
import { proposeAll, type Candidate, type ImportScope, type ProposeCounts } from './propose.ts';
import type { RowReason } from './reasons.ts';
import type { TableRow } from './table.ts';

/** A row that holds in itself; whether it fits what is known shows here. */
export interface ReadyRow {
  readonly row: TableRow;
  readonly finding: Finding;
}

export interface BatchOutcome {
  readonly counts: ProposeCounts;
  readonly rejected: readonly { readonly row: TableRow; readonly reasons: readonly RowReason[] }[];
  /** ID numbers of people who are not in the county. */
  readonly unknown: readonly string[];
  /** Residents whose settlements came. */
  readonly touched: readonly string[];
}

/** Names compare without spaces and middle dots, which every office sets in its own way. */
const plainName = (name: string): string => name.replace(/[\s·•‧・．.]/g, '');

/** Matches rows to residents and proposes what they say; one transaction, run again as a whole when it loses a race. */
export function applyBatch(database: Database, scope: ImportScope, batch: readonly ReadyRow[]): Promise<BatchOutcome> {
  return database.write(async (transaction) => {
    const found = await residentsByIdNo(transaction, scope.county, [
      ...new Set(batch.map(({ finding }) => finding.idNo)),
    ]);
    // Of two rows for one person the first stands for both until somebody merges them.
    const ids = new Map(
      [...found].flatMap(([idNo, rows]) => (rows[0] === undefined ? [] : [[idNo, rows[0].id] as const])),
    );
    const residents = await readRows(
      transaction,
      scope.county,
      [...ids.values()].map((id) => ({ entity: 'resident', id })),
    );
    const rejected: { row: TableRow; reasons: readonly RowReason[] }[] = [];
    const unknown = new Set<string>();
    const touched = new Set<string>();
    const settlements: Settlement[] = [];
    const candidates: Candidate[] = [];
    const rowOf = new Map<Candidate, TableRow>();
    for (const { row, finding } of batch) {
      const resident = residents.get(keyText({ entity: 'resident', id: ids.get(finding.idNo) ?? '' }));
      if (resident === undefined) {
        unknown.add(finding.idNo);
        continue;
      }
      if (!isNamed(resident, finding.name)) {
        rejected.push({ row, reasons: [{ code: 'name.differs' }] });
        continue;
      }
      if (finding.bill !== null) {
        settlements.push({ resident: resident.id, ...finding.bill });
        touched.add(resident.id);
      }
      for (const claim of finding.claims) {
        const candidate: Candidate = { resident, claim, line: row.line };
        rowOf.set(candidate, row);
        candidates.push(candidate);
      }
    }
    await addSettlements(transaction, scope.county, settlements);
    const counts = await proposeAll(transaction, scope, candidates, (candidate) => {
      const row = rowOf.get(candidate);
      if (row !== undefined) rejected.push({ row, reasons: [{ code: 'household.unknown' }] });
    });
    return { counts, rejected, unknown: [...unknown], touched: [...touched] };
  });
}

/** A number with another name beside it may be somebody else's: nobody is charged with a stranger's bill. */
function isNamed(resident: CentralRow, name: string | null): boolean {
  const known = resident.values['name'];
  return name === null || typeof known !== 'string' || plainName(known) === plainName(name);
}

/** Proposes what residents paid themselves in the twelve months that end today, over all settlements ever imported. */
export function applySums(
  database: Database,
  scope: ImportScope,
  residentIds: readonly string[],
): Promise<ProposeCounts> {
  return database.write(async (transaction) => {
    const sums = await selfPaidOf(transaction, scope.county, residentIds, yearBefore(scope.today), scope.today);
    const residents = await readRows(
      transaction,
      scope.county,
      sums.map(({ resident }) => ({ entity: 'resident', id: resident })),
    );
    const candidates = sums.flatMap((sum): Candidate[] => {
      const resident = residents.get(keyText({ entity: 'resident', id: sum.resident }));
      if (resident === undefined || resident.deleted) return [];
      const claim: Claim = {
        on: 'resident',
        field: 'medical_self_paid_fen',
        value: sum.fen,
        source: 'medical-insurance',
        observedOn: sum.lastOn,
        evidence: `近12个月结算${String(sum.count)}笔（${sum.firstOn}至${sum.lastOn}），个人自付合计${yuan(sum.fen)}元，最近一笔${sum.lastOn}${sum.lastAt}`,
      };
      return [{ resident, claim, line: 0 }];
    });
    return proposeAll(transaction, scope, candidates, () => undefined);
  });
}

/** Settlements from this day back are in no sum any more: two years, so that a late file still finds its neighbours. */
export const forgetUntil = (today: string): string => yearBefore(yearBefore(today));
