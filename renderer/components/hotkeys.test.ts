import { expect, test } from 'vitest';
import { keyName, mayRun, type KeyPress } from './hotkeys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  repeat: false,
  ...more,
});

test.each([
  ['a letter in either case', press('k', { ctrlKey: true }), 'Ctrl+K'],
  ['Command on a Mac', press('k', { metaKey: true }), 'Ctrl+K'],
  ['a digit', press('1'), '1'],
  ['Enter with Ctrl', press('Enter', { ctrlKey: true }), 'Ctrl+Enter'],
  ['Shift with a named key', press('Enter', { shiftKey: true }), 'Shift+Enter'],
])('%s', (_edge, event, name) => expect(keyName(event)).toBe(name));

test('a key of an input method is never a hotkey', () => {
  expect(mayRun('Enter', press('Enter', { isComposing: true }), 'page')).toBe(false);
  expect(mayRun('1', press('1', { isComposing: true }), 'page')).toBe(false);
});

test('text being written keeps its keys: its own undo, and no decision behind its back', () => {
  expect(mayRun('1', press('1'), 'typing')).toBe(false);
  expect(mayRun('Enter', press('Enter'), 'typing')).toBe(false);
  expect(mayRun('Ctrl+K', press('k', { ctrlKey: true }), 'typing')).toBe(true);
  expect(mayRun('Escape', press('Escape'), 'typing')).toBe(true);
  expect(mayRun('Ctrl+Z', press('z', { ctrlKey: true }), 'typing')).toBe(false);
  expect(mayRun('Ctrl+Enter', press('Enter', { ctrlKey: true }), 'typing')).toBe(false);
  expect(mayRun('Ctrl+Enter', press('Enter', { ctrlKey: true }), 'typing', true)).toBe(true);
});

test('Enter on a button presses that button', () => {
  expect(mayRun('Enter', press('Enter'), 'control')).toBe(false);
  expect(mayRun('1', press('1'), 'control')).toBe(true);
});

test('a held key decides only once; arrows go on', () => {
  expect(mayRun('1', press('1', { repeat: true }), 'page')).toBe(false);
  expect(mayRun('ArrowDown', press('ArrowDown', { repeat: true }), 'page')).toBe(true);
});
