import type { AreaMessages } from '../app/gather-messages.ts';
import { residentTextsEn } from './messages-en.ts';
import { residentTextsZh } from './messages-zh.ts';

export const messages = { zh: residentTextsZh, en: residentTextsEn } as const satisfies AreaMessages;
