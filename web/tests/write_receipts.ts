// Writes the cases of golden_cases.ts to tests/data/receipts. Run by hand after changing them:
// node build/web/tests/write_receipts.js
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { goldenCases } from './golden_cases.js';
import { DATA } from './project.js';

mkdirSync(join(DATA, 'receipts'), { recursive: true });
for (const [name, golden] of Object.entries(await goldenCases())) {
  writeFileSync(join(DATA, 'receipts', `${name}.json`), `${JSON.stringify(golden, null, 2)}\n`);
}
