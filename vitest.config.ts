import { defineConfig } from 'vitest/config';
import react from '@vitejs/plugin-react';

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/integration/**/*.test.ts', 'test/conformance/**/*.test.ts', 'test/bench/**/*.test.ts', 'build/**/*.test.mjs'],
    // Renderer tests ask for a DOM with a docblock: // @vitest-environment jsdom
    environment: 'node',
    // Processes, not threads: the native SQLite addon and the engine's own worker threads live in them.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    restoreMocks: true,
  },
});
