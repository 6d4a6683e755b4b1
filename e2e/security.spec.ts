import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './support/test.ts';

/*
 * What a hostile page or link could try, tried in the real window with the settings that ship.
 */

test('the window runs with the settings that ship', async ({ tablet }) => {
  const preferences = await tablet.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as
      { getLastWebPreferences(): Record<string, unknown> } | undefined;
    return contents?.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
  });
  const seen = await tablet.page.evaluate(() => ({
    node: typeof (globalThis as Record<string, unknown>)['process'],
    require: typeof (globalThis as Record<string, unknown>)['require'],
    bridge: Object.keys((globalThis as Record<string, unknown>)['doorstep'] as object).toSorted(),
  }));
  expect(seen).toEqual({ node: 'undefined', require: 'undefined', bridge: ['ask', 'facts', 'onService', 'subscribe'] });
});

for (const url of [
  'https://doorstep/',
  'app://doorstep.evil.example/index.html',
  'app://doorstep@evil.example/index.html',
  'data:text/html,<h1>app://doorstep/</h1>',
  'file:///etc/passwd',
]) {
  test(`the window does not leave for ${url}`, async ({ tablet: { app, page } }) => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    const before = page.url();
    await page.evaluate((target) => {
      location.href = target;
    }, url);
    const opened = await page.evaluate((target) => window.open(target) === null, url);
    expect(opened).toBe(true);
    expect(page.url()).toBe(before);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });
}

test('the page has no network and runs no foreign code', async ({ tablet: { page } }) => {
  let asked = 0;
  const server = createServer((_request, answer) => {
    asked += 1;
    answer.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const tried = await page.evaluate(
    async (target) => {
      const fetched = await fetch(target).then(
        () => 'fetched',
        () => 'refused',
      );
      const image = await new Promise<string>((resolve) => {
        const picture = new Image();
        picture.onload = () => resolve('loaded');
        picture.onerror = () => resolve('refused');
        picture.src = `${target}/picture.png`;
      });
      const script = document.createElement('script');
      script.textContent = 'window.foreign = true';
      document.head.append(script);
      let evaluated: string;
      try {
        evaluated = (0, eval)('"ran"') as string;
      } catch {
        evaluated = 'refused';
      }
      return { fetched, image, inline: 'foreign' in window, evaluated };
    },
    `http://127.0.0.1:${String(port)}`,
  );
  expect(tried).toEqual({ fetched: 'refused', image: 'refused', inline: false, evaluated: 'refused' });
  expect(asked).toBe(0);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

test('permissions are denied but for the camera', async ({ tablet: { page } }) => {
  const states = await page.evaluate(async () => {
    const ask = async (name: string): Promise<string> =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    return {
      geolocation: await ask('geolocation'),
      notifications: await ask('notifications'),
      microphone: await ask('microphone'),
    };
  });
  expect(states).toEqual({ geolocation: 'denied', notifications: 'denied', microphone: 'denied' });
});

test('a locked service answers nothing but the unlock page, and no unknown call', async ({ tablet: { page } }) => {
  const answers = await page.evaluate(async () => {
    const bridge = (globalThis as unknown as { doorstep: { ask(name: string, input: unknown): Promise<unknown> } })
      .doorstep;
    const ask = (name: string, input: unknown): Promise<string> =>
      bridge.ask(name, input).then(
        () => 'answered',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    return {
      status: await ask('vault.status', {}),
      residents: await ask('residents.list', {}),
      unknown: await ask('db.run', { sql: 'select 1' }),
      inherited: await ask('constructor', {}),
      malformed: await ask('vault.unlock', { userId: 7, extra: true }),
    };
  });
  expect(answers.status).toBe('answered');
  expect(answers.residents).toContain('call.locked');
  expect(answers.unknown).toContain('call.unknown');
  expect(answers.inherited).toContain('call.unknown');
  expect(answers.malformed).toContain('call.malformed');
});
