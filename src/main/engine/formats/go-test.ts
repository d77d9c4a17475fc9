/** What `go test -json` writes; see lib/test-report/go-test.ts. */
import type { Format, Head, Recognition } from './format.ts';
import { byteLines } from './lib/byte-lines.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { encodedLines } from './lib/encoded-lines.ts';
import { isObject } from './lib/json-access.ts';
import { GoTests, isGoTest } from './lib/test-report/go-test.ts';

const DOCUMENT = [
  { Time: '2026-05-04T10:00:00Z', Action: 'start', Package: 'example.org/shop' },
  { Time: '2026-05-04T10:00:00.1Z', Action: 'run', Package: 'example.org/shop', Test: 'TestTill' },
  { Time: '2026-05-04T10:00:00.2Z', Action: 'output', Package: 'example.org/shop', Test: 'TestTill', Output: '    till_test.go:12: expected 2, got 3\n' },
  { Time: '2026-05-04T10:00:00.3Z', Action: 'fail', Package: 'example.org/shop', Test: 'TestTill', Elapsed: 0.2 },
  { Time: '2026-05-04T10:00:00.4Z', Action: 'fail', Package: 'example.org/shop', Elapsed: 0.4 },
].map((event) => JSON.stringify(event)).join('\n');

export const goTest: Format = {
  id: 'go-test',
  title: 'go test -json',
  description: 'Test results as go test -json (test2json) writes them: one event for each test and package.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T10:00:00.1Z","event.duration":200000000,"message":"example.org/shop TestTill: failed: till_test.go:12: expected 2, got 3","log.level":"error","service.name":"shop","test.case.name":"TestTill","test.case.result.status":"fail"}',
      time: '2026-05-04T10:00:00.100000Z',
      severity: 'high',
      message: 'example.org/shop TestTill: failed: till_test.go:12: expected 2, got 3',
      fields: { service: 'shop' },
      numbers: { latencyMs: 200 },
      attributes: { 'test.case.name': 'TestTill' },
    },
  ],
  document: () => new TextEncoder().encode(DOCUMENT),
  recognise,
  decode: (chunks) => encodedLines(linesOf(chunks)),
  open: decodedLines,
};

function recognise(head: Head): Recognition | null {
  const lines = head.lines.slice(0, 100);
  const events = lines.filter(isEvent).length;
  if (events === 0 || events < lines.length / 2) return null;
  return { confidence: 0.985, reason: `${events} of ${lines.length} lines are events of go test -json` };
}
function isEvent(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && isGoTest(value);
  } catch {
    return false;
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const tests = new GoTests();
  for await (const { bytes, offset, number } of byteLines(chunks)) yield* tests.line(bytes, offset, number);
  yield* tests.end();
}
