/** The one place that knows ECharts: only what the timeline draws is registered, so only that is in the bundle. */
import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { graphic, init, use as register } from 'echarts/core';
import type { ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

register([CustomChart, GridComponent, CanvasRenderer]);

interface Points {
  points: Float32Array;
}
// One path for all bars of a lane and severity: 60 shapes instead of 24,000, so that a zoom step is drawn within a frame.
const Bars = graphic.extendShape({
  type: 'tidemarkBars',
  shape: { points: new Float32Array() },
  buildPath(context: CanvasRenderingContext2D, { points }: Points) {
    for (let at = 0; at < points.length; at += 4) context.rect(points[at], points[at + 1], points[at + 2], points[at + 3]);
  },
});
const Lines = graphic.extendShape({
  type: 'tidemarkLines',
  shape: { points: new Float32Array() },
  buildPath(context: CanvasRenderingContext2D, { points }: Points) {
    for (let at = 0; at < points.length; at += 4) {
      context.moveTo(points[at], points[at + 1]);
      context.lineTo(points[at + 2], points[at + 3]);
    }
  },
});
graphic.registerShape('tidemarkBars', Bars);
graphic.registerShape('tidemarkLines', Lines);

/** A chart on a canvas that fills the element. Dispose it with the element. */
export function makeChart(element: HTMLElement, width: number, height: number): ECharts {
  return init(element, null, { renderer: 'canvas', width, height });
}
