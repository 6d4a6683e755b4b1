/** How hard a password is to guess, for the meter; the service has the last word. */
export type Strength = 'short' | 'weak' | 'fair' | 'good';

const common = /^(?:password|passw0rd|qwerty|abc|admin|letmein|iloveyou|woaini|123|111|000|888|666)/i;
const rows = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Characters that follow from the one before: repeats and steps along the alphabet, the digits or a keyboard row. */
function foreseeable(text: string): number {
  let count = 0;
  for (let index = 1; index < text.length; index += 1) {
    const pair = text.slice(index - 1, index + 1).toLowerCase();
    const backwards = [...pair].reverse().join('');
    if (pair[0] === pair[1] || rows.some((row) => row.includes(pair) || row.includes(backwards))) count += 1;
  }
  return count;
}

/** @param password as typed; under 8 characters is `short` whatever it holds */
export function strengthOf(password: string): Strength {
  if ([...password].length < 8) return 'short';
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const worth = [...password].length - foreseeable(password) + 2 * (kinds - 1);
  if (common.test(password) ? worth < 16 : worth < 9) return 'weak';
  return worth < 14 ? 'fair' : 'good';
}
