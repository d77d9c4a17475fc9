/** Sigma rules on single records, for tests. */
import { readRecord } from '../../src/main/engine/formats/read-record.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { RuleSet } from '../../src/main/engine/analysis/sigma/rule-set.ts';

export function setOf(...texts: string[]): RuleSet {
  return new RuleSet(texts.map((text, i) => ({ file: `${i}.yml`, text })));
}
/** Titles of the rules that a record of a format matches. `head`: what its file begins with. */
export function found(set: RuleSet, format: string, record: string, head = ''): string[] {
  const reader = formats.find(({ id }) => id === format);
  if (!reader) throw new Error(`there is no format ${format}`);
  const bytes = Buffer.from(record);
  return set.matcher(format).match(bytes, () => readRecord(reader, { path: 'x', modified: 1.7e15, zone: 'UTC', head: Buffer.from(head) }, bytes)).map((index) => set.head(index).title);
}
/** A rule with the title R; its condition is "s" where the detection has none. */
export function rule(detection: string, logsource = 'product: acme'): string {
  return `title: R\nlogsource: {${logsource}}\ndetection:\n${detection.split('\n').map((line) => `    ${line}`).join('\n')}\n${detection.includes('condition:') ? '' : '    condition: s\n'}`;
}
