import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CallOutput } from '../../shared/contract/calls.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

export type DeviceFacts = CallOutput<'device.describe'>;
export type AuditEntry = CallOutput<'audit.list'>[number];

/** Newest entries shown; the whole log stays in the file. */
export const auditLimit = 500;

/** Facts about this device, its audit log, and the worker's password. */
export const useDeviceStore = defineStore('device', () => {
  const client = useClient();
  const facts = ref<DeviceFacts | null>(null);
  const factsProblem = ref<Problem | null>(null);
  const audit = ref<readonly AuditEntry[] | null>(null);
  const auditProblem = ref<Problem | null>(null);

  async function describe(): Promise<void> {
    try {
      facts.value = await client.call('device.describe', {});
      factsProblem.value = null;
    } catch (error) {
      factsProblem.value = problemOf(error);
    }
  }

  async function listAudit(): Promise<void> {
    try {
      audit.value = await client.call('audit.list', { limit: auditLimit });
      auditProblem.value = null;
    } catch (error) {
      auditProblem.value = problemOf(error);
    }
  }

  const changePassword = (old: string, next: string): Promise<CallOutput<'vault.changePassword'>> =>
    client.call('vault.changePassword', { old, new: next });

  return { facts, factsProblem, audit, auditProblem, describe, listAudit, changePassword };
});
