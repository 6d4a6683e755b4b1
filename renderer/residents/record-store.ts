import { defineStore } from 'pinia';
import type { CallInput, CallOutput } from '../../shared/contract/calls.ts';
import { useClient } from '../app/client.ts';

/** Commands about one field of a person or a household; both pages use them. */
export const useRecordStore = defineStore('record', () => {
  const client = useClient();

  const edit = (input: CallInput<'fields.edit'>): Promise<CallOutput<'fields.edit'>> =>
    client.call('fields.edit', input);

  const report = (input: CallInput<'fields.report'>): Promise<CallOutput<'fields.report'>> =>
    client.call('fields.report', input);

  const unmask = (input: CallInput<'fields.unmask'>): Promise<CallOutput<'fields.unmask'>> =>
    client.call('fields.unmask', input);

  return { edit, report, unmask };
});
