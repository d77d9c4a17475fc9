import { describe, expect, it } from 'vitest';
import { commandOnFile, type CommandRun } from '../../../../test/support/run-command.ts';
import { UsageError } from '../arguments.ts';
import { anomalies } from './anomalies.ts';

const onFile = commandOnFile(anomalies);
const run = (content: string, ...words: string[]): Promise<CommandRun> => onFile('series.csv', content, ...words);

const stamp = (i: number): string => `2026-01-01 ${String(Math.floor(i / 60) % 24).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
const lines = Array.from({ length: 800 }, (_, i) => `${stamp(i)},${i === 700 ? 500 : 20 + (i % 7)}`);

describe('tidemark anomalies of a series', () => {
  it('gives one object a row, in order, with times as they stand in the file', async () => {
    const { code, out, notes } = await run(`timestamp,value\n${lines.join('\n')}\n`, '--json');
    const rows = out.trim().split('\n').map((line) => JSON.parse(line) as { timestamp: string; value: number; score: number; anomaly: boolean });
    expect([code, notes, rows.length]).toEqual([0, [], 800]);
    expect(rows.map(({ timestamp, value }) => `${timestamp},${value}`)).toEqual(lines);
    expect(Object.keys(rows[0])).toEqual(['timestamp', 'value', 'score', 'anomaly']);
    expect(rows.flatMap(({ anomaly }, i) => (anomaly ? [i] : []))).toEqual([700]);
    expect(rows.every(({ score, anomaly }) => score >= 0 && score <= 1 && anomaly === score >= 0.5)).toBe(true);
  });

  it('keeps rows without a number, and counts them aloud', async () => {
    const { code, out, notes } = await run(`time,value\n${['a,1', 'b,', 'c,x', 'd,2'].join('\n')}\n`, '--json');
    expect(code).toBe(0);
    expect(out.trim().split('\n').map((line) => JSON.parse(line) as object)).toEqual([
      { timestamp: 'a', value: 1, score: 0, anomaly: false }, { timestamp: 'b', value: null, score: 0, anomaly: false },
      { timestamp: 'c', value: null, score: 0, anomaly: false }, { timestamp: 'd', value: 2, score: 0, anomaly: false },
    ]);
    expect(notes).toEqual(['2 of 4 rows have no number as their value: line 3, 4.']);
    await expect(run('time,value\na,\n')).rejects.toThrow('has a number');
  });

  it('shows people the flagged rows, and why', async () => {
    const { out } = await run(`timestamp,value\n${lines.join('\n')}\n`);
    expect(out).toMatch(/702 +2026-01-01 11:40 +500 .*away from anything before/);
    expect(out).toContain('1 of 800 rows flagged.');
  });

  it('says what is wrong with what was typed', async () => {
    await expect(run('1\n2\n', 'service:api')).rejects.toThrow(UsageError);
    await expect(run('1\n2\n', '--from', '-1h')).rejects.toThrow(UsageError);
  });
});
