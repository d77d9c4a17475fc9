import type { Metric } from '../../../../shared/alert.ts';
import type { PaneOrder } from '../windows/panes.ts';

/** Something that can be measured in windows of event time: a group of events, or a stored metric series. */
export interface Measured {
  /** panes (seconds) in which there is anything */
  order(): PaneOrder;
  /** first pane from which on the metric can be told; null = never */
  first(metric: Metric): number | null;
  /** An empty window. `value` is NaN where there is nothing to measure. */
  window(metric: Metric): { enter(slot: number): void; leave(slot: number): void; value(): number };
}
