import vue from '@vitejs/plugin-vue';
import { join } from 'node:path';
import { CHROME_TARGET, ROOT } from './shared.mjs';

/** The window's pages, served by the app itself as app://doorstep/ under a policy that allows no inline script or style. */
export default /** @type {import('vite').InlineConfig} */ ({
  configFile: false,
  root: join(ROOT, 'renderer'),
  base: '/',
  logLevel: 'warn',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    // Compiled messages need no `new Function`, which the policy forbids.
    __INTLIFY_JIT_COMPILATION__: 'true',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  },
  build: {
    outDir: join(ROOT, 'out', 'app', 'renderer'),
    emptyOutDir: true,
    target: CHROME_TARGET,
    // Chromium loads modules ahead by itself; the polyfill would be an inline script.
    modulePreload: { polyfill: false },
    // A data: URL for a font or a worker would be refused by the policy, so every asset is a file.
    assetsInlineLimit: 0,
    sourcemap: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
