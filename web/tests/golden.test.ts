import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { type Trust, verify } from '../verify/verify.js';
import { type GoldenCase, goldenCases, textOfCase } from './golden_cases.js';
import { DATA, filesUnder, readText } from './project.js';

const FOLDER = join(DATA, 'receipts');

for (const path of existsSync(FOLDER) ? filesUnder(FOLDER, '.json') : []) {
  const golden = JSON.parse(readText(path)) as GoldenCase;
  test(`receipts/${basename(path)}: ${golden.desc}`, async () => {
    const { vkey, origin, witnesses } = golden;
    const trust: Trust = { logKey: vkey, origin, witnessKeys: witnesses ?? [] };
    const verdict = await verify(textOfCase(golden), trust);
    assert.equal(verdict.ok ? undefined : verdict.code, golden.code, JSON.stringify(verdict));
  });
}

test('the cases made here are in the folder as they are made', async () => {
  for (const [name, golden] of Object.entries(await goldenCases())) {
    const kept: unknown = JSON.parse(readText(FOLDER, `${name}.json`));
    assert.deepEqual(kept, JSON.parse(JSON.stringify(golden)),
      `${name}: run write_receipts.js after changing golden_cases.ts`);
  }
});
