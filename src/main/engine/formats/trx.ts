/** TRX test results of Visual Studio and `dotnet test`; see lib/test-report/trx.ts. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { TrxReader } from './lib/test-report/trx.ts';
import { decodeXml, rootElement } from './lib/test-report/xml-elements.ts';

const DOCUMENT = `<?xml version="1.0" encoding="utf-8"?>
<TestRun id="1" name="ada@CI-1" runUser="CI-1\\ada" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
  <Results>
    <UnitTestResult executionId="a" testId="t1" testName="Rings" computerName="CI-1" duration="00:00:00.2500000" startTime="2026-05-04T12:00:00.1000000+02:00" outcome="Passed"/>
    <UnitTestResult executionId="b" testId="t2" testName="AddsUp" computerName="CI-1" duration="00:00:00.5000000" startTime="2026-05-04T12:00:00.3500000+02:00" outcome="Failed">
      <Output><ErrorInfo><Message>Expected 2, was 3</Message><StackTrace>at Till.cs:line 12</StackTrace></ErrorInfo></Output>
    </UnitTestResult>
  </Results>
  <TestDefinitions>
    <UnitTest name="Rings" id="t1"><TestMethod className="Shop.Till" name="Rings"/></UnitTest>
    <UnitTest name="AddsUp" id="t2"><TestMethod className="Shop.Till" name="AddsUp"/></UnitTest>
  </TestDefinitions>
</TestRun>
`;

export const trx: Format = {
  id: 'trx',
  title: 'TRX test results',
  description: 'Test results as Visual Studio and dotnet test write them.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T12:00:00.350+02:00","event.duration":500000000,"message":"Shop.Till AddsUp: failed: Expected 2, was 3","log.level":"error","host.name":"CI-1","test.case.name":"AddsUp","test.case.result.status":"fail","code.namespace":"Shop.Till"}',
      time: '2026-05-04T10:00:00.350000Z',
      severity: 'high',
      message: 'Shop.Till AddsUp: failed: Expected 2, was 3',
      fields: { host: 'CI-1' },
      numbers: { latencyMs: 500 },
      attributes: { 'test.case.name': 'AddsUp', 'code.namespace': 'Shop.Till' },
    },
  ],
  document: () => new TextEncoder().encode(DOCUMENT),
  recognise(head) {
    return rootElement(head.text) === 'TestRun' ? { confidence: 0.99, reason: 'its first element is <TestRun>' } : null;
  },
  decode: (chunks) => decodeXml(chunks, new TrxReader()),
  open: decodedLines,
};
