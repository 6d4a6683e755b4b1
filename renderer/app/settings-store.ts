import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Settings } from '../../shared/contract/calls.ts';
import { useClient } from './client.ts';
import { i18n } from './i18n.ts';

/** Language, text size and the like; shown at once, kept by the service. */
export const useSettingsStore = defineStore('settings', () => {
  const client = useClient();
  const settings = ref<Settings | null>(null);

  function show(next: Settings): void {
    settings.value = next;
    i18n.global.locale.value = next.locale;
    document.documentElement.lang = next.locale;
    // All sizes of text are in rem, so this scales every one; icons are in pixels and follow by a variable.
    const { style } = document.documentElement;
    style.fontSize = `${next.textScale}%`;
    style.setProperty('--text-zoom', String(next.textScale / 100));
  }
  async function refresh(): Promise<void> {
    show(await client.call('settings.read', {}));
  }
  async function change(part: Partial<Settings>): Promise<void> {
    show(await client.call('settings.change', part));
  }

  return { settings, refresh, change };
});
