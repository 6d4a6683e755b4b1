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
  const required = [];
  for (let i = 0; i < args.length; i += 1) {
    const argument = args[i] ?? '';
    if (argument === '-r' || argument === '--require') {
      i += 1;
      if (args[i] !== undefined) required.push(args[i]);
    } else if (!argument.startsWith('-')) return { required, application: argument };
  }
  return { required, application: null };
}

const { required, application } = readCommandLine(process.argv.slice(1));
const require = createRequire(import.meta.url);
for (const name of required) require(resolve(name));

if (application === null) {
  process.stderr.write('Name the application folder on the command line.\n');
  app.exit(1);
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const folder = resolve(application);
  const description = join(folder, 'package.json');
  let entry = folder;
  if (existsSync(description)) {
    const { name, productName, version, main = 'index.js' } = JSON.parse(readFileSync(description, 'utf8'));
    if (version !== undefined) app.setVersion(version);
    if (productName !== undefined || name !== undefined) app.setName(productName ?? name);
    app.setAppPath(folder);
    entry = join(folder, main);
  } else app.setAppPath(dirname(folder));
  // Awaited here, so that Electron holds its `ready` event until the application has added its listeners.
  await import(pathToFileURL(entry).href);
}
