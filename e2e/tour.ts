import path from 'node:path';
import { parseArgs } from 'node:util';
import { Centre, root } from './support/centre.ts';
import { Narrator } from './support/narrator.ts';
import { Tablet } from './support/tablet.ts';
import { tell, type Devices } from './tour/story.ts';

/*
 * `npm start -- --tour`: the main job, unattended, through the real windows of three devices against a real gateway and
 * PostgreSQL. Ends with 0 when every step held.
 */

const { values } = parseArgs({
  options: { residents: { type: 'string', default: '5000' }, seed: { type: 'string' } },
});
const people = { limin: '李敏', zhangwei: '张伟', wangfang: '王芳' } as const;

// Whoever reads along may leave early (`| head`); the devices and the database must still be stopped in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const narrator = new Narrator(path.join(root, 'out', 'tour'));
const open = new Map<string, Tablet>();
let centre: Centre | null = null;

/** Closes windows, wires, gateway and database, in this order; what is closed already is no fault. */
async function stopAll(): Promise<void> {
  await Promise.allSettled([...open.values()].map((tablet) => tablet.close()));
  open.clear();
  await centre?.stop();
  centre = null;
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void stopAll().finally(() => process.exit(130));
  });

try {
  const gateway = await narrator.step(`A district of ${values.residents} residents, its database and gateway`, () =>
    Centre.start(Number(values.residents), values.seed),
  );
  centre = gateway;
  const codes = gateway.codes.filter(({ name }) => Object.values(people).some((known) => known === name));
  const devices = await narrator.step('Three tablets, each with a disk and a wire of its own', async () => {
    const opened: Partial<Record<keyof Devices, Tablet>> = {};
    for (const key of Object.keys(people) as (keyof Devices)[]) {
      const tablet = await Tablet.open(gateway.gateway, { codes });
      tablet.page.setDefaultTimeout(20_000);
      opened[key] = tablet;
      open.set(key, tablet);
    }
    return opened as Devices;
  });
  await tell(narrator, devices);
  narrator.end();
} catch (error) {
  process.exitCode = 1;
  await narrator.fail(error, new Map([...open].map(([name, tablet]) => [name, tablet.page])));
} finally {
  await stopAll();
}
