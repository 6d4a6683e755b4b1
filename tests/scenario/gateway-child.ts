/* A gateway in a process of its own, to be killed. Says its address on stdout. Run by tests/gateway-stories.test.ts. */
import { writeSync } from 'node:fs';
import { startGateway } from '../../central/gateway.ts';

const [, , databaseUrl = '', files = '', now = ''] = process.argv;
const gateway = await startGateway({ databaseUrl, files, connections: 2, now: () => new Date(now) });
writeSync(1, `${gateway.url}\n`);
