/** A process of its own that reads files into a case until it is done or killed: node ingest-child.ts FOLDER CASE FILE... */
import { createEngine } from '../../src/main/engine/engine.ts';

const [folder, file, ...paths] = process.argv.slice(2);
const context = { signal: new AbortController().signal };
const engine = createEngine({ dataDir: folder, toolVersion: '0.1.0', user: 'child' });
await engine.handlers.cases.open({ path: file, readOnly: false }, context);
process.stdout.write('open\n');
if (paths.length > 0) {
  engine.onPush((name, value) => name === 'ingest.progress' && process.stdout.write(`stored ${(value as { ledger: { stored: number } }).ledger.stored}\n`));
  const { job } = await engine.handlers.ingest.start({ paths, options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 } }, context);
  await engine.handlers.ingest.finished({ job }, context);
  await engine.close();
} else {
  // Holds the case until it is killed.
  setInterval(() => undefined, 1000);
}
