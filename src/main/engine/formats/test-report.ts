/** Test reports that are one JSON object: mocha, RSpec, Jest and Vitest; see lib/test-report/json-reports.ts. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeJsonObjects, firstObject } from './lib/json-values.ts';
import { reportKind, reportRecords } from './lib/test-report/json-reports.ts';

const DOCUMENT = {
  version: '3.13.0',
  examples: [
    { id: './till_spec.rb[1:1]', description: 'rings', full_description: 'Till rings', status: 'passed', file_path: './till_spec.rb', line_number: 3, run_time: 0.25, pending_message: null },
    { id: './till_spec.rb[1:2]', description: 'adds up', full_description: 'Till adds up', status: 'failed', file_path: './till_spec.rb', line_number: 7, run_time: 0.5, pending_message: null, exception: { class: 'RSpec::Expectations::ExpectationNotMetError', message: '\nexpected: 2\n     got: 3', backtrace: ['./till_spec.rb:8'] } },
  ],
  summary: { duration: 0.8, example_count: 2, failure_count: 1, pending_count: 0, errors_outside_of_examples_count: 0 },
  summary_line: '2 examples, 1 failure',
};

export const testReport: Format = {
  id: 'test-report',
  title: 'Test report (JSON)',
  description: 'Test results as mocha, RSpec, Jest and Vitest write them as JSON.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"event.duration":500000000,"message":"Till adds up: failed: expected: 2","log.level":"error","event.dataset":"rspec.case","test.case.name":"Till adds up","test.case.result.status":"fail","code.file.path":"./till_spec.rb"}',
      time: null,
      severity: 'high',
      message: 'Till adds up: failed: expected: 2',
      numbers: { latencyMs: 500 },
      attributes: { 'test.case.name': 'Till adds up', 'code.file.path': './till_spec.rb' },
    },
  ],
  document: () => new TextEncoder().encode(JSON.stringify(DOCUMENT, null, 2)),
  recognise(head) {
    const first = firstObject(head.text);
    const kind = first && reportKind(first);
    return kind ? { confidence: 0.985, reason: `it is one object with the keys of a ${kind} report` } : null;
  },
  decode: (chunks) => decodeJsonObjects(chunks, reportRecords),
  open: decodedLines,
};
