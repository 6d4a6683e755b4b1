import { onBeforeUnmount, onMounted, ref } from 'vue';
import { keyName, mayRun, type Place } from './hotkeys.ts';

/** Dialogs open now; the page's hotkeys rest while there is one. `AppDialog` counts. */
export const openDialogs = ref(0);

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.isContentEditable || target.matches('textarea, select')) return 'typing';
  if (target.matches('input')) return target.matches('[type=radio], [type=checkbox]') ? 'control' : 'typing';
  return target.matches('button, a, summary, [role=button], [role=option], [role=radio]') ? 'control' : 'page';
}

export interface HotkeyOptions {
  /** Listens inside a dialog instead of on the page behind it. */
  inDialog?: boolean;
  /** Asked at each press. */
  active?: () => boolean;
}

/**
 * Runs actions by keys while the component is mounted: `useHotkeys({ '1': confirm, 'Ctrl+Enter': confirmAll })`.
 * Keys that belong to a text field or an input method are left alone.
 */
export function useHotkeys(keys: Readonly<Record<string, () => unknown>>, options: HotkeyOptions = {}): void {
  function listen(event: KeyboardEvent): void {
    if (event.defaultPrevented || openDialogs.value > 0 !== (options.inDialog ?? false)) return;
    if (options.active?.() === false) return;
    const name = keyName(event);
    const action = keys[name];
    if (action === undefined || !mayRun(name, event, placeOf(event.target), options.inDialog)) return;
    event.preventDefault();
    action();
  }
  onMounted(() => window.addEventListener('keydown', listen));
  onBeforeUnmount(() => window.removeEventListener('keydown', listen));
}
