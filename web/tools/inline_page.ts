// Puts the page that checks receipts into one file, build/web/check.html, which can be saved and
// opened without a server, where browsers refuse modules. Run after the compiler, from any folder.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = join(BUILT, '..', '..', 'web', 'verify');
const IMPORT = /^import \{([^}]*)\} from '\.\/(\w+)\.js';\n/gm;
const EXPORT = /^export ((?:async function|function|class|const) (\w+))/gm;

/** A module as a constant, `$name`, that holds what it exports; its other names stay inside. */
function asConstant(name: string, code: string): string {
  const exported = [...code.matchAll(EXPORT)].map(([, , what]) => what);
  const body = code.replace(IMPORT, 'const {$1} = $$$2;\n').replace(EXPORT, '$1');
  if (/^(import|export)\b/m.test(body)) throw new Error(`${name}: an import of another form`);
  return `const $${name} = (() => {\n${body}return { ${exported.join(', ')} };\n})();\n`;
}

/** The modules that `name` needs, those first that others build on, `name` last. */
function modulesOf(name: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(name)) return seen;
  const code = readFileSync(join(BUILT, 'verify', `${name}.js`), 'utf8');
  for (const [, , needed] of code.matchAll(IMPORT)) {
    if (needed !== undefined) modulesOf(needed, seen);
  }
  return seen.set(name, asConstant(name, code));
}

function scriptOf(name: string): string {
  return `'use strict';\n${[...modulesOf(name).values()].join('')}`;
}

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function page(): string {
  const style = readFileSync(join(SOURCE, 'check.css'), 'utf8');
  const script = scriptOf('check');
  if (/<\/(script|style)/i.test(script + style)) throw new Error('It would end its own element');
  // Nothing but this very script and style may run, load or be sent.
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; ` +
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";
  const parts = new Map([
    ['<!-- security -->', `<meta http-equiv="Content-Security-Policy" content="${policy}">`],
    ['<!-- style -->', `<style>${style}</style>`],
    ['<!-- script -->', `<script>${script}</script>`],
  ]);
  let text = readFileSync(join(SOURCE, 'check.html'), 'utf8');
  for (const [mark, part] of parts) {
    if (text.split(mark).length !== 2) throw new Error(`The page needs one ${mark}`);
    text = text.replace(mark, () => part);
  }
  return text;
}

writeFileSync(join(BUILT, 'check.html'), page());
