/** Counts of a source as blocks to be drawn: the more events, the higher and the stronger. Pure. */

/** How many strengths are told apart; height tells the same as colour. */
export const LEVELS = 4;

export interface Block {
  /** first bucket, and how many */
  at: number;
  length: number;
  /** 1 .. LEVELS */
  level: number;
}

/** Neighbouring buckets of one level, empty ones left out. Levels go by the logarithm of the count: one event is there to be seen beside a million. */
export function blocksOf(counts: Uint32Array): Block[] {
  const peak = counts.reduce((most, n) => Math.max(most, n), 0);
  const scale = LEVELS / Math.log1p(peak);
  const blocks: Block[] = [];
  for (let at = 0; at < counts.length; at++) {
    if (counts[at] === 0) continue;
    const level = Math.max(1, Math.ceil(Math.log1p(counts[at]) * scale - 1e-9));
    const last = blocks.at(-1);
    if (last && last.level === level && last.at + last.length === at) last.length++;
    else blocks.push({ at, length: 1, level });
  }
  return blocks;
}

/** The blocks of a level as the path of an SVG, `width` by `height` pixels; every block stands on the ground and is at least a pixel wide. */
export function pathOf(blocks: readonly Block[], level: number, buckets: number, width: number, height: number): string {
  const step = width / buckets;
  const top = height * (1 - level / LEVELS);
  return blocks
    .filter((block) => block.level === level)
    .map(({ at, length }) => `M${(at * step).toFixed(1)} ${height}V${top.toFixed(1)}h${Math.max(1, length * step).toFixed(1)}V${height}z`)
    .join('');
}
