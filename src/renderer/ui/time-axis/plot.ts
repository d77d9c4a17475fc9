/** Where plots over time begin and end in their panels, in pixels: those of panels above each other stand under each other. */

/** left of the plot: names of lanes, values of charts */
export const GUTTER_PX = 168;
/** right of it: as wide as a scroll bar, so that one that comes moves nothing */
export const RIGHT_PX = 12;
