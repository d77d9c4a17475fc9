import { describe, expect, it } from 'vitest';
import { commandOnFile } from '../../../../test/support/run-command.ts';
import { UsageError } from '../arguments.ts';
import { forecast } from './forecast.ts';

const run = commandOnFile(forecast);
const rows = (out: string): Record<string, unknown>[] => out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const hourly = Array.from({ length: 200 }, (_, t) => `${new Date(Date.UTC(2026, 0, 1, t)).toISOString().slice(0, 19).replace('T', ' ')},${100 + 50 * Math.sin((2 * Math.PI * t) / 24)}`);

describe('tidemark forecast', () => {
  it('goes on with a series in its own steps and form, with intervals', async () => {
    const { code, out } = await run('cpu.csv', `timestamp,value\n${hourly.join('\n')}\n`, '--horizon', '6', '--json');
    expect(code).toBe(0);
    expect(rows(out).map(({ timestamp }) => timestamp)).toEqual(['2026-01-09 08:00:00', '2026-01-09 09:00:00', '2026-01-09 10:00:00', '2026-01-09 11:00:00', '2026-01-09 12:00:00', '2026-01-09 13:00:00']);
    rows(out).forEach(({ forecast: value, lower, upper }, k) => {
      expect(Math.abs(Number(value) - (100 + 50 * Math.sin((2 * Math.PI * (200 + k)) / 24)))).toBeLessThan(3);
      expect(Number(lower)).toBeLessThanOrEqual(Number(value));
      expect(Number(upper)).toBeGreaterThanOrEqual(Number(value));
    });
  });
  it('shows people first how wrong it would have been', async () => {
    const { out } = await run('cpu.csv', `timestamp,value\n${hourly.join('\n')}\n`, '--horizon', '2');
    expect(out.indexOf('sMAPE')).toBeGreaterThan(0);
    expect(out.indexOf('sMAPE')).toBeLessThan(out.indexOf('lower 95 %'));
    expect(out).toContain('season of 24 steps');
  });
  it('forecasts many series, counts the lines it cannot read and ends with 1', async () => {
    const good = '{"id":"a","frequency":4,"h":3,"train":[1,2,3,4,2,3,4,5,3,4,5,6]}';
    const { code, out, notes } = await run('many.jsonl', `${good}\n\n{"id":"b"}\nnot json\n{"id":7,"frequency":"monthly","h":1,"train":[5,null,5]}\n{"id":"c","h":1,"train":[null]}\n`, '--json');
    expect(code).toBe(1);
    expect(rows(out).map(({ id, method, forecast: values }) => [id, method, (values as number[]).length])).toEqual([['a', 'combination', 3], [7, expect.any(String), 1]]);
    expect(Object.keys(rows(out)[0])).toEqual(['id', 'forecast', 'method']);
    expect(notes).toEqual([expect.stringContaining('line 3'), 'line 4: it is not JSON', expect.stringContaining('line 6'), '3 of 5 lines could not be read.']);
    expect((await run('good.jsonl', `${good}\n`, '--json')).code).toBe(0);
    expect(rows((await run('series.txt', `\uFEFF${good}\n`, '--json')).out)).toHaveLength(1);
  });
  it('says what is wrong with what was typed', async () => {
    await expect(run('x.csv', 't,v\n2026-01-01,1\n')).rejects.toThrow(UsageError);
    await expect(run('x.csv', 't,v\n', '--horizon', '3')).rejects.toThrow('no column of numbers');
    await expect(run('x.jsonl', '', '--season', '3')).rejects.toThrow('go with SERIES.csv');
  });
});
