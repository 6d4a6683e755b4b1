/** Nested texts; leaves are vue-i18n messages. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/** What each area's `messages.ts` exports as `messages`: the same keys in both languages. */
export interface AreaMessages {
  readonly zh: Texts;
  readonly en: Texts;
}

/**
 * Joins the areas' texts: those of an area stand under its folder's name, those of `components` at the root, since
 * every area speaks of fields, sources and failures.
 * @param modules by path, `../<area>/messages.ts`; `./messages.ts` is the app's own
 */
export function gatherMessages(modules: Readonly<Record<string, { messages: AreaMessages }>>): AreaMessages {
  let zh: Texts = {};
  let en: Texts = {};
  for (const [path, { messages }] of Object.entries(modules)) {
    const folder = path.split('/').at(-2);
    if (folder === undefined) throw new Error(`messages outside of an area: ${path}`);
    const area = folder === '.' ? 'app' : folder;
    zh = { ...zh, ...(area === 'components' ? messages.zh : { [area]: messages.zh }) };
    en = { ...en, ...(area === 'components' ? messages.en : { [area]: messages.en }) };
  }
  return { zh, en };
}

/** Every leaf's key in dots. */
export function keysOf(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}
