import { nodeBundle } from './shared.mjs';

export default nodeBundle({ entry: 'electron/devices/index.ts', out: 'devices' });
