#!/usr/bin/env node
// npm start [-- PATH...]: sets up, builds and opens the workbench on the given files and folders.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { LOCAL, ROOT } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { SetupError, fail, say } from './lib/say.mjs';
import { hasDisplay, inElectron, onDisplay } from './run-env.mjs';
import { setup } from './setup.mjs';

const DEFAULT_PATH = '/var/log';

/** Paths as the person means them, from the folder they are in. */
function givenPaths() {
  const from = process.env.INIT_CWD ?? process.cwd();
  return process.argv.slice(2).map((given) => {
    if (given.startsWith('-')) return given;
    const full = path.resolve(from, given);
    if (!existsSync(full)) throw new SetupError(`${given} does not exist.`);
    return full;
  });
}

/** A folder of its own for every headless run, so that no earlier case is touched. */
function newFolder() {
  const name = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  for (let n = 1; ; n++) {
    const folder = path.join(LOCAL, `headless-${name}${n > 1 ? `-${n}` : ''}`);
    if (existsSync(folder)) continue;
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

try {
  const paths = givenPaths();
  await setup();
  await build();
  if (hasDisplay()) {
    const { command, args, env } = inElectron([ROOT, ...paths]);
    process.exitCode = await handOver(command, args, { env });
  } else {
    const out = newFolder();
    const what = paths.length > 0 ? paths : [DEFAULT_PATH];
    say(`There is no display here, so no window can be opened. Doing the same job without one:`);
    say(`  reading ${what.join(' ')}`);
    say(`  writing the case and a picture of its timeline to ${out}`);
    // Chromium complains at length where there is no desktop around it; what the job says should be readable.
    const { command, args, env } = onDisplay(inElectron(['--log-level=3', ROOT, '--headless-job', '--out', out, '--', ...what]));
    process.exitCode = await handOver(command, args, { env });
  }
} catch (error) {
  process.exitCode = fail(error);
}
