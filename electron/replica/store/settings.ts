import type { z } from 'zod';
import { join } from 'node:path';
import { Settings } from '../../../shared/contract/calls.ts';
import { readJson, writeDurably } from './durable-file.ts';

export type StationSettings = z.infer<typeof Settings>;

const defaults: StationSettings = { locale: 'zh-CN', textScale: 100, idleLockMinutes: 5, syncPaused: false };

/**
 * Settings of the machine. They lie outside the encrypted replica, since the window needs its language and text size before
 * anybody has unlocked, and they say nothing about anybody.
 */
export class SettingsFile {
  private readonly path: string;
  private current: StationSettings;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'settings.json');
    const parsed = Settings.partial().safeParse(readJson(this.path));
    // A file that makes no sense costs its wishes, not the start.
    const known = Object.fromEntries(Object.entries(parsed.data ?? {}).filter(([, value]) => value !== undefined));
    this.current = Settings.parse({ ...defaults, ...known });
  }

  read(): StationSettings {
    return this.current;
  }

  change(wishes: { readonly [K in keyof StationSettings]?: StationSettings[K] | undefined }): StationSettings {
    const known = Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
    const next = Settings.parse({ ...this.current, ...known });
    writeDurably(this.path, JSON.stringify(next));
    this.current = next;
    return next;
  }
}
