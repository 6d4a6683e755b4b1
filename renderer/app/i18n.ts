import { createI18n } from 'vue-i18n';
import { gatherMessages, type AreaMessages } from './gather-messages.ts';

const modules = import.meta.glob<{ messages: AreaMessages }>('../*/messages.ts', { eager: true });

/** All texts of the window; `t('residents.title')` is key `title` in `renderer/residents/messages.ts`. */
export const texts = gatherMessages(modules);

/** Texts are interpreted, not compiled to functions, so the page's `script-src 'self'` holds. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': texts.zh, en: texts.en },
});
