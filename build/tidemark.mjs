#!/usr/bin/env node
// The command line from a clone: npm run -s tidemark -- ARGS. Standard output is the command's alone.

import { existsSync } from 'node:fs';
import { build } from './build.mjs';
import { ROOT, inRoot } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { SetupError, fail } from './lib/say.mjs';
import { engineFlags, inElectron, inNode } from './run-env.mjs';
import { setup } from './setup.mjs';

/** A PDF is printed by Electron; the command line starts it as it is told here (src/main/cli/print-pdf.ts). */
const printsPdf = process.argv.slice(2).some((word) => /\.pdf$/i.test(word));

/** @returns {Record<string, string>} */
function electronForPdf() {
  if (!printsPdf) return {};
  const { command, args } = inElectron([ROOT]);
  return { TIDEMARK_ELECTRON: JSON.stringify({ command, args }) };
}

try {
  await setup({ window: printsPdf });
  await build({ quiet: true });
  const script = inRoot('out', 'main', 'cli.js');
  if (!existsSync(script)) throw new SetupError('the command line is not part of this tree (src/main/cli/index.ts).');
  const { command, args, env } = inNode([...engineFlags(), '--enable-source-maps', script, ...process.argv.slice(2)]);
  // npm runs scripts in the repository; relative paths mean the folder the person is in.
  process.exitCode = await handOver(command, args, { env: { ...env, ...electronForPdf() }, cwd: process.env.INIT_CWD ?? process.cwd() });
} catch (error) {
  process.exitCode = fail(error);
}
