import { computed, onScopeDispose, reactive, ref, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { CallInput } from '../../shared/contract/calls.ts';
import type { FieldView } from '../../shared/contract/views.ts';
import { fieldRoles } from '../../shared/domain/roles.ts';
import type { Source } from '../../shared/domain/sources.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import { useVaultStore } from '../app/vault-store.ts';
import type { Problem } from '../components/problem.ts';
import { useNotices } from '../components/use-notices.ts';
import { useRecordStore } from './record-store.ts';

export type RecordEntity = CallInput<'fields.edit'>['entity'];

/** What the worker is about to do with one field. */
export interface RecordTask {
  readonly kind: 'edit' | 'report' | 'unmask';
  readonly view: FieldView;
}

/** A masked value shown for a while. */
export interface Revealed {
  readonly value: FieldValue;
  /** Whole seconds until it hides again. */
  readonly secondsLeft: number;
}

/** Seconds that an unmasked value stays on screen. */
export const revealSeconds = 30;

/** The sources a worker can name for what he writes down himself. */
export const ownSources = [
  'visit',
  'phone-call',
  'document',
  'self-report',
  'hearsay',
] as const satisfies readonly Source[];
export type OwnSource = (typeof ownSources)[number];

/**
 * Everything a page does with single fields: showing masked ones, writing down what the worker learnt, and reporting a
 * difference to the department that owns the field.
 */
export function useRecord(entity: RecordEntity, rowId: ComputedRef<string>) {
  const { t } = useI18n();
  const store = useRecordStore();
  const vault = useVaultStore();
  const notices = useNotices();
  const task = ref<RecordTask | null>(null);
  const busy = ref(false);
  const problem = ref<Problem | null>(null);
  const revealed = reactive(new Map<string, Revealed>());

  const mayWrite = computed(() => fieldRoles.some((role) => role === vault.person?.role));

  const clock = setInterval(() => {
    for (const [field, shown] of revealed) {
      if (shown.secondsLeft <= 1) revealed.delete(field);
      else revealed.set(field, { ...shown, secondsLeft: shown.secondsLeft - 1 });
    }
  }, 1000);
  onScopeDispose(() => {
    clearInterval(clock);
    revealed.clear();
  });

  function start(kind: RecordTask['kind'], view: FieldView): void {
    problem.value = null;
    task.value = { kind, view };
  }
  function stop(): void {
    task.value = null;
  }
  const hide = (field: string): boolean => revealed.delete(field);

  type Answer<T> = { ok: true; value: T } | { ok: false; failure: Problem };
  /** Runs one command; a refusal stays in the dialog, so that nothing typed is lost. */
  async function run<T>(work: () => Promise<Answer<T>>): Promise<T | undefined> {
    busy.value = true;
    problem.value = null;
    try {
      const result = await work();
      if (result.ok) {
        task.value = null;
        return result.value;
      }
      problem.value = result.failure;
    } catch (error) {
      notices.failed(error);
    } finally {
      busy.value = false;
    }
    return undefined;
  }

  async function unmask(field: string, reason: string): Promise<void> {
    const shown = await run(() => store.unmask({ entity, rowId: rowId.value, field, reason }));
    if (shown !== undefined) revealed.set(field, { value: shown.value, secondsLeft: revealSeconds });
  }
  async function edit(field: string, value: FieldValue, source: OwnSource): Promise<void> {
    const done = await run(() =>
      store.edit({ entity, rowId: rowId.value, fields: { [field]: value }, source, visitId: null }),
    );
    if (done === undefined) return;
    revealed.delete(field);
    notices.say(() => t('residents.kept', { n: done.waiting }));
  }
  async function report(field: string, value: FieldValue, reason: string): Promise<void> {
    const done = await run(() => store.report({ entity, rowId: rowId.value, field, value, reason }));
    if (done !== undefined) notices.say(() => t('residents.reported', { n: done.waiting }));
  }

  return { task, busy, problem, revealed, mayWrite, start, stop, hide, unmask, edit, report };
}

export type RecordActions = ReturnType<typeof useRecord>;
