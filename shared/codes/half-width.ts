/** Full-width ASCII (０-９, Ａ-Ｚ, （）…) and the ideographic space as their half-width forms; everything else unchanged. */
export function toHalfWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E\u3000]/g, (character) =>
    character === '\u3000' ? ' ' : String.fromCharCode(character.charCodeAt(0) - 0xfee0),
  );
}

/** A typed or pasted code: half-width, upper case, without any white space. */
export const toCode = (text: string): string => toHalfWidth(text).replace(/\s+/g, '').toUpperCase();
