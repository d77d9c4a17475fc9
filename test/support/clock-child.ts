/** A process of its own that sets the clock of source 1 and says when rollups begin to be counted anew, until it is killed: node clock-child.ts FOLDER CASE OFFSET */
import { createEngine } from '../../src/main/engine/engine.ts';

const [folder, file, offset] = process.argv.slice(2);
const context = { signal: new AbortController().signal };
const engine = createEngine({ dataDir: folder, toolVersion: '0.1.0', user: 'child' });
await engine.handlers.cases.open({ path: file, readOnly: false }, context);
engine.onPush((name) => name === 'clocks.recount' && process.stdout.write('counting\n'));
await engine.handlers.clocks.set({ source: 1, setting: { offset: Number(offset), drift: 0, reference: 0, uncertainty: 0, zone: '', note: '' } }, context);
setInterval(() => undefined, 1000);
