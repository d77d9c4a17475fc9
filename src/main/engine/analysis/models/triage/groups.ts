/** The patterns of a scope, each of one service, and the event that stands for each: the one with the highest score. */
import { SEGMENT_SIZE } from '../../../../../shared/event.ts';
import { offsetAt, type Located, type ResultSet } from '../../../search/result-set.ts';
import { HOT } from '../../../store/segment.ts';
import type { AnalysisContext } from '../../analysis.ts';
import type { CaseProfile } from './case-profile.ts';
import type { FeatureReader } from './event-features.ts';
import type { ReadModel } from './model-file.ts';

/** Events that are scored; of more, all of rare patterns and an even share of the others. */
const MOST_SCORED = 200_000;
/** A pattern with fewer events than this is rare. */
const RARE = 200;

/** One pattern of one service in the scope. */
export interface Group {
  event: Located;
  score: number;
  alike: number;
  /** the features of that event */
  row: Float64Array;
}

/** An even share of ids, whatever their order (splitmix's last steps). */
function shareOf(id: number): number {
  let z = (id ^ (id / 4294967296)) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) >>> 0) / 4294967296;
}

/** Events that were marked are left out, and counted as `left`; a pattern all of whose events were is none. `model` null = any event stands for its pattern. */
export async function groupsOf(result: ResultSet, reader: FeatureReader, profile: CaseProfile, marked: ReadonlyMap<number, boolean>, model: ReadModel | null, { turns, progress }: AnalysisContext): Promise<{ groups: Group[]; scored: number; left: number }> {
  const share = result.total <= MOST_SCORED ? 1 : MOST_SCORED / result.total;
  const groups = new Map<string, Group>();
  const row = new Float64Array(reader.columns);
  let scored = 0;
  let left = 0;
  for (const [at, part] of result.parts.entries()) {
    const { segment, count } = part;
    const { hot, dicts } = segment;
    const [templates, services] = [HOT.template, HOT.service].map((field) => ({ codes: hot.codes[field], dict: dicts[field] }));
    // Keys are made once for each pair of codes, not for each event.
    const byCodes = new Map<number, { key: string; unmarked: number; rare: boolean }>();
    for (let place = 0; place < count; place++) {
      const offset = offsetAt(part, place);
      const codes = templates.codes[offset] * 65_536 + services.codes[offset];
      let of = byCodes.get(codes);
      if (!of) {
        const template = templates.dict[templates.codes[offset]];
        byCodes.set(codes, (of = { key: `${template} ${services.dict[services.codes[offset]]}`, unmarked: 0, rare: profile.templates[template] <= RARE }));
      }
      const id = segment.id * SEGMENT_SIZE + offset;
      if (marked.has(id)) {
        left++;
        continue;
      }
      of.unmarked++;
      const known = groups.get(of.key);
      if (known && share < 1 && !of.rare && shareOf(id) >= share) continue;
      reader.read({ segment, offset }, row);
      const score = model ? model.classifier.predict(row) : 0;
      scored++;
      if (known && score <= known.score) continue;
      if (known) {
        known.score = score;
        known.event = { id, segment, offset };
        known.row.set(row);
      } else groups.set(of.key, { event: { id, segment, offset }, score, alike: 0, row: row.slice() });
    }
    for (const { key, unmarked } of byCodes.values()) {
      const group = groups.get(key);
      if (group) group.alike += unmarked;
    }
    progress(0.5 + (0.5 * at) / result.parts.length, model ? 'Scoring events' : 'Comparing patterns');
    await turns.next();
  }
  return { groups: [...groups.values()], scored, left };
}
