import { describe, expect, it } from 'vitest';
import type { CustomSeriesOption } from 'echarts/charts';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { laneBox, plotBox, windowToOption } from './window-option.ts';
import type { WindowOptionInput } from './window-option.ts';

const HOUR = 3_600e6;
const FROM = Date.parse('2026-11-20T12:00:00Z') * 1000;

function reply(): WindowReply {
  const busy = new Uint32Array(10 * 5);
  busy.set([10, 0, 0, 0, 5], 0);
  busy.set([100, 0, 0, 0, 0], 45);
  const quiet = new Uint32Array(10 * 5);
  quiet.set([1, 0, 0, 0, 0], 10);
  return {
    from: FROM, to: FROM + 10 * HOUR, step: HOUR, buckets: 10, more: 0, severities: [0, 0, 0, 0, 116], version: 1, total: 116, complete: true, scanned: 1, unreadable: 0,
    lanes: [
      { key: 'api', label: 'api', total: 115, counts: busy, gaps: [{ from: FROM + 2 * HOUR, to: FROM + 8 * HOUR }] },
      { key: 'cron', label: 'cron', total: 1, counts: quiet, gaps: [] },
    ],
  };
}
const input: WindowOptionInput = {
  width: 1112, height: 120, gutter: 100, zone: 'UTC', range: { from: FROM, to: FROM + 10 * HOUR }, log: false, sameScale: false,
  colors: { severity: { info: '#1', low: '#2', medium: '#3', high: '#4', critical: '#5' }, text: '#t', line: '#l', lineStrong: '#s' },
};
interface Drawn {
  type: string;
  shape: { points: Float32Array };
  style: Record<string, unknown>;
}
function drawn(change: Partial<WindowOptionInput>, id: string): (Drawn | undefined)[] {
  const { series } = windowToOption(reply(), { ...input, ...change });
  const found = (series as CustomSeriesOption[]).find((one) => one.id === id);
  const draw = found?.renderItem as unknown as (params: { dataIndex: number }) => Drawn | undefined;
  return ((found?.data ?? []) as unknown[]).map((_, dataIndex) => draw({ dataIndex }));
}

describe('windowToOption', () => {
  it('has a series a severity in its own colour, bars by lane', () => {
    const [busy, quiet] = drawn({}, 'severity-info');
    expect(busy?.style.fill).toBe('#1');
    // plot: 1000 px from 100; buckets of 100 px with a hairline between; first and last bucket have events
    expect([...(busy?.shape.points ?? [])].filter((_, index) => index % 4 === 0)).toEqual([100, 1000]);
    expect([...(quiet?.shape.points ?? [])].filter((_, index) => index % 4 === 0)).toEqual([300]);
    expect(drawn({}, 'severity-critical')[1]).toBeUndefined();
  });
  it('gives each lane its own scale, or all lanes one', () => {
    const height = (sameScale: boolean): number => drawn({ sameScale }, 'severity-info')[1]?.shape.points[3] ?? 0;
    expect(height(false)).toBe(laneBox(plotBox(input), 1, 2, true).height);
    expect(height(true)).toBe(1);
  });
  it('moves old bars to where they belong in a new range, and leaves out those outside', () => {
    const [busy, quiet] = drawn({ range: { from: FROM + 2 * HOUR, to: FROM + 4 * HOUR } }, 'severity-info');
    expect(busy).toBeUndefined();
    expect([...(quiet?.shape.points ?? [])].slice(0, 3)).toEqual([100, expect.any(Number), 499]);
  });
  it('hatches gaps where they are', () => {
    const [gap, none] = drawn({}, 'gaps');
    const xs = [...(gap?.shape.points ?? [])].filter((_, index) => index % 2 === 0);
    expect(Math.min(...xs)).toBe(300);
    expect(Math.max(...xs)).toBe(900);
    expect(none).toBeUndefined();
  });
  it('labels the axis in the zone', () => {
    const labels = (zone: string): string[] => {
      const axis = windowToOption(reply(), { ...input, zone }).xAxis as { axisLabel: { customValues: number[]; formatter: (value: number) => string } };
      return axis.axisLabel.customValues.map((value) => axis.axisLabel.formatter(value));
    };
    expect(labels('UTC').slice(0, 2)).toEqual(['12:00', '13:00']);
    expect(labels('Asia/Tokyo').slice(0, 2)).toEqual(['21:00', '22:00']);
    expect(labels('Asia/Tokyo')).toContain('21 Nov');
  });
  it('draws an empty window without lanes', () => {
    const option = windowToOption({ ...reply(), lanes: [] }, input);
    expect((option.series as CustomSeriesOption[]).length).toBe(7);
  });
});
