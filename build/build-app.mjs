/** Builds every part of the app into out/app/: `node build/build-app.mjs [part …]`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './vite/shared.mjs';

const PARTS = ['main', 'preload', 'replica', 'renderer'];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : PARTS;
for (const part of wanted) {
  if (!PARTS.includes(part)) throw new Error(`there is no part "${part}": ${PARTS.join(', ')}`);
  const started = Date.now();
  /** @type {unknown} */
  const module = await import(`./vite/${part}.mjs`);
  const { default: config } = /** @type {{ default: import('vite').InlineConfig }} */ (module);
  const room = part === 'renderer' ? 'renderer' : `electron/${part}`;
  if (!existsSync(join(ROOT, room))) throw new Error(`${room}/ is missing`);
  await build(config);
  process.stdout.write(`${part} built in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
