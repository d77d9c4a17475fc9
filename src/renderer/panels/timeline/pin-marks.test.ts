import { expect, it } from 'vitest';
import { clusterPins } from './pin-marks.ts';

const plot = { x: 100, y: 0, width: 1000, height: 50 };
const range = { from: 0, to: 1000 };

it('puts pins that cannot be told apart under one mark, in the order of time, each event once', () => {
  const pins = [{ eventId: 3, time: 503 }, { eventId: 1, time: 500 }, { eventId: 1, time: 500 }, { eventId: 2, time: 508 }, { eventId: 9, time: 0 }, { eventId: 8, time: 1000 }];
  expect(clusterPins(pins, range, plot)).toEqual([
    { x: 100, time: 0, eventIds: [9] },
    { x: 600, time: 500, eventIds: [1, 3] },
    { x: 608, time: 508, eventIds: [2] },
    { x: 1100, time: 1000, eventIds: [8] },
  ]);
});
it('leaves out what is outside of the range', () => {
  expect(clusterPins([{ eventId: 1, time: -1 }, { eventId: 2, time: 1001 }], range, plot)).toEqual([]);
});
