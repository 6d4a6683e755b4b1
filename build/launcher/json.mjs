/** Reading the JSON files that npm and our own tools write. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The parts of a package.json that the launcher reads.
 * @typedef {{ name: string, productName?: string, version: string, description?: string, author?: string, license?: string,
 *   type?: string, main?: string, bin?: string | Record<string, string>, dependencies?: Record<string, string> }} PackageDescription
 */

/**
 * @param {string} path
 * @returns {unknown}
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * @param {string} folder
 * @returns {PackageDescription}
 */
export function readPackage(folder) {
  return /** @type {PackageDescription} */ (readJson(join(folder, 'package.json')));
}
