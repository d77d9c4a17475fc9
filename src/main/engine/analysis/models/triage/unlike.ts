/** What to mark first, before there is a model: patterns that differ most from each other, so that a few marks say much. */
import type { Reason, TriageRow } from '../../../../../shared/contract/models.ts';
import { formatCount } from '../../../../../shared/numbers.ts';
import type { Catalog } from '../../../search/catalog.ts';
import { nameOf } from '../../../search/rows.ts';
import type { Turns } from '../../../search/turns.ts';
import { HOT } from '../../../store/segment.ts';
import { dbscan, kMeans, NOISE } from '../clusters.ts';
import { scaled, scalingOf } from '../dataset.ts';
import { Random } from '../random.ts';
import type { Group } from './groups.ts';

/** Groups that are compared with each other, the rarest of more. */
const MOST_COMPARED = 1500;
/** Groups around a pattern that make it one of many. */
const MANY = 4;
/** What is told of a pattern. */
const MOST_TOLD = 2;

/**
 * Patterns without others like them come first (the noise of DBSCAN, the most distant first), then one for each cluster of the rest
 * (k-means), the smallest cluster first, then the others. `tell` says of a pattern what is most unusual in it, given how many spreads each of
 * its features is from the mean.
 */
export async function unlikeRows(groups: readonly Group[], columns: number, catalog: Catalog, limit: number, turns: Turns, tell: (group: Group, distances: Float64Array) => Reason[]): Promise<{ rows: TriageRow[]; more: number }> {
  const compared = [...groups].sort((a, b) => a.alike - b.alike || a.event.id - b.event.id).slice(0, MOST_COMPARED);
  const n = compared.length;
  if (n === 0) return { rows: [], more: 0 };
  const x = new Float64Array(n * columns);
  compared.forEach(({ row }, i) => x.set(row, i * columns));
  const z = scaled({ x, rows: n, columns }, scalingOf({ x, rows: n, columns }));
  await turns.next();
  // How far the fourth nearest is: usual for most, far for those that stand alone.
  const reach = Float64Array.from(compared, (_, i) => distanceToNearest(z, n, columns, i, MANY));
  const usual = Float64Array.from(reach).sort()[Math.floor(n / 2)];
  await turns.next();
  const dense = dbscan(z, n, columns, Math.max(usual * 1.5, 1e-9), MANY);
  await turns.next();
  const places = Array.from({ length: n }, (_, i) => i);
  const alone = places.filter((i) => dense[i] === NOISE).sort((a, b) => reach[b] - reach[a]);
  const rest = places.filter((i) => dense[i] !== NOISE);
  const restX = new Float64Array(rest.length * columns);
  rest.forEach((i, k) => restX.set(z.subarray(i * columns, (i + 1) * columns), k * columns));
  const { cluster, centres } = rest.length > 0 ? kMeans(restX, rest.length, columns, Math.max(2, Math.ceil(Math.sqrt(rest.length))), new Random(1)) : { cluster: new Int32Array(0), centres: new Float64Array(0) };
  const members = new Map<number, number[]>();
  rest.forEach((i, k) => members.set(cluster[k], [...(members.get(cluster[k]) ?? []), i]));
  const clusters = [...members].map(([c, list]) => list.sort((a, b) => toCentre(z, centres, a, c, columns) - toCentre(z, centres, b, c, columns))).sort((a, b) => a.length - b.length || a[0] - b[0]);
  const most = reach.reduce((top, value) => (Number.isFinite(value) ? Math.max(top, value) : top), 1e-9);
  const row = (i: number, text: string): TriageRow => {
    const { event, alike } = compared[i];
    const unusual = tell(compared[i], z.slice(i * columns, (i + 1) * columns).map(Math.abs)).slice(0, MOST_TOLD);
    return {
      event: event.id, score: Math.max(0, Math.min(1, reach[i] / most)), reasons: [{ text, weight: 1 }, ...unusual], alike,
      pattern: nameOf(catalog, event.segment, HOT.template, event.offset), service: nameOf(catalog, event.segment, HOT.service, event.offset),
    };
  };
  const rows = [
    ...alone.map((i) => row(i, 'no other pattern is like its own')),
    ...clusters.map(([first, ...others]) => row(first, others.length === 0 ? 'its pattern is one of a kind' : `its pattern stands for ${formatCount(others.length)} more that are like it`)),
    ...clusters.flatMap(([, ...others]) => others.map((i) => row(i, 'its pattern is like one that is listed above'))),
  ];
  return { rows: rows.slice(0, limit), more: Math.max(0, groups.length - limit) };
}

function distanceToNearest(z: Float64Array, n: number, columns: number, i: number, k: number): number {
  const nearest: number[] = [];
  for (let other = 0; other < n; other++) {
    if (other === i) continue;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (z[i * columns + j] - z[other * columns + j]) ** 2;
    if (nearest.length < k || sum < nearest[nearest.length - 1]) {
      nearest.push(sum);
      nearest.sort((a, b) => a - b);
      if (nearest.length > k) nearest.pop();
    }
  }
  return nearest.length === 0 ? 0 : Math.sqrt(nearest[nearest.length - 1]);
}
function toCentre(z: Float64Array, centres: Float64Array, i: number, c: number, columns: number): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += (z[i * columns + j] - centres[c * columns + j]) ** 2;
  return sum;
}
