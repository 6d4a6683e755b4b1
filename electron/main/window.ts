import path from 'node:path';
import { BrowserWindow, session, type Session, type WebContents } from 'electron';
import { contentSecurityPolicy, bundleFile } from './bundle-file.ts';
import { appOrigin, appScheme, isAppUrl } from './origin.ts';
import type { Log } from './log.ts';
import { readFile } from 'node:fs/promises';

/** What the window learns from main at its birth; never secrets. */
export interface WindowFacts {
  readonly gateway: string | null;
  readonly demoCodes: readonly { readonly user: string; readonly name: string; readonly code: string }[];
  readonly platform: string;
}

/** Permissions a page of the app may use, each with its reason. Everything else is denied. */
const allowedPermissions: ReadonlySet<string> = new Set([
  'media', // camera pictures at a visit; narrowed to video below
]);

/** Serves the bundle under the app's own scheme and closes the session to everything else. */
export function prepareSession(rendererRoot: string, log: Log): Session {
  const own = session.defaultSession;
  own.protocol.handle(appScheme, async (request) => {
    const found = bundleFile(rendererRoot, request.url);
    const headers = { 'Content-Security-Policy': contentSecurityPolicy, 'X-Content-Type-Options': 'nosniff' };
    if (found === null) return new Response('not found', { status: 404, headers });
    try {
      const body = await readFile(found.file);
      return new Response(new Uint8Array(body), { headers: { ...headers, 'Content-Type': found.type } });
    } catch {
      return new Response('not found', { status: 404, headers });
    }
  });
  // The second wall behind the policy header: the window has no network at all.
  own.webRequest.onBeforeRequest((details, decide) => {
    const local = isAppUrl(details.url) || /^(?:blob|data|devtools):/u.test(details.url);
    if (!local) log.write('warn', 'request.refused', { kind: details.resourceType });
    decide({ cancel: !local });
  });
  own.setPermissionRequestHandler((contents, permission, decide, details) => {
    const video =
      permission === 'media' && 'mediaTypes' in details && (details.mediaTypes ?? []).every((kind) => kind === 'video');
    const granted = allowedPermissions.has(permission) && video && isAppUrl(contents.getURL());
    if (!granted) log.write('warn', 'permission.refused', { permission });
    decide(granted);
  });
  own.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const video = details.mediaType === undefined || details.mediaType === 'video';
    return allowedPermissions.has(permission) && video && isAppUrl(`${origin.replace(/\/$/u, '')}/`);
  });
  own.setDevicePermissionHandler(() => false);
  own.setSpellCheckerEnabled(false);
  return own;
}

/** Opens the one window, with the settings that hold in tests as in production. */
export function openWindow(preload: string, facts: WindowFacts, packaged: boolean, log: Log): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#f6f4ef',
    title: '入户通 Doorstep',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !packaged,
      additionalArguments: [`--doorstep-facts=${Buffer.from(JSON.stringify(facts)).toString('base64')}`],
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${appOrigin}/`);
  log.write('info', 'window.opened');
  return window;
}

/** Refuses every way out of the app for any web contents that ever exists. */
export function guardNavigation(contents: WebContents, log: Log): void {
  const refuse = (event: { preventDefault(): void; url: string }): void => {
    if (isAppUrl(event.url)) return;
    event.preventDefault();
    log.write('warn', 'navigation.refused', {});
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => {
    log.write('warn', 'navigation.refused', { kind: 'window' });
    return { action: 'deny' };
  });
}

/** Folder of the built parts beside main: `out/app/<part>`. */
export const partPath = (mainDir: string, ...parts: string[]): string => path.resolve(mainDir, '..', ...parts);
