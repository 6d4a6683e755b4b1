const keyboardRuns = ['0123456789', '9876543210', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz'];
const common = new Set(['password', 'passw0rd', 'administrator', 'iloveyou', 'woaini1314', '1314520520']);

/**
 * True for a password that a guesser tries first: one of a short list, a run on the keyboard, fewer than four different
 * characters. Length is the contract's business (8 at least).
 */
export function isWeak(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  if (text.trim().length < 8 || new Set(text).size < 4) return true;
  if (common.has(text) || common.has(text.replaceAll(/[^a-z]/g, ''))) return true;
  return keyboardRuns.some((run) => run.includes(text) || text === run.slice(0, text.length));
}
