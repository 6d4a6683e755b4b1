import { nodeBundle } from './shared.mjs';

/** One CommonJS file: a sandboxed preload can require `electron` and nothing else, least of all a second file. */
export default nodeBundle({ entry: 'electron/preload/index.ts', out: 'preload', format: 'cjs' });
