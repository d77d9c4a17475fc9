import { describe, expect, it, vi } from 'vitest';

vi.mock('../../client/client.ts', () => ({ engine: {}, shell: {} }));
const { alertSegments } = await import('./alert-strip.tsx');

const RANGE = { from: 0, to: 1000 };
const PLOT = { x: 10, y: 0, width: 100, height: 50 };
const alert = (started: number, ended: number, severity: 'info' | 'medium' | 'critical' = 'medium') => ({ started, ended, severity });

describe('alertSegments', () => {
  it('joins what touches, keeps to the plot, and draws the worst last', () => {
    expect(alertSegments([alert(500, 600, 'critical'), alert(100, 200), alert(150, 300), alert(305, 310), alert(900, 5000), alert(-50, -1), alert(1001, 1002)], RANGE, PLOT)).toEqual([
      { left: 20, right: 42, severity: 'medium' }, { left: 100, right: 110, severity: 'medium' }, { left: 60, right: 70, severity: 'critical' },
    ]);
  });
  it('shows a moment too', () => {
    expect(alertSegments([alert(500, 500, 'info')], RANGE, PLOT)).toEqual([{ left: 60, right: 62, severity: 'info' }]);
  });
});
