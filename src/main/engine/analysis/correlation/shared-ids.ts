/** What fails together in the same traces and requests, and what fails first. */
import type { ResultSet } from '../../search/result-set.ts';
import { offsetAt } from '../../search/result-set.ts';
import { COLD_FIELDS, HOT } from '../../store/segment.ts';
import type { AnalysisContext } from '../analysis.ts';
import { ERROR, requestColumns, requestMarks } from '../requests.ts';
import { normalUpper } from '../statistics/distributions.ts';

const FIELDS = ['trace_id', 'request_id'].map((name) => COLD_FIELDS.indexOf(name as (typeof COLD_FIELDS)[number]));
const MOST_IDS = 200_000;
const MOST_SERVICES = 200;

/** In one id: which services were in it, and when each failed first (NaN = it did not). */
interface Request {
  services: Map<number, number>;
}
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
export async function failingTogether(context: AnalysisContext, result: ResultSet): Promise<{ pairs: FailingPair[]; ids: number; truncated: boolean }> {
  const { catalog, turns } = context;
  const requests = new Map<string, Request>();
  let truncated = false;
  for (const part of result.parts) {
    const { segment } = part;
    const { fields } = catalog.cold(segment);
    const column = FIELDS.map((field) => fields[field]).find((each) => each !== undefined && each !== null);
    if (!column) continue;
    const marks = requestMarks(requestColumns(catalog, segment));
    const byCode = new Map<number, Request | null>();
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      const code = column.codes[i];
      const service = segment.dicts[HOT.service][segment.hot.codes[HOT.service][i]];
      if (code === 0 || service === 0) continue;
      let request = byCode.get(code);
      if (request === undefined) {
        const id = column.values.text(code);
        request = requests.get(id) ?? null;
        if (!request && requests.size < MOST_IDS) requests.set(id, (request = { services: new Map() }));
        if (!request) truncated = true;
        byCode.set(code, request);
      }
      if (!request) continue;
      const failedAt = (marks[i] & ERROR) === 0 ? Number.NaN : segment.hot.time[i];
      const known = request.services.get(service);
      if (known === undefined) request.services.set(service, failedAt);
      else if (!Number.isNaN(failedAt) && !(known <= failedAt)) request.services.set(service, failedAt);
    }
    await turns.next();
  }
  return { pairs: pairsOf(requests, (id) => catalog.names[HOT.service][id]), ids: requests.size, truncated };
}

interface Cell {
  both: number;
  aOnly: number;
  bOnly: number;
  neither: number;
  aFirst: number;
  delays: number[];
  ids: string[];
}

function pairsOf(requests: ReadonlyMap<string, Request>, nameOf: (id: number) => string): FailingPair[] {
  const cells = new Map<number, Cell>();
  for (const [id, { services }] of requests) {
    const list = [...services].slice(0, MOST_SERVICES).sort((x, y) => x[0] - y[0]);
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
          if (cell.ids.length < 10) cell.ids.push(id);
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
    return [{ cause: aIsCause ? a : b, effect: aIsCause ? b : a, both, effectOnly: aIsCause ? bOnly : aOnly, causeOnly: aIsCause ? aOnly : bOnly, neither, first: (aIsCause ? aFirst : both - aFirst) / both, delay, p, ids }];
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
