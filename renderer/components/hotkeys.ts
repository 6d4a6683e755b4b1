/** The parts of a keyboard event that decide what it means. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly repeat: boolean;
}

/**
 * Name of a key press as hotkey maps write it: `1`, `Enter`, `Ctrl+Enter`, `Ctrl+K`, `Escape`, `ArrowDown`.
 * Command counts as Ctrl on a Mac. Shift is named only with keys that do not change under it.
 */
export function keyName(press: KeyPress): string {
  const key = press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const shift = press.shiftKey && press.key.length > 1;
  return `${press.ctrlKey || press.metaKey ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Where the press went: a text field, something that Enter itself activates, or neither. */
export type Place = 'typing' | 'control' | 'page';

/**
 * Whether a press may run a hotkey, or belongs to the field or control it went to. Text being written keeps all keys but
 * Escape and finding; in a dialog, whose one purpose the text is, Ctrl+Enter closes it with the decision.
 */
export function mayRun(name: string, press: KeyPress, place: Place, inDialog = false): boolean {
  // Enter that ends an input-method composition is not Enter.
  if (press.isComposing) return false;
  if (press.repeat && !name.startsWith('Arrow')) return false;
  if (place === 'typing') return name === 'Ctrl+K' || name === 'Escape' || (inDialog && name === 'Ctrl+Enter');
  if (place === 'control') return name !== 'Enter' && name !== ' ';
  return true;
}
