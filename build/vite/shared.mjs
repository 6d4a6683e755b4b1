/** What all builds have in common. */
import { builtinModules } from 'node:module';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** The oldest Node (20) and Chromium (130) that the app meets: those of Electron 33. */
export const NODE_TARGET = 'node20';
export const CHROME_TARGET = 'chrome130';

/** Provided by Electron, or packages with native code or their own life at run time: they stay outside the bundles. */
export const EXTERNAL_PACKAGES = ['electron', 'better-sqlite3', 'node-hid', 'electron-updater'];

/** @type {(string | RegExp)[]} */
const EXTERNAL = [
  ...EXTERNAL_PACKAGES,
  // Parts of an external package are as external as the package.
  /^(electron|better-sqlite3|node-hid|electron-updater)\//,
  /^node:/,
  ...builtinModules,
];

/**
 * The configuration of one Node-side bundle: one entry, one file beside its source map.
 * @param {{ entry: string, out: string, format?: 'es' | 'cjs' }} options `entry` below the repository, `out` below out/app
 * @returns {import('vite').InlineConfig}
 */
export function nodeBundle({ entry, out, format = 'es' }) {
  return {
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(ROOT, entry),
      outDir: join(ROOT, 'out', 'app', out),
      emptyOutDir: true,
      target: NODE_TARGET,
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        external: EXTERNAL,
        output: {
          format,
          entryFileNames: format === 'cjs' ? 'index.cjs' : 'index.js',
          chunkFileNames: '[name]-[hash].js',
          ...(format === 'cjs' ? { codeSplitting: false } : {}),
        },
      },
    },
  };
}
