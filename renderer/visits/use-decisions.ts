import { shallowRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useClient } from '../app/client.ts';
import { useFormat } from '../components/use-format.ts';
import { useNotices } from '../components/use-notices.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { ProposalView } from '../../shared/contract/views.ts';
import type { OpenVisit } from './use-visit.ts';
import { howAt } from './visit-subjects.ts';

export type How = 'seen' | 'phone' | 'document';

/** A dialog about one proposal. */
export interface Asking {
  readonly what: 'verify' | 'correct' | 'dispute';
  readonly proposal: ProposalView;
}

export interface Decisions {
  /** The proposal whose dialog is open, and which dialog. */
  readonly asking: Readonly<ShallowRef<Asking | null>>;
  /** Opens a dialog about a proposal. */
  ask(what: Asking['what'], proposal: ProposalView): void;
  /** Closes it, nothing decided. */
  dismiss(): void;
  /** One tap: confirms, or asks first how it was verified when the change is grave. */
  confirm(proposal: ProposalView): Promise<void>;
  confirmAs(proposal: ProposalView, how: How): Promise<void>;
  /** All of these but the grave ones, which are looked at one by one. */
  confirmAll(proposals: readonly ProposalView[]): Promise<void>;
  correct(proposal: ProposalView, value: FieldValue, how: How): Promise<void>;
  dispute(proposal: ProposalView, reason: string): Promise<void>;
  later(proposal: ProposalView): Promise<void>;
  undo(ids: readonly string[]): Promise<void>;
}

/** What a worker decides about reported changes, each with its undo. */
export function useDecisions(visitId: string, open: OpenVisit): Decisions {
  const { t } = useI18n();
  const client = useClient();
  const format = useFormat();
  const notices = useNotices();
  const asking = shallowRef<Asking | null>(null);
  const nameOf = (proposal: ProposalView): string => format.label(proposal.subject.entity, proposal.field);

  async function undo(ids: readonly string[]): Promise<void> {
    for (const proposalId of ids) await open.run(() => client.call('proposals.undo', { proposalId }));
  }
  const offer = (text: () => string, ids: readonly string[]): void => notices.offerUndo(text, () => undo(ids));

  async function confirmMany(proposals: readonly ProposalView[], how: How): Promise<void> {
    const proposalIds = proposals.map(({ id }) => id);
    const result = await open.run(() => client.call('proposals.confirm', { proposalIds, visitId, how }));
    if (result === null) return;
    const [refusal] = result.refused;
    if (refusal !== undefined) {
      notices.refused({ code: refusal.code, next: refusal.code === 'proposal.closed' ? 'reload' : 'correct' });
      return;
    }
    const [first] = proposals;
    if (first === undefined) return;
    const text = (): string =>
      proposals.length === 1
        ? t('visits.told.confirmed', { field: nameOf(first) })
        : t('visits.told.confirmed-all', { count: proposals.length });
    offer(text, result.confirmed);
  }
  const usualHow = (): How => howAt(open.visit.value?.mode ?? 'at-door');

  return {
    asking,
    ask(what, proposal) {
      asking.value = { what, proposal };
    },
    dismiss() {
      asking.value = null;
    },
    undo,
    async confirm(proposal) {
      if (proposal.grade === 'R') asking.value = { what: 'verify', proposal };
      else await confirmMany([proposal], usualHow());
    },
    async confirmAs(proposal, how) {
      asking.value = null;
      await confirmMany([proposal], how);
    },
    async confirmAll(proposals) {
      const plain = proposals.filter(({ grade }) => grade !== 'R');
      if (plain.length > 0) await confirmMany(plain, usualHow());
    },
    async correct(proposal, value, how) {
      asking.value = null;
      const input = { proposalId: proposal.id, value, visitId, how };
      const result = await open.run(() => client.call('proposals.correct', input));
      if (result !== null) offer(() => t('visits.told.corrected', { field: nameOf(proposal) }), [proposal.id]);
    },
    async dispute(proposal, reason) {
      asking.value = null;
      const input = { proposalId: proposal.id, reason, visitId };
      const result = await open.run(() => client.call('proposals.dispute', input));
      if (result !== null) offer(() => t('visits.told.disputed', { field: nameOf(proposal) }), [proposal.id]);
    },
    async later(proposal) {
      const result = await open.run(() => client.call('proposals.later', { proposalId: proposal.id }));
      if (result !== null) offer(() => t('visits.told.later', { field: nameOf(proposal) }), [proposal.id]);
    },
  };
}
