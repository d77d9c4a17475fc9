/** Go's loggers: glog and klog, zap's console encoder, the standard log package. Panics and goroutine dumps belong to their record. */
import { FIELD } from './format.ts';
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { orMatches, pattern } from './lib/pattern-parts.ts';

const PANIC = /^(?<level>panic|fatal error): (?<message>.*)/;
const GLOG_LEVELS: Readonly<Record<string, readonly [string, number]>> = { I: ['info', 0], W: ['warning', 2], E: ['error', 3], F: ['fatal', 4], D: ['debug', 0] };

export const go = lineFormat({
  id: 'go',
  title: 'Go log',
  description: "Go programs: the standard logger, glog and klog (Kubernetes), zap's console; panics are kept together.",
  what: 'lines of a Go logger (log, glog, klog, zap)',
  weight: 0.88,
  least: 0.02,
  starts: orMatches(timeFirst(), (c) => c === 112 || c === 102, [PANIC]),
  patterns: [
    /^(?<time>(?<letter>[IWEFD])\d{4} \d\d:\d\d:\d\d\.\d{6}) +(?<pid>\d+) (?<service>[\w./-]+):(?<line>\d+)\] (?<message>.*)/,
    pattern(String.raw`^(?<time>{ISO}|\d{10}\.\d+)\t(?<level>debug|info|warn|error|dpanic|panic|fatal|DEBUG|INFO|WARN|ERROR|DPANIC|PANIC|FATAL)\t(?:(?<service>[A-Za-z][\w.-]*)\t(?=[^\t]+\.go:\d+\t))?(?:(?<caller>[^\t\s]+\.go:\d+)\t)?(?<message>[^\t]*)(?:\t(?<fields>\{.*\}))?`),
    /^(?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) (?!\[\w+\] \d+#\d+:)(?:(?<caller>[\w./-]+\.go:\d+): )?(?<message>.*)/,
    PANIC,
  ],
  severityAt(buf, start, end) {
    const c = buf[start] | 32;
    // error; warn; fatal, panic, dpanic; the rest is info and debug
    if (c === 101) return 3;
    if (c === 119) return 2;
    return c === 102 || c === 112 || end - start === 6 ? 4 : 0;
  },
  asks: ['letter'],
  also(text, sink) {
    const [level, code] = GLOG_LEVELS[text('letter')] ?? ['', -1];
    if (code < 0) return;
    sink.severity(code);
    sink.text(FIELD.level, level);
  },
  samples: [
    { record: 'E0501 12:00:00.123456       7 controller.go:114] loading failed', time: '2026-05-01T12:00:00.123456Z', severity: 'high', message: 'loading failed', fields: { service: 'controller.go', level: 'error' }, attributes: { pid: 7, line: 114 } },
    { record: '2025-04-24T22:09:20.856Z\terror\tinternal/queue_sender.go:128\tExporting failed.\t{"id": "otlp"}\nfoo.func3\n     foo.go:128', time: '2025-04-24T22:09:20.856000Z', severity: 'high', message: 'Exporting failed.', attributes: { caller: 'internal/queue_sender.go:128', fields: '{"id": "otlp"}' } },
    { record: '2025-04-24T22:09:20.854Z\tinfo\tMetrics\t{"a": 1}', severity: 'info', message: 'Metrics' },
    { record: '2026/05/01 12:00:00.250000 main.go:12: listening', time: '2026-05-01T12:00:00.250000Z', message: 'listening', attributes: { caller: 'main.go:12' } },
    { record: 'panic: runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1', time: null, severity: 'critical', message: 'runtime error: index out of range\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:1 +0x1' },
  ],
});
