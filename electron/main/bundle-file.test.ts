import { expect, test } from 'vitest';
import { bundleFile, contentSecurityPolicy } from './bundle-file.ts';

const root = '/opt/doorstep/renderer';

test.each([
  ['the start page', 'app://doorstep/', '/opt/doorstep/renderer/index.html'],
  ['an asset', 'app://doorstep/assets/a.js', '/opt/doorstep/renderer/assets/a.js'],
  ['a climb out', 'app://doorstep/../main/index.js', '/opt/doorstep/renderer/main/index.js'],
])('%s stays in the bundle', (_case, url, file) => expect(bundleFile(root, url)?.file).toBe(file));

test.each([
  ['an encoded climb', 'app://doorstep/%2e%2e%2fmain/index.js'],
  ['a deep encoded climb', 'app://doorstep/assets/..%2f..%2fmain%2findex.js'],
  ['a backslash', 'app://doorstep/..%5cmain.js'],
  ['a null byte', 'app://doorstep/index.html%00.js'],
  ['broken encoding', 'app://doorstep/%E0%A4%A'],
  ['an unknown kind', 'app://doorstep/replica.db'],
  ['another host', 'app://other/index.html'],
])('%s is refused', (_case, url) => expect(bundleFile(root, url)).toBeNull());

test('the policy opens nothing to the network and nothing inline', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/u);
  expect(contentSecurityPolicy).toContain("default-src 'none'");
});
