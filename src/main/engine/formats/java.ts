/**
 * Java's loggers: Logback, Log4j, Spring Boot, Hadoop, Spark, ZooKeeper, Kafka, Elasticsearch, Cassandra, Tomcat, SLF4J's simple
 * logger and java.util.logging's two lines. Stack traces belong to their record.
 */
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { orMatches, pattern } from './lib/pattern-parts.ts';

const WHEN = String.raw`(?<time>{ISO}|{DAYTIME}|\d\d/\d\d/\d\d \d\d:\d\d:\d\d)`;
const SIMPLE = pattern(String.raw`^\[(?<thread>[^\]]+)\] (?<level>{LEVEL}) +(?<service>{LOGGER}) - (?<message>.*)`);
const CASSANDRA = pattern(String.raw`^(?<level>{LEVEL}) +\[(?<thread>[^\]]+)\] (?<time>{ISO}) (?:(?<file>\S+:\d+) - )?(?<message>.*)`);

export const java = lineFormat({
  id: 'java',
  title: 'Java log',
  description: 'Logback, Log4j, Spring Boot, Tomcat, Hadoop, Spark, Kafka, ZooKeeper, Elasticsearch, java.util.logging.',
  what: 'lines of a Java logger: time, level, thread, class',
  weight: 0.9,
  least: 0.02,
  spans: 2,
  starts: orMatches(timeFirst(), (c) => c === 91 || (c >= 65 && c <= 90), [SIMPLE, CASSANDRA]),
  patterns: [
    pattern(String.raw`^${WHEN} +(?<level>{LEVEL}) +(?:(?<pid>\d+) +)?--- +(?:\[(?<application>[^\]]*)\] +)?\[ *(?<thread>[^\]]*?) *\] (?<service>\S+) *: (?<message>.*)`),
    pattern(String.raw`^${WHEN} (?:\[myid:(?<myid>[^\]]*)\] )?- (?<level>{LEVEL}) +\[(?<thread>[^\]]*)\] - (?<message>.*)`),
    pattern(String.raw`^${WHEN} +\[?(?<level>{LEVEL})\]? +\[ *(?<thread>[^\]\n]*?) *\] +(?<service>{LOGGER}) *(?: -|:) ?(?<message>.*)`),
    pattern(String.raw`^${WHEN} +\[(?<thread>[^\]\n]*)\] +\[?(?<level>{LEVEL})\]? +(?<service>{LOGGER}) *(?: -|:) ?(?<message>.*)`),
    pattern(String.raw`^${WHEN} +(?<level>{LEVEL}) +(?<service>{LOGGER}\.[\w.$]+|[A-Z]\w+[a-z]\w*) *(?: -|:) (?<message>.*)`),
    pattern(String.raw`^\[(?<time>{ISO})\] (?<level>{LEVEL}) +(?<message>.*) \((?<service>[\w$]+(?:\.[\w$]+)+)\)`),
    pattern(String.raw`^\[(?<time>{ISO})\]\[(?<level>{LEVEL}) *\]\[(?<service>[\w.$ -]+?) *\] ?(?:\[(?<node>[^\]]*)\] ?)?(?<message>.*)`),
    pattern(String.raw`^(?<time>\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d\.\d+) (?<level>{LEVEL}) \[(?<thread>[^\]]*)\] (?<service>\S+) (?<message>.*)`),
    CASSANDRA,
    SIMPLE,
    pattern(String.raw`^(?<time>[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M) (?<service>\S+) (?<method>\S+)\r?\n(?<level>{LEVEL}): (?<message>.*)`),
  ],
  samples: [
    { record: '2026-05-01T12:00:00.123Z  INFO 1 --- [  main] c.e.shop.App       : Started App in 2 seconds', time: '2026-05-01T12:00:00.123000Z', severity: 'info', message: 'Started App in 2 seconds', fields: { service: 'c.e.shop.App', level: 'INFO' }, attributes: { pid: 1, thread: 'main' } },
    { record: '2024-04-04 18:30:54,422 [myid:] - INFO  [nio-4-1:o.a.z.s.NettyServerCnxn@294] - Processing srvr', message: 'Processing srvr', attributes: { thread: 'nio-4-1:o.a.z.s.NettyServerCnxn@294' } },
    { record: '2025-01-24T07:00:30,139 INFO [background-preinit       ] Version                  : HV000001: Hibernate', time: '2025-01-24T07:00:30.139000Z', message: 'HV000001: Hibernate', fields: { service: 'Version' }, attributes: { thread: 'background-preinit' } },
    { record: '2026-05-01 12:00:00,123 [http-8080-1] ERROR com.example.Foo - it broke\njava.lang.NullPointerException: null\n\tat com.example.Foo.bar(Foo.java:12)\nCaused by: java.io.IOException', time: '2026-05-01T12:00:00.123000Z', severity: 'high', message: 'it broke\njava.lang.NullPointerException: null\n\tat com.example.Foo.bar(Foo.java:12)\nCaused by: java.io.IOException', fields: { service: 'com.example.Foo' } },
    { record: '17/06/09 20:10:40 INFO executor.CoarseGrainedExecutorBackend: Registered signal handlers for [TERM, HUP, INT]', time: '2017-06-09T20:10:40.000000Z', message: 'Registered signal handlers for [TERM, HUP, INT]', fields: { service: 'executor.CoarseGrainedExecutorBackend' } },
    { record: '12:00:00.123 [main] WARN  c.x.Y - low', time: '2026-06-15T12:00:00.123000Z', severity: 'medium', message: 'low' },
    { record: '[2026-05-01 12:00:00,123] INFO [KafkaServer id=0] started (kafka.server.KafkaServer)', message: '[KafkaServer id=0] started', fields: { service: 'kafka.server.KafkaServer' } },
    { record: '[2026-05-01T12:00:00,123][WARN ][o.e.n.Node          ] [node-1] stopping', severity: 'medium', message: 'stopping', fields: { service: 'o.e.n.Node' }, attributes: { node: 'node-1' } },
    { record: '01-May-2026 12:00:00.123 SEVERE [main] org.apache.catalina.core.StandardContext.startInternal One or more listeners failed', severity: 'critical', message: 'One or more listeners failed', fields: { service: 'org.apache.catalina.core.StandardContext.startInternal' } },
    { record: 'INFO  [CompactionExecutor:3] 2026-05-01 12:00:00,123 CompactionTask.java:141 - Compacting', time: '2026-05-01T12:00:00.123000Z', message: 'Compacting' },
    { record: '[main] ERROR com.example.Y - no time here', time: null, severity: 'high', message: 'no time here' },
    { record: 'May 01, 2026 1:02:03 PM org.foo.Bar doIt\nWARNING: It leaks\n\tat a.b(c)', time: '2026-05-01T13:02:03.000000Z', severity: 'medium', message: 'It leaks\n\tat a.b(c)', fields: { service: 'org.foo.Bar', level: 'WARNING' } },
  ],
});
