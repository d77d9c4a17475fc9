// Bundles the benchmarks, with the engine's workers beside them, for the oldest runtime that has to run them: its
// Node reads no TypeScript.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';
import { ROOT } from './lib/paths.mjs';
import { filesBelow } from './lib/tree.mjs';

const entries = Object.fromEntries([
  ...readdirSync(path.join(ROOT, 'test/bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file.slice(0, -3), `test/bench/${file}`]),
  ...filesBelow('src/main/engine/workers')
    .filter((file) => /\/(parse|query)\.ts$/.test(file))
    .map((file) => [path.basename(file, '.ts'), file]),
]);

export default defineConfig({
  root: ROOT,
  logLevel: 'warn',
  // As in the application (electron.vite.config.ts).
  ssr: { noExternal: ['zod', 'yauzl', 'fzstd'] },
  build: {
    ssr: true,
    outDir: 'out/bench',
    emptyOutDir: true,
    target: 'node20.18',
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: entries,
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
});
