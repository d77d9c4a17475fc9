/** Where the services of a call graph and their calls are drawn: callers left of what they call, nothing on anything else. */
import { Graph, layout } from '@dagrejs/dagre';

export const NODE = { width: 150, height: 40 } as const;
/** of a label, pixels: its letters are 12 px high */
const LETTER = 6.6;
export const LABEL_LINE = 14;
const MARGIN = 8;
/** Pixels that a line goes level from a box before it turns. */
const LEVEL = 14;

export interface GraphService {
  service: string;
  /** what stands below its name, and behind that what is bad */
  detail: string;
  bad: string;
  /** how much it is to blame, 0..1; absent = nobody asks */
  blame?: number;
}
export interface GraphCall {
  caller: string;
  callee: string;
  calls: number;
  bad: boolean;
  /** what stands at the middle of the line; the first is what is bad */
  label: readonly string[];
}
interface DrawnService extends GraphService {
  /** left upper corner */
  x: number;
  y: number;
}
export interface DrawnCall extends GraphCall {
  /** middle of the label */
  x: number;
  y: number;
  points: readonly { x: number; y: number }[];
}
export interface DrawnGraph {
  width: number;
  height: number;
  services: DrawnService[];
  calls: DrawnCall[];
}

/** By dagre: layers after Sugiyama, with room for the labels in the lines (Gansner et al., "A Technique for Drawing Directed Graphs", 1993). */
export function drawnGraph({ nodes, edges }: { nodes: readonly GraphService[]; edges: readonly GraphCall[] }): DrawnGraph {
  const graph = new Graph({ directed: true, multigraph: false });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, edgesep: 14, ranksep: 28, marginx: MARGIN, marginy: MARGIN });
  // Names come from the data: places are what the graph knows services by.
  const place = new Map(nodes.map(({ service }, i) => [service, String(i)]));
  for (const id of place.values()) graph.setNode(id, { width: NODE.width, height: NODE.height });
  const calls = edges.flatMap((edge) => {
    const from = place.get(edge.caller);
    const to = place.get(edge.callee);
    return from === undefined || to === undefined ? [] : [{ edge, from, to }];
  });
  for (const { from, to, edge: { label } } of calls) {
    graph.setEdge(from, to, { width: Math.max(0, ...label.map((line) => line.length)) * LETTER + 8, height: label.length * LABEL_LINE + 4, labelpos: 'c' });
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width), height: Math.ceil(height),
    services: nodes.map((node, i) => {
      const { x = 0, y = 0 } = graph.node(String(i));
      return { ...node, x: x - NODE.width / 2, y: y - NODE.height / 2 };
    }),
    calls: calls.map(({ edge, from, to }) => {
      const { x = 0, y = 0, points = [] } = graph.edge(from, to);
      return { ...edge, x, y, points: fromSideToSide(points, graph.node(from), graph.node(to)) };
    }),
  };
}

/** A call to the right leaves and arrives in the middle of a side, level; one that leads back keeps the way it was given. */
function fromSideToSide(points: DrawnCall['points'], from: { x?: number; y?: number }, to: { x?: number; y?: number }): DrawnCall['points'] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [from.x, from.y, to.x, to.y];
  if (x2 - x1 < NODE.width) return points;
  const [left, right] = [x1 + NODE.width / 2, x2 - NODE.width / 2];
  return [{ x: left, y: y1 }, { x: left + LEVEL, y: y1 }, ...points.slice(1, -1).filter(({ x }) => x > left + LEVEL && x < right - LEVEL), { x: right - LEVEL, y: y2 }, { x: right, y: y2 }];
}

/** A line through points, its corners rounded: each is the handle of a curve from middle to middle. */
export function pathOf(points: DrawnCall['points']): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const last = rest.at(-1) ?? first;
  let path = `M${first.x} ${first.y}`;
  for (let i = 0; i + 1 < rest.length; i++) path += `Q${rest[i].x} ${rest[i].y} ${(rest[i].x + rest[i + 1].x) / 2} ${(rest[i].y + rest[i + 1].y) / 2}`;
  return `${path}L${last.x} ${last.y}`;
}
