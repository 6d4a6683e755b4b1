import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserWindow } from 'electron';
import { app, ipcMain, Menu, powerMonitor, protocol, session, type IpcMainInvokeEvent } from 'electron';
import { appScheme, isAppUrl } from './origin.ts';
import { readFacts } from './facts.ts';
import { IdleLock } from './idle-lock.ts';
import { Log } from './log.ts';
import { ReplicaService } from './replica-service.ts';
import { guardNavigation, openWindow, partPath, prepareSession } from './window.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);
// Root in a test machine must run without Chromium's sandbox; then asking for it everywhere would only crash.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
Menu.setApplicationMenu(null);

if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(run);
} else {
  app.quit();
}

function run(): void {
  const data = app.getPath('userData');
  const log = new Log(path.join(data, 'logs'), () => new Date().toISOString());
  log.write('info', 'app.started', { electron: process.versions.electron, packaged: app.isPackaged });
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, log));
  prepareSession(partPath(here, 'renderer'), log);

  const idle = new IdleLock(() => performance.now());
  let window: BrowserWindow | null = null;
  const service = new ReplicaService(
    {
      entry: partPath(here, 'replica', 'index.js'),
      dataDir: path.join(data, 'replica'),
      migrationsDir: path.join(app.getAppPath(), 'migrations', 'replica'),
      appVersion: app.getVersion(),
    },
    log,
    (state) => window?.webContents.send('doorstep:service', state),
    (minutes) => idle.allow(minutes),
  );
  service.start();
  window = openWindow(
    partPath(here, 'preload', 'index.cjs'),
    readFacts(process.env, app.isPackaged, process.platform),
    app.isPackaged,
    log,
  );
  window.on('closed', () => {
    window = null;
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    log.write('error', 'window.crashed', { reason: details.reason });
    if (details.reason !== 'clean-exit') window?.webContents.reload();
  });

  ipcMain.handle('doorstep:port', (event: IpcMainInvokeEvent, nonce: unknown) => {
    const frame = event.senderFrame;
    const top = frame !== null && frame === event.sender.mainFrame;
    if (!top || !isAppUrl(frame.url) || typeof nonce !== 'string' || nonce.length > 64) {
      log.write('error', 'port.refused');
      throw new Error('port.refused');
    }
    frame.postMessage('doorstep:port', nonce, [service.connect()]);
  });
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });

  powerMonitor.on('suspend', () => service.lock('sleep'));
  powerMonitor.on('lock-screen', () => service.lock('sleep'));
  ipcMain.on('doorstep:used', (event) => {
    if (event.senderFrame === event.sender.mainFrame) idle.used();
  });
  const idleCheck = setInterval(() => {
    if (idle.isDue()) service.lock('idle');
  }, 5_000);

  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    clearInterval(idleCheck);
    log.write('info', 'app.stopping');
    void service.stop().finally(() => {
      stopped = true;
      void session.defaultSession.clearCache().finally(() => app.quit());
    });
  });
  app.on('window-all-closed', () => app.quit());
}
