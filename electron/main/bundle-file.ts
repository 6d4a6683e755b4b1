import path from 'node:path';
import { isAppUrl } from './origin.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Content Security Policy of every page: nothing but the bundle, no network, no inline code or styles. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Which file of the bundle a URL names, with its type; null for anything outside the bundle or of an unknown kind. */
export function bundleFile(root: string, text: string): { file: string; type: string } | null {
  if (!isAppUrl(text)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(text).pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  const file = path.resolve(root, `.${name === '/' ? '/index.html' : name}`);
  const inside = path.relative(root, file);
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return null;
  const type = types[path.extname(file)];
  return type === undefined ? null : { file, type };
}
