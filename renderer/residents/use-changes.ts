import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { ProposalView } from '../../shared/contract/views.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { Problem } from '../components/problem.ts';
import { useFormat } from '../components/use-format.ts';
import { useNotices } from '../components/use-notices.ts';
import { useResidentStore } from './resident-store.ts';

/**
 * How the worker verified changes away from the door. What needs a visit or a document is confirmed by a document here.
 */
export type VerifiedBy = 'phone' | 'document';

/** Deciding what departments report, on a person's page: one tap, with undo. */
export function useChanges() {
  const { t } = useI18n();
  const store = useResidentStore();
  const format = useFormat();
  const notices = useNotices();
  const how = ref<VerifiedBy>('phone');
  const busy = ref(false);
  /** The change being corrected or disputed. */
  const correcting = ref<ProposalView | null>(null);
  const problem = ref<Problem | null>(null);

  const name = (proposal: ProposalView): string => format.label(proposal.subject.entity, proposal.field);

  async function run(work: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await work();
    } catch (error) {
      notices.failed(error);
    } finally {
      busy.value = false;
    }
  }

  const takeBack = (proposal: ProposalView) => async (): Promise<void> => {
    const result = await store.undo(proposal.id);
    if (!result.ok) notices.refused(result.failure);
  };

  const confirm = (proposal: ProposalView): Promise<void> =>
    run(async () => {
      const result = await store.confirm([proposal.id], proposal.grade === 'R' ? 'document' : how.value);
      if (!result.ok) {
        notices.refused(result.failure);
        return;
      }
      const refused = result.value.refused[0];
      if (refused !== undefined) {
        notices.refused({ code: refused.code, next: 'reload' });
        return;
      }
      notices.offerUndo(() => t('residents.confirmedNow', { field: name(proposal) }), takeBack(proposal));
    });

  const later = (proposal: ProposalView): Promise<void> =>
    run(async () => {
      const result = await store.later(proposal.id);
      if (!result.ok) {
        notices.refused(result.failure);
        return;
      }
      notices.say(() => t('residents.laterNow', { field: name(proposal) }));
    });

  const undo = (proposal: ProposalView): Promise<void> => run(takeBack(proposal));

  const correct = (proposal: ProposalView, value: FieldValue, by: VerifiedBy): Promise<void> =>
    run(async () => {
      problem.value = null;
      const result = await store.correct({ proposalId: proposal.id, value, visitId: null, how: by });
      if (!result.ok) {
        problem.value = result.failure;
        return;
      }
      correcting.value = null;
      notices.offerUndo(() => t('residents.correctedNow', { field: name(proposal) }), takeBack(proposal));
    });

  const dispute = (proposal: ProposalView, reason: string): Promise<void> =>
    run(async () => {
      problem.value = null;
      const result = await store.dispute(proposal.id, reason);
      if (!result.ok) {
        problem.value = result.failure;
        return;
      }
      correcting.value = null;
      notices.offerUndo(() => t('residents.disputedNow', { field: name(proposal) }), takeBack(proposal));
    });

  function startCorrecting(proposal: ProposalView): void {
    problem.value = null;
    correcting.value = proposal;
  }
  function stopCorrecting(): void {
    correcting.value = null;
  }

  return { how, busy, problem, correcting, confirm, later, undo, correct, dispute, startCorrecting, stopCorrecting };
}
