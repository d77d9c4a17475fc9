/** A process of its own that archives old events of a case or restores its archive 1, and says how far it is, until it is done or killed: node retention-child.ts FOLDER CASE apply|restore */
import { createEngine } from '../../src/main/engine/engine.ts';

const [folder, file, what] = process.argv.slice(2);
const context = { signal: new AbortController().signal };
const engine = createEngine({ dataDir: folder, toolVersion: '0.1.0', user: 'child' });
await engine.handlers.cases.open({ path: file, readOnly: false }, context);
engine.onPush((name, value) => name === 'retention.progress' && value && process.stdout.write(`${(value as { what: string }).what}\n`));
if (what === 'apply') await engine.handlers.retention.apply({ policy: null, evenOpen: false, compact: false }, context);
else await engine.handlers.retention.restore({ id: 1, path: '' }, context);
process.stdout.write('done\n');
await engine.close();
