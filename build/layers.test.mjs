// Every rule must be able to fail: a rule that nothing can break protects nothing.

import { describe, expect, it } from 'vitest';
import { checkLayers } from './layers.mjs';

/** @param {Record<string, string>} files */
const check = (files) => checkLayers(Object.keys(files), (file) => files[file]);

const E = 'src/main/engine';

/** @type {[rule: string, file: string, bad: string, also?: Record<string, string>][]} */
const BROKEN = [
  ['shared imports no package but zod', 'src/shared/a.ts', "import x from 'dayjs'"],
  ['shared imports no Node', 'src/shared/a.ts', "import fs from 'node:fs'"],
  ['shared imports nothing above it', 'src/shared/a.ts', "import { x } from '../main/x.ts'", { 'src/main/x.ts': '' }],
  ['preload imports electron only', 'src/preload/index.ts', "import { z } from 'zod'"],
  ['the renderer has no Node', 'src/renderer/a.tsx', "import { readFile } from 'node:fs/promises'"],
  ['nor Node without its prefix', 'src/renderer/a.tsx', "import path from 'path'"],
  ['the renderer has no electron', 'src/renderer/a.tsx', "const e = await import('electron')"],
  [
    'the renderer has no engine, not even its types',
    'src/renderer/a.tsx',
    `import type { X } from '../main/engine/x.ts'`,
    { [`${E}/x.ts`]: '' },
  ],
  [
    'a panel imports no other panel',
    'src/renderer/panels/list/list.tsx',
    "import { y } from '../timeline/timeline.tsx'",
    { 'src/renderer/panels/timeline/timeline.tsx': '' },
  ],
  [
    'a panel imports no app',
    'src/renderer/panels/list/list.tsx',
    "import { y } from '../../app/app.tsx'",
    { 'src/renderer/app/app.tsx': '' },
  ],
  ['the engine has no electron', `${E}/a.ts`, "import { app } from 'electron'"],
  ['the engine has no shell', `${E}/a.ts`, "import { x } from '../window.ts'", { 'src/main/window.ts': '' }],
  ['the shell has no engine', 'src/main/index.ts', "import { x } from './engine/a.ts'", { [`${E}/a.ts`]: '' }],
  ['the shell has no database', 'src/main/index.ts', "import Database from 'better-sqlite3'"],
  ["the database is the store's", `${E}/pipeline/a.ts`, "import Database from 'better-sqlite3'"],
  ['the command line has no shell', 'src/main/cli/index.ts', "import { x } from '../window.ts'", { 'src/main/window.ts': '' }],
  ['the command line has no electron', 'src/main/cli/index.ts', "import { app } from 'electron'"],
  ['a format has no Node', `${E}/formats/a.ts`, "import fs from 'node:fs'"],
  ['a format imports no other format', `${E}/formats/a.ts`, "import { b } from './b.ts'", { [`${E}/formats/b.ts`]: '' }],
  ['a format imports no store', `${E}/formats/a.ts`, "import { b } from '../store/b.ts'", { [`${E}/store/b.ts`]: '' }],
  ["the formats' library has no Node either", `${E}/formats/lib/a.ts`, "import fs from 'node:fs'"],
  [
    'a connector imports no other connector',
    `${E}/connectors/files/a.ts`,
    "import { b } from '../kafka.ts'",
    { [`${E}/connectors/kafka.ts`]: '' },
  ],
  ['a connector imports no pipeline', `${E}/connectors/kafka.ts`, "export { b } from '../pipeline/b.ts'", { [`${E}/pipeline/b.ts`]: '' }],
  ['an import leads somewhere', `${E}/a.ts`, "import './missing.ts'"],
];

describe('layers', () => {
  it.each(BROKEN)('%s', (_rule, file, bad, also = {}) => {
    expect(check({ [file]: bad, ...also })).toHaveLength(1);
  });

  it('finds cycles, but lets types go round', () => {
    const round = { [`${E}/a.ts`]: "import { b } from './b.ts'", [`${E}/b.ts`]: "import { a } from './a.ts'" };
    expect(check(round)).toEqual([expect.stringContaining('a cycle')]);
    expect(check({ ...round, [`${E}/b.ts`]: "import type { a } from './a.ts'" })).toEqual([]);
  });

  it('finds a plug-in that no registry mentions', () => {
    const files = { [`${E}/formats/registry.ts`]: "import { a } from './a.ts'", [`${E}/formats/a.ts`]: '', [`${E}/formats/b.ts`]: '' };
    expect(check(files)).toEqual([expect.stringContaining('formats/b.ts is not reachable')]);
  });

  it('lets everybody do what they may', () => {
    expect(
      check({
        'src/shared/event.ts': "import { z } from 'zod'",
        'src/preload/index.ts': "import { ipcRenderer } from 'electron'",
        'src/renderer/panels/panel.ts': '',
        'src/renderer/ui/x.tsx': "import { useState } from 'react'",
        'src/renderer/panels/list/list.tsx':
          "import { a } from './row.tsx'\nimport { p } from '../panel.ts'\nimport {\n  x,\n} from '../../ui/x.tsx'",
        'src/renderer/panels/list/row.tsx': "import '../../../shared/event.ts'",
        [`${E}/formats/format.ts`]: '',
        [`${E}/formats/jsonl.ts`]:
          "import { s } from './jsonl.samples.ts'\nimport { l } from './lib/l.ts'\nimport type { F } from './format.ts'",
        [`${E}/formats/jsonl.samples.ts`]: '',
        [`${E}/formats/lib/l.ts`]: "import '../format.ts'",
        [`${E}/connectors/connector.ts`]: '',
        [`${E}/connectors/files/a.ts`]: "import fs from 'node:fs'\nimport { b } from './b.ts'\nimport type { C } from '../connector.ts'",
        [`${E}/connectors/files/b.ts`]: '',
        [`${E}/store/d.ts`]: "import Database from 'better-sqlite3'",
        'src/main/index.ts': "import { app } from 'electron'\nimport './window.ts'",
        'src/main/window.ts': '',
      }),
    ).toEqual([]);
  });
});
