/** Answers of the API as lines of the text format, which the store reads like those of a file. */
import { MAX_CHUNK } from '../connector.ts';
import type { Metadata, RangeSeries } from './api.ts';

/** Chunks of lines, each with what describes the metric in front. */
export function* exposition(name: string, metadata: Metadata | undefined, series: readonly RangeSeries[]): Generator<Uint8Array, void, void> {
  let head = '';
  if (metadata?.help) head += `# HELP ${name} ${escaped(metadata.help, false)}\n`;
  if (metadata?.type) head += `# TYPE ${metadata.family} ${metadata.type}\n`;
  let text = head;
  for (const { metric, values } of series) {
    const labels = Object.entries(metric).filter(([label]) => label !== '__name__').map(([label, value]) => `${label}="${escaped(value, true)}"`);
    const title = `${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''}`;
    for (const [seconds, value] of values) {
      text += `${title} ${value} ${Math.round(seconds * 1000)}\n`;
      if (text.length < MAX_CHUNK / 4) continue;
      yield Buffer.from(text);
      text = head;
    }
  }
  if (text !== head) yield Buffer.from(text);
}

function escaped(text: string, quoted: boolean): string {
  const plain = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quoted ? plain.replaceAll('"', '\\"') : plain;
}
