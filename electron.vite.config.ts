import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'electron-vite';
import react from '@vitejs/plugin-react';

/** Keeps the entries whose source exists, so that a partial tree builds too. */
function present(entries: Record<string, string>): Record<string, string> | undefined {
  const found = Object.entries(entries).filter(([, file]) => existsSync(file));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, file]) => [name, resolve(file)]));
}

const main = present({
  index: 'src/main/index.ts',
  engine: 'src/main/engine/index.ts',
  parse: 'src/main/engine/workers/parse.ts',
  query: 'src/main/engine/workers/query.ts',
  cli: 'src/main/cli/index.ts',
});
const preload = present({ index: 'src/preload/index.ts' });
const renderer = present({ index: 'src/renderer/index.html' });

const config: UserConfig = {};

if (main) {
  config.main = {
    build: {
      outDir: 'out/main',
      // The oldest runtime that has to run this code (see docs/decisions and build/lib/pins.mjs).
      target: 'node20.18',
      // Bundled, only what is used of them is loaded: zod alone took 40 ms of every worker's start.
      externalizeDeps: { exclude: ['zod', 'yauzl', 'fzstd'] },
      sourcemap: true,
      rollupOptions: {
        input: main,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          // Chunks lie beside the entries, so `new URL('./parse.js', import.meta.url)` means the same file
          // whether the code that says it ended up in an entry or in a chunk.
          chunkFileNames: 'chunk-[name]-[hash].js',
        },
      },
    },
  };
}

if (preload) {
  config.preload = {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      // A sandboxed preload cannot require packages: everything but electron goes into the one file.
      externalizeDeps: false,
      rollupOptions: {
        input: preload,
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  };
}

if (renderer) {
  config.renderer = {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome130',
      // Less to read and parse before the first picture.
      minify: true,
      // Files come from disk: a request per chunk is cheap, and the warning about size is for the web.
      chunkSizeWarningLimit: 4096,
      rollupOptions: { input: renderer },
    },
  };
}

export default defineConfig(config);
