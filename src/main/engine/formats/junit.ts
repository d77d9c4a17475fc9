/** JUnit XML; see lib/test-report/junit.ts. One event for each test case, one for each suite that has cases of its own. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { JunitReader } from './lib/test-report/junit.ts';
import { decodeXml, rootElement } from './lib/test-report/xml-elements.ts';

const DOCUMENT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="shop" tests="3" failures="1" skipped="1" time="1.5" timestamp="2026-05-04T10:00:00" hostname="ci-1">
    <testcase classname="Till" name="rings" time="0.5"/>
    <testcase classname="Till" name="adds up" time="0.75"><failure message="expected 2 &amp; got 3" type="AssertionError"><![CDATA[at Till.java:12]]></failure></testcase>
    <testcase classname="Till" name="closes"><skipped/></testcase>
  </testsuite>
</testsuites>
`;

export const junit: Format = {
  id: 'junit',
  title: 'JUnit XML',
  description: 'Test results as JUnit, pytest, Jest, PHPUnit, Gradle, gotestsum and many others write them.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T10:00:00.500","event.duration":750000000,"message":"Till adds up: failed: expected 2 & got 3","log.level":"error","host.name":"ci-1","test.case.name":"adds up","test.case.result.status":"fail","test.suite.name":"shop","code.namespace":"Till"}',
      time: '2026-05-04T10:00:00.500000Z',
      severity: 'high',
      message: 'Till adds up: failed: expected 2 & got 3',
      fields: { host: 'ci-1' },
      numbers: { latencyMs: 750 },
      attributes: { 'test.case.name': 'adds up', 'test.case.result.status': 'fail', 'test.suite.name': 'shop' },
    },
  ],
  document: () => new TextEncoder().encode(DOCUMENT),
  recognise(head) {
    const root = rootElement(head.text);
    if (root !== 'testsuites' && root !== 'testsuite') return null;
    return { confidence: 0.99, reason: `its first element is <${root}>` };
  },
  decode: (chunks) => decodeXml(chunks, new JunitReader()),
  open: decodedLines,
};
