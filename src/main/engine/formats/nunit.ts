/** NUnit XML of versions 2 and 3; see lib/test-report/nunit.ts. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { NunitReader } from './lib/test-report/nunit.ts';
import { decodeXml, rootElement } from './lib/test-report/xml-elements.ts';

const DOCUMENT = `<?xml version="1.0" encoding="utf-8" standalone="no"?>
<test-run id="0" testcasecount="2" result="Failed" total="2" passed="1" failed="1" start-time="2026-05-04 10:00:00Z">
  <test-suite type="TestFixture" id="1" name="Till" fullname="Shop.Till" result="Failed" start-time="2026-05-04T10:00:00.1000000Z" duration="0.5">
    <environment machine-name="CI-1"/>
    <test-case id="2" name="Rings" classname="Shop.Till" result="Passed" start-time="2026-05-04T10:00:00.1000000Z" duration="0.25"/>
    <test-case id="3" name="AddsUp" classname="Shop.Till" result="Failed" start-time="2026-05-04T10:00:00.3500000Z" duration="0.25">
      <failure><message><![CDATA[  Expected: 2
  But was:  3
]]></message><stack-trace><![CDATA[at Till.cs:line 12]]></stack-trace></failure>
    </test-case>
  </test-suite>
</test-run>
`;

export const nunit: Format = {
  id: 'nunit',
  title: 'NUnit XML',
  description: 'Test results as NUnit 2 and 3 write them.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T10:00:00.350Z","event.duration":250000000,"message":"Shop.Till AddsUp: failed: Expected: 2","log.level":"error","host.name":"CI-1","test.case.name":"AddsUp","test.case.result.status":"fail"}',
      time: '2026-05-04T10:00:00.350000Z',
      severity: 'high',
      message: 'Shop.Till AddsUp: failed: Expected: 2',
      numbers: { latencyMs: 250 },
      attributes: { 'test.case.name': 'AddsUp', 'test.case.result.status': 'fail' },
    },
  ],
  document: () => new TextEncoder().encode(DOCUMENT),
  recognise(head) {
    const root = rootElement(head.text);
    return root === 'test-run' || root === 'test-results' ? { confidence: 0.99, reason: `its first element is <${root}>` } : null;
  },
  decode: (chunks) => decodeXml(chunks, new NunitReader()),
  open: decodedLines,
};
