import type { VisitKind } from '../../shared/contract/views.ts';
import * as changes from './changes.ts';
import type { ChangeKind } from './changes.ts';
import type { WantedHousehold } from './community.ts';

/** A household that is on somebody's list today, and why. */
export interface StoryHousehold extends WantedHousehold {
  /** Index into the story's workers, with the kind of visit each makes. */
  readonly visits: readonly { readonly worker: 0 | 1 | 2; readonly kind: VisitKind }[];
  readonly changes: readonly ChangeKind[];
}

/**
 * Today in the first community: six households for each of three workers. The first is on two lists, 李敏's and 张伟's;
 * its householder's income is what the two will disagree about.
 */
export const story: readonly StoryHousehold[] = [
  {
    kind: 'three-generations',
    size: 4,
    visits: [
      { worker: 0, kind: 'after-change' },
      { worker: 1, kind: 'ad-hoc' },
    ],
    changes: [changes.income(485_000), changes.selfPaid(28_110), changes.phone, changes.pension],
  },

  {
    kind: 'elder-alone',
    size: 1,
    visits: [{ worker: 0, kind: 'elder' }],
    changes: [changes.chronic, changes.pension, changes.phone],
  },
  {
    kind: 'single-parent',
    size: 2,
    relief: 'minimum',
    visits: [{ worker: 0, kind: 'relief' }],
    changes: [changes.income(210_000), changes.selfPaid(16_000), changes.insurance],
  },
  {
    kind: 'skipped-generation',
    size: 2,
    visits: [{ worker: 0, kind: 'child' }],
    changes: [changes.residence, changes.chronic, changes.selfPaid(6000)],
  },
  {
    kind: 'couple',
    size: 2,
    severe: true,
    visits: [{ worker: 0, kind: 'disabled' }],
    changes: [changes.disability, changes.selfPaid(22_000), changes.phone],
  },
  {
    kind: 'rented-family',
    size: 3,
    visits: [{ worker: 0, kind: 'new-arrival' }],
    changes: [changes.residence, changes.workplace, changes.birth, changes.phone],
  },

  {
    kind: 'elder-couple',
    size: 2,
    visits: [{ worker: 1, kind: 'elder' }],
    changes: [changes.chronic, changes.pension, changes.selfPaid(12_000)],
  },
  {
    kind: 'elder-alone',
    size: 1,
    relief: 'minimum',
    visits: [{ worker: 1, kind: 'relief' }],
    changes: [changes.selfPaid(18_000), changes.disability, changes.pension],
  },
  {
    kind: 'single-parent',
    size: 2,
    visits: [{ worker: 1, kind: 'child' }],
    changes: [changes.unemployment, changes.move, changes.selfPaid(7000), changes.insurance],
  },
  {
    kind: 'single',
    size: 1,
    severe: true,
    visits: [{ worker: 1, kind: 'disabled' }],
    changes: [changes.disability, changes.selfPaid(15_000), changes.phone],
  },
  {
    kind: 'rented-pair',
    size: 2,
    visits: [{ worker: 1, kind: 'new-arrival' }],
    changes: [changes.residence, changes.workplace, changes.phone],
  },

  {
    kind: 'elder-alone',
    size: 1,
    visits: [{ worker: 2, kind: 'elder' }],
    changes: [changes.chronic, changes.pension, changes.selfPaid(9000)],
  },
  {
    kind: 'couple-child',
    size: 3,
    relief: 'edge',
    visits: [{ worker: 2, kind: 'relief' }],
    changes: [changes.income(180_000), changes.selfPaid(24_000), changes.insurance],
  },
  {
    kind: 'skipped-generation',
    size: 2,
    visits: [{ worker: 2, kind: 'child' }],
    changes: [changes.move, changes.chronic, changes.selfPaid(5000)],
  },
  {
    kind: 'elder-couple',
    size: 2,
    severe: true,
    visits: [{ worker: 2, kind: 'disabled' }],
    changes: [changes.disability, changes.chronic, changes.pension],
  },
  {
    kind: 'rented-single',
    size: 1,
    visits: [{ worker: 2, kind: 'new-arrival' }],
    changes: [changes.residence, changes.workplace, changes.phone],
  },
  // Somebody of this household has died: the one change today that no batch may confirm.
  {
    kind: 'couple-elder',
    size: 3,
    visits: [{ worker: 2, kind: 'after-change' }],
    changes: [changes.chronic, changes.phone, changes.selfPaid(9000)],
  },
];
