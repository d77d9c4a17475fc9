/** Reading while events are compared with a million indicators, against reading alone in the same rounds. */
import type { Input } from './inputs.ts';
import { INDICATORS, indicatorList } from './indicator-list.ts';
import type { IngestFigures } from './steps.ts';
import { count, median, megabytes, times, type Row } from './table.ts';

const ROUNDS = 3;

/** @param ingest reads the file into a new case, compared with the lists when there are some */
export async function measureIndicators(folder: string, seed: number, input: Input, ingest: (lists?: [string, string]) => Promise<IngestFigures>): Promise<Row[]> {
  const { paths, planted } = await indicatorList(folder, seed, input);
  const alone: IngestFigures[] = [];
  const compared: IngestFigures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(await ingest());
    compared.push(await ingest(paths));
  }
  const seconds = (runs: readonly IngestFigures[]): number => median(runs.map((run) => run.seconds));
  const missed = compared.find(({ hits }) => hits !== planted);
  const value = seconds(alone) / seconds(compared);
  const peak = Math.max(...compared.map(({ peakBytes }) => peakBytes));
  return [{
    what: `JSON lines compared with ${count(INDICATORS)} indicators, against alone`, value: missed ? 0 : value, figure: missed ? `${missed.hits} of ${planted} met` : times(value), better: 'more', must: { value: 0.95, text: '0.95x' },
    note: `${count(input.events / seconds(compared))}/s; all ${planted} planted ones met; peak ${megabytes(peak)}, ${megabytes(Math.max(...alone.map(({ peakBytes }) => peakBytes)))} alone`,
  }];
}
