/** ECharts for series drawn as shapes: only that is registered, so only that is in the bundle. */
import { CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import type { ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

register([CustomChart, GridComponent, CanvasRenderer]);

/** A chart on a canvas that fills the element. Dispose it with the element. */
export function makeChart(element: HTMLElement, width: number, height: number): ECharts {
  return init(element, null, { renderer: 'canvas', width, height });
}
