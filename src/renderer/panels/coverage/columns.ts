/** Where the columns of the coverage stand, in pixels. */
export const ROW_PX = 28;
export const HEAD_PX = 24;
const NAME = 230;
const NARROW_NAME = 150;
const TIME = 144;
const EVENTS = 72;
/** Below this width the chart has the room of the two stamps, which the title of the row tells. */
const WITH_STAMPS = 960;

export interface Columns {
  name: number;
  plot: number;
  events: number;
  /** of each of first and last; 0 = not drawn */
  time: number;
}

/** @param width of the panel; a scroll bar is reckoned with */
export function columnsOf(width: number): Columns {
  const time = width >= WITH_STAMPS ? TIME : 0;
  const name = width >= WITH_STAMPS ? NAME : NARROW_NAME;
  return { name, events: EVENTS, time, plot: Math.max(40, width - name - EVENTS - 2 * time - 14) };
}
