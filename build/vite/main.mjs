import { nodeBundle } from './shared.mjs';

export default nodeBundle({ entry: 'electron/main/index.ts', out: 'main' });
