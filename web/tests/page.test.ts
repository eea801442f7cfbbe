// The page as one file: build/web/check.html.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';

import type { verify } from '../verify/verify.js';
import { cast } from './golden_cases.js';
import { filesUnder, PROJECT, readText } from './project.js';

const page = readText(PROJECT, 'build', 'web', 'check.html');

function inner(tag: string): string {
  return new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? assert.fail(`no ${tag}`);
}

test('only the page’s own script and style may run, and nothing may be loaded or sent', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
  const own = "'sha256-[^';]*';";
  assert.match(policy, new RegExp(`^default-src 'none'; script-src ${own} style-src ${own} `));
  assert.ok(policy.includes(digest(inner('script'))));
  assert.ok(policy.includes(digest(inner('style'))));
  assert.doesNotMatch(page, /<link|\ssrc=|\sstyle=|\son\w+=|@import|url\(/);
});

test('the script in the page verifies as the modules do', async () => {
  const { key, log } = await cast();
  const script = inner('script');
  const beforePage = script.slice(0, script.indexOf('const $check ='));
  const inPage = new Function(`${beforePage}return $verify.verify;`)() as typeof verify;
  assert.equal((await inPage(await log.receipt(3), { logKey: key.vkey })).ok, true);
  assert.equal((await inPage(await log.receipt(5), { logKey: key.vkey })).ok, false);
});

test('every field has a label, and what describes it exists', () => {
  const ids = new Set(Array.from(page.matchAll(/\sid="([\w-]+)"/g), ([, id]) => id));
  for (const [, field] of page.matchAll(/<(?:input|textarea)\b([^>]*)>/g)) {
    const id = /\sid="([\w-]+)"/.exec(field ?? '')?.[1];
    assert.ok(page.includes(`<label for="${id}">`) || field?.includes('aria-label='), field);
    for (const named of /aria-describedby="([^"]*)"/.exec(field ?? '')?.[1]?.split(' ') ?? []) {
      assert.ok(ids.has(named), named);
    }
  }
});

test('the verifier depends on nothing but itself', () => {
  for (const path of filesUnder(join(PROJECT, 'web', 'verify'), '.ts')) {
    const text = readText(path);
    for (const [, from] of text.matchAll(/\bfrom '([^']*)'/g)) {
      assert.match(from ?? '', /^\.\/\w+\.js$/);
    }
    assert.doesNotMatch(text, /\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|innerHTML/);
  }
});
