#!/usr/bin/env node
// The command line from a clone: npm run -s tidemark -- ARGS. Standard output is the command's alone.

import { existsSync } from 'node:fs';
import { build } from './build.mjs';
import { inRoot } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { SetupError, fail } from './lib/say.mjs';
import { inNode } from './run-env.mjs';
import { setup } from './setup.mjs';

try {
  await setup({ window: false });
  await build({ quiet: true });
  const script = inRoot('out', 'main', 'cli.js');
  if (!existsSync(script)) throw new SetupError('the command line is not part of this tree (src/main/cli/index.ts).');
  const { command, args, env } = inNode(['--enable-source-maps', script, ...process.argv.slice(2)]);
  // npm runs scripts in the repository; relative paths mean the folder the person is in.
  process.exitCode = await handOver(command, args, { env, cwd: process.env.INIT_CWD ?? process.cwd() });
} catch (error) {
  process.exitCode = fail(error);
}
