import type { Spread } from './measure.ts';

export type Unit = 'ms' | 's' | 'rows/s' | 'edits/s' | 'MB' | 'bytes';

/** One line of the results. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly product: Spread;
  /** The bare cost of the same work in the same run. */
  readonly raw: (Spread & { readonly what: string }) | null;
  /** How many times the bare cost the product takes (for rates the other way round): above 1 is slower than bare. */
  readonly ratio: number | null;
  readonly budget: Budget | null;
  readonly pass: boolean | null;
  /** Parts of the figure, such as the memory of each process. */
  readonly parts: Readonly<Record<string, number>>;
}

/** What the figure may come to. `p50` for what is measured a few times only. */
export interface Budget {
  readonly of: 'p50' | 'p95';
  readonly limit: number;
}

const isRate = (unit: Unit): boolean => unit.endsWith('/s');

/** Puts a figure together: ratio by medians, pass mark by its budget. */
export function figure(
  id: string,
  title: string,
  unit: Unit,
  product: Spread,
  more: {
    readonly raw?: readonly [what: string, spread: Spread];
    readonly budget?: Budget;
    readonly parts?: Readonly<Record<string, number>>;
  } = {},
): Figure {
  const { raw, budget, parts = {} } = more;
  const [top, bottom] =
    raw === undefined ? [0, 0] : isRate(unit) ? [raw[1].p50, product.p50] : [product.p50, raw[1].p50];
  return {
    id,
    title,
    unit,
    product,
    raw: raw === undefined ? null : { ...raw[1], what: raw[0] },
    ratio: bottom > 0 ? top / bottom : null,
    budget: budget ?? null,
    pass:
      budget === undefined
        ? null
        : isRate(unit)
          ? product[budget.of] >= budget.limit
          : product[budget.of] <= budget.limit,
    parts,
  };
}
