import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setOf } from '../../../../../test/support/sigma-rules.ts';

const WHOLE = String.raw`title: One
id: 5638f7c0-ac70-491d-8465-2a65075e0d86
name: one
status: test
level: high
author: Ana
tags: [attack.t1059.001]
logsource:
    category: process_creation
    product: windows
detection:
    selection_img:
        - Image|endswith: '\cmd.exe'
        - OriginalFileName: 'Cmd.Exe'
    selection_cli:
        CommandLine|contains|all|windash:
            - ' -c '
            - 'whoami'
        CommandLine|re|i: '(?:a|b)+c{2,3}'
        Hashes|base64offset|contains: 'foobar'
        ParentImage|fieldref: Image
        LogonId: 0x3e7
        User: null
    filter_main:
        SourceIp|cidr: '10.0.0.0/8'
        Company|exists: false
    timeframe: 5m
    condition: all of selection_* and not (1 of filter_* or selection_img) | count(User) by Computer > 5
---
title: Two
correlation:
    type: temporal_ordered
    rules:
        - one
    group-by: [Computer]
    timespan: 1h
    condition: {gte: 1}
    aliases:
        who: {one: User}
---
title: Three
logsource: {product: windows}
filter:
    rules: [one]
    selection: {User|startswith: 'adm_'}
    condition: not selection
---
name: P
priority: 10
vars: {admins: [root]}
transformations:
    - type: field_name_mapping
      mapping: {User: [SubjectUserName, TargetUserName]}
      rule_conditions: [{type: logsource, product: windows}]
`;
const PIECES = ['|', '*', '?', '\\', "'", '"', '[', ']', '{', '}', '&a ', '*a', '- ', ': ', '\n', '    ', 'null', '~', '!!binary ', '<<: *a', '|re', '|cidr', '|exists', '|expand', '%x%', '1 of ', 'not ', '(', ')', ' | near x', '---\n', 'action: repeat\n', '\t', '\0', '\ud800', '0x', '1e999', '#', '? ', '>-', '\r', 'constructor', '__proto__'];

test('whatever becomes of rules, each runs or has a problem that says where', () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const edit = fc.oneof(fc.tuple(fc.constant('put'), place, fc.constantFrom(...PIECES)), fc.tuple(fc.constant('take'), place, fc.constantFrom('1', '7', '40', '200')), fc.tuple(fc.constant('move'), place, fc.constantFrom('10', '60')));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      let text = WHOLE;
      for (const [kind, where, what] of edits) {
        const at = Math.floor(where * text.length);
        if (kind === 'put') text = text.slice(0, at) + what + text.slice(at);
        else if (kind === 'take') text = text.slice(0, at) + text.slice(at + Number(what));
        else text = text.slice(0, at) + text.slice(-Number(what)) + text.slice(at, -Number(what));
      }
      const set = setOf(text);
      expect(set.count + set.problems.length + set.pipelineFiles.length).toBeGreaterThan(0);
      for (const { line, column, message, code } of set.problems) {
        expect([code, message].every((one) => one.length > 0)).toBe(true);
        expect(line >= 1 && column >= 1 && line <= text.split('\n').length).toBe(true);
      }
      set.matcher('evtx').match(Buffer.from('{"Event":{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"},"EventData":{"Image":"C:\\\\cmd.exe"}}}'), () => null);
    }),
    { numRuns: 400 },
  );
});
