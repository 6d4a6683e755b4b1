import vue from '@vitejs/plugin-vue';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['{shared,electron,renderer,central,migrations,tests}/**/*.test.ts', 'build/**/*.test.mjs'],
    exclude: [...configDefaults.exclude, 'out/**'],
    // Databases on disk and a real PostgreSQL take longer than a pure rule; nothing waits this long when all is well.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    allowOnly: false,
    // One PostgreSQL for the whole run; each file gets a database of its own.
    globalSetup: ['central/testing/global-setup.ts'],
  },
});
