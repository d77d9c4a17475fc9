/** What fails together in the same traces and requests, and what fails first. */
import { SEGMENT_SIZE } from '../../../../shared/event.ts';
import type { Catalog, Segment } from '../../search/catalog.ts';
import type { ResultSet } from '../../search/result-set.ts';
import { offsetAt } from '../../search/result-set.ts';
import { COLD_FIELDS, HOT, type ColdColumns } from '../../store/segment.ts';
import type { Turns } from '../../search/turns.ts';
import type { AnalysisContext } from '../analysis.ts';
import { ERROR, requestColumns, requestMarks } from '../requests.ts';
import { SharedRequests } from './shared-requests.ts';
import { normalUpper } from '../statistics/distributions.ts';

type ColdField = NonNullable<ColdColumns['fields'][number]>;
const FIELDS = ['trace_id', 'request_id'].map((name) => COLD_FIELDS.indexOf(name as (typeof COLD_FIELDS)[number]));
/** Ids that are looked at; that there were more is told. */
const MOST_IDS = 2_000_000;
const MOST_SERVICES = 200;

export interface FailingPair {
  /** names of services: `cause` fails no later than `effect` in most of the shared failures */
  cause: string;
  effect: string;
  /** ids with both services, those in which both fail, only the effect, only the cause, none */
  both: number;
  effectOnly: number;
  causeOnly: number;
  neither: number;
  /** share of the shared failures in which the cause failed first */
  first: number;
  /** median of the time between, microseconds */
  delay: number;
  p: number;
  /** some of the ids */
  ids: string[];
}

/** Services whose failures share ids more often than chance would have it, and the number of ids looked at. */
export async function failingTogether(context: AnalysisContext, result: ResultSet, progress: (share: number) => void): Promise<{ pairs: FailingPair[]; ids: number; truncated: boolean }> {
  const { catalog, turns } = context;
  const requests = new SharedRequests(MOST_IDS);
  let truncated = false;
  for (const [at, part] of result.parts.entries()) {
    const { segment } = part;
    const values = idsOf(catalog, segment);
    await turns.next();
    progress(at / result.parts.length);
    if (!values) continue;
    const marks = requestMarks(requestColumns(catalog, segment));
    const services = segment.hot.codes[HOT.service];
    // The request of each code of the segment: 0 = not looked up yet, -1 = one too many.
    const byCode = new Int32Array(values.values.length);
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      const code = values.codes[i];
      const service = segment.dicts[HOT.service][services[i]];
      if (code === 0 || service === 0) continue;
      if (byCode[code] === 0) byCode[code] = requests.find(values.values.bytes(code), at * (SEGMENT_SIZE + 1) + code) + 1 || -1;
      if (byCode[code] < 0) truncated = true;
      else requests.add(byCode[code] - 1, service, (marks[i] & ERROR) === 0 ? Number.NaN : segment.hot.time[i]);
    }
  }
  const idAt = (place: number): string => idsOf(catalog, result.parts[Math.floor(place / (SEGMENT_SIZE + 1))].segment)?.values.text(place % (SEGMENT_SIZE + 1)) ?? '';
  return { pairs: await pairsOf(requests, (id) => catalog.names[HOT.service][id], idAt, turns), ids: requests.count, truncated };
}

function idsOf(catalog: Catalog, segment: Segment): ColdField | undefined {
  const { fields } = catalog.cold(segment);
  return FIELDS.map((field) => fields[field]).find((each) => each !== undefined && each !== null) ?? undefined;
}

interface Cell {
  both: number;
  aOnly: number;
  bOnly: number;
  neither: number;
  aFirst: number;
  delays: number[];
  /** places of some of the ids */
  ids: number[];
}

async function pairsOf(requests: SharedRequests, nameOf: (id: number) => string, idAt: (place: number) => string, turns: Turns): Promise<FailingPair[]> {
  const cells = new Map<number, Cell>();
  for (let request = 0; request < requests.count; request++) {
    if (request % 16_384 === 0) await turns.next();
    if (!requests.isShared(request)) continue;
    const list = requests.servicesOf(request).slice(0, MOST_SERVICES).sort((x, y) => x[0] - y[0]);
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [a, failedA] = list[i];
        const [b, failedB] = list[j];
        const key = a * 2 ** 24 + b;
        let cell = cells.get(key);
        if (!cell) cells.set(key, (cell = { both: 0, aOnly: 0, bOnly: 0, neither: 0, aFirst: 0, delays: [], ids: [] }));
        const fa = !Number.isNaN(failedA);
        const fb = !Number.isNaN(failedB);
        if (fa && fb) {
          cell.both++;
          if (failedA <= failedB) cell.aFirst++;
          if (cell.delays.length < 1000) cell.delays.push(Math.abs(failedB - failedA));
          if (cell.ids.length < 10) cell.ids.push(requests.placeOf(request));
        } else if (fa) cell.aOnly++;
        else if (fb) cell.bOnly++;
        else cell.neither++;
      }
    }
  }
  return [...cells].flatMap(([key, cell]) => {
    const { both, aOnly, bOnly, neither, aFirst, delays, ids } = cell;
    if (both < 3) return [];
    const p = together(both, aOnly, bOnly, neither);
    const a = nameOf(Math.floor(key / 2 ** 24));
    const b = nameOf(key % 2 ** 24);
    const aIsCause = aFirst * 2 >= both;
    const delay = delays.sort((x, y) => x - y)[delays.length >> 1];
    return [{ cause: aIsCause ? a : b, effect: aIsCause ? b : a, both, effectOnly: aIsCause ? bOnly : aOnly, causeOnly: aIsCause ? aOnly : bOnly, neither, first: (aIsCause ? aFirst : both - aFirst) / both, delay, p, ids: ids.map(idAt) }];
  });
}

/** One-sided probability of so many common failures by chance (2x2 table, score test with Yates's correction). */
function together(both: number, aOnly: number, bOnly: number, neither: number): number {
  const n = both + aOnly + bOnly + neither;
  const a = both + aOnly;
  const b = both + bOnly;
  // All of them fail: nothing tells them apart.
  if (a === n || b === n) return 1;
  const expected = (a * b) / n;
  const spread = Math.sqrt((a * b * (n - a) * (n - b)) / (n * n * Math.max(1, n - 1)));
  return spread === 0 ? 1 : normalUpper((both - expected - 0.5) / spread);
}
