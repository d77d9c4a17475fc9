/** A process of its own that takes a snapshot of a case or restores one, and says how far it is, until it is done or killed: node snapshot-child.ts FOLDER CASE [ID] */
import { createEngine } from '../../src/main/engine/engine.ts';

const [folder, file, id] = process.argv.slice(2);
const context = { signal: new AbortController().signal };
const engine = createEngine({ dataDir: folder, toolVersion: '0.1.0', user: 'child' });
await engine.handlers.cases.open({ path: file, readOnly: false }, context);
engine.onPush((name, value) => name === 'snapshots.progress' && value && process.stdout.write(`${(value as { what: string }).what}\n`));
if (id === undefined) await engine.handlers.snapshots.take({ name: 'child', description: '' }, context);
else await engine.handlers.snapshots.restore({ id }, context);
process.stdout.write('done\n');
await engine.close();
