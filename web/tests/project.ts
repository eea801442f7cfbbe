import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder; the tests run from build/web/tests. */
export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const DATA = join(PROJECT, 'tests', 'data');

export function readText(...path: readonly string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** The paths of all files in a folder and below that end with `suffix`, sorted. */
export function filesUnder(folder: string, suffix: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name));
}
