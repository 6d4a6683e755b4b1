/**
 * The default app of a runtime that came without one: starts the application folder named on the command line, as a
 * stock Electron does. It runs inside Electron, from resources/default_app.asar, where no package of ours is at hand.
 */
import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @param {readonly string[]} args the command line after the executable
 * @returns {{ required: string[], application: string | null }} modules to load first (`-r`), and the application
 */
function readCommandLine(args) {
  /** @type {string[]} */
  const required = [];
  for (let i = 0; i < args.length; i += 1) {
    const argument = args[i] ?? '';
    if (argument === '-r' || argument === '--require') {
      i += 1;
      const name = args[i];
      if (name !== undefined) required.push(name);
    } else if (!argument.startsWith('-')) return { required, application: argument };
  }
  return { required, application: null };
}

const { required, application } = readCommandLine(process.argv.slice(1));
const require = createRequire(import.meta.url);
for (const name of required) /** @type {(path: string) => unknown} */ (require)(resolve(name));

if (application === null) {
  process.stderr.write('Name the application folder on the command line.\n');
  app.exit(1);
} else {
  // Two of its methods are for default apps only, so Electron's types leave them out.
  const host = /** @type {typeof app & { setVersion(version: string): void, setAppPath(path: string): void }} */ (app);
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const folder = resolve(application);
  const description = join(folder, 'package.json');
  let entry = folder;
  if (existsSync(description)) {
    /** @type {unknown} */
    const found = JSON.parse(readFileSync(description, 'utf8'));
    const {
      name,
      productName,
      version,
      main = 'index.js',
    } = /** @type {{ name?: string, productName?: string, version?: string, main?: string }} */ (found);
    const title = productName ?? name;
    if (version !== undefined) host.setVersion(version);
    if (title !== undefined) host.setName(title);
    host.setAppPath(folder);
    entry = join(folder, main);
  } else host.setAppPath(dirname(folder));
  // Awaited here, so that Electron holds its `ready` event until the application has added its listeners.
  await import(pathToFileURL(entry).href);
}
