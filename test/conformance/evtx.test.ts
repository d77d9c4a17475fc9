/**
 * Real Windows event logs, decoded and read as the engine does it: what no ground truth says (that is in ground-truth.test.ts). They lie outside
 * the repository, so without them there is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evtx } from '../../src/main/engine/formats/evtx.ts';
import { readEventLog } from '../support/conformance/security.ts';
import { decodeWhole } from '../support/decode-whole.ts';

const folder = fileURLToPath(new URL('../../../shared/data/security', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/security beside the repository');

describe.skipIf(!there)('Windows event logs', () => {
  const files = there ? fs.readdirSync(path.join(folder, 'evtx')).filter((name) => name.endsWith('.evtx')) : [];

  it('fills the columns of real records', async () => {
    expect(files.length).toBeGreaterThanOrEqual(15);
    for (const file of files) {
      for (const { fields, message, time, attributes } of (await readEventLog(path.join(folder, 'evtx', file))).records) {
        expect(time, file).not.toBeNull();
        // The checksums of these files are right.
        expect(attributes.map(({ name }) => name), file).not.toContain('evtx.damage');
        expect(fields, file).toMatchObject({ service: expect.stringMatching(/\w/) as unknown, host: expect.stringMatching(/\w/) as unknown, level: expect.stringMatching(/^[a-z]+$/) as unknown });
        expect(message, file).toMatch(/^[\w -]+ \d+( [A-Za-z -]+)?(: |$)/);
        expect(message?.length, file).toBeLessThan(1600);
      }
    }
  });

  it('comes to an end with damaged files, and reads what is whole', async () => {
    // Every 997th byte of a real chunk turned over, one after the other: the rest of the records are still there.
    const file = fs.readFileSync(path.join(folder, 'evtx/DE_sysmon-3-rdp-tun.evtx'));
    for (let at = 4096 + 512; at < 4096 + 59_000; at += 997) {
      const damaged = Uint8Array.from(file);
      damaged[at] ^= 0xff;
      const lines = (await decodeWhole(evtx, damaged, { size: 50_000 })).toString().split('\n').slice(0, -1);
      // A template is used by a third of the records at most; the other records do not depend on it.
      expect(lines.filter((line) => line.startsWith('{"Event"')).length, `byte ${at}`).toBeGreaterThan(20);
      for (const line of lines) JSON.parse(line);
    }
  });

  it('reads chunks behind each other as it reads each alone', async () => {
    const logs = (fs.readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.evtx')).toSorted().map((name) => fs.readFileSync(path.join(folder, name)));
    const offset = /"offset":\d+/;
    const alone: string[] = [];
    for (const log of logs) alone.push(...(await decodeWhole(evtx, log)).toString().split('\n').filter((line) => line !== '').map((line) => line.replace(offset, '')));
    // Twice, so that everything that is known of templates and names is used.
    const all = Buffer.concat([logs[0].subarray(0, 4096), ...[...logs, ...logs].map((log) => log.subarray(4096))]);
    all.writeUInt16LE(2 * logs.length, 42);
    const together = (await decodeWhole(evtx, all)).toString().split('\n').filter((line) => line !== '').map((line) => line.replace(offset, ''));
    expect(alone.length).toBeGreaterThan(150);
    expect(together).toEqual([...alone, ...alone]);
  });
});
