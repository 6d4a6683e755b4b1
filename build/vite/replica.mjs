import { nodeBundle } from './shared.mjs';

export default nodeBundle({ entry: 'electron/replica/index.ts', out: 'replica' });
