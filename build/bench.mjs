#!/usr/bin/env node
// npm run bench, bench:conformance, bench:accuracy: runs test/bench/NAME.ts in Electron's own Node, which is what
// users have; TIDEMARK_RUNTIME=node runs it in plain Node.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { withLock } from './lib/lock.mjs';
import { LOCAL, ROOT, inModules, inRoot } from './lib/paths.mjs';
import { handOver, run } from './lib/run.mjs';
import { SetupError, fail } from './lib/say.mjs';
import { hashOf } from './lib/tree.mjs';
import { engineFlags, inElectronAsNode, inNode } from './run-env.mjs';
import { setup } from './setup.mjs';

async function bundle() {
  const stamp = path.join(ROOT, 'out', 'bench', '.stamp');
  const hash = hashOf(['src/main', 'src/shared', 'test/bench', 'test/support', 'build/bench.vite.mjs', 'package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await withLock(path.join(LOCAL, 'locks', 'bench'), 'bundling the benchmarks', async () => {
    rmSync(stamp, { force: true });
    const { command, args, env } = inNode([inModules('vite', 'bin', 'vite.js'), 'build', '-c', inRoot('build', 'bench.vite.mjs')]);
    const result = await run(command, args, { cwd: ROOT, env: { ...env, NO_COLOR: '1' }, merge: true });
    if (result.code !== 0) throw new SetupError(`bundling the benchmarks failed:\n${result.out.trim().slice(-3000)}`);
    writeFileSync(stamp, hash);
  });
}

try {
  const [name, ...rest] = process.argv.slice(2);
  if (!existsSync(inRoot('test', 'bench', `${name}.ts`))) throw new SetupError(`there is no test/bench/${name}.ts.`);
  const plain = process.env.TIDEMARK_RUNTIME === 'node';
  await setup({ window: !plain });
  // A benchmark may start the application or the command line as well as call the engine.
  await build({ quiet: true });
  await bundle();
  const script = [...engineFlags(), '--expose-gc', '--enable-source-maps', inRoot('out', 'bench', `${name}.js`), ...rest];
  const { command, args, env } = plain ? inNode(script) : inElectronAsNode(script);
  process.exitCode = await handOver(command, args, { env, cwd: process.env.INIT_CWD ?? process.cwd() });
} catch (error) {
  process.exitCode = fail(error);
}
