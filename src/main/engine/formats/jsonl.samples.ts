import type { Sample } from './format.ts';

/** One record per logger whose spelling of JSON lines is read on purpose. */
export const JSONL_SAMPLES: readonly Sample[] = [
  {
    // Elastic Common Schema, dotted and nested mixed
    record: '{"@timestamp":"2026-10-01T00:00:00.012Z","log.level":"warn","message":"slow \\u00fc \\ud83d\\ude00","service":{"name":"cart"},"host":{"hostname":"web-1"},"trace":{"id":"0af7"},"span.id":"b7ad","user":{"name":"ann"},"source":{"ip":"10.0.0.7"},"url":{"path":"/pay"},"http":{"response":{"status_code":503},"request":{"id":"r-1"}},"event":{"duration":1500000},"labels":{"zone":"eu"}}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'medium',
    message: 'slow ü 😀',
    fields: { level: 'warn', service: 'cart', host: 'web-1', traceId: '0af7', spanId: 'b7ad', user: 'ann', ip: '10.0.0.7', url: '/pay', requestId: 'r-1' },
    numbers: { status: 503, latencyMs: 1.5 },
    attributes: { 'labels.zone': 'eu' },
  },
  {
    // OpenTelemetry, one log record
    record: '{"timeUnixNano":"1790812800123456789","severityNumber":17,"body":{"stringValue":"payment failed"},"attributes":[{"key":"user.id","value":{"stringValue":"u7"}},{"key":"http.response.status_code","value":{"intValue":"402"}}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"pay"}},{"key":"host.name","value":{"stringValue":"n1"}}]},"traceId":"5b8a","spanId":"0515"}',
    time: '2026-10-01T00:00:00.123456Z',
    severity: 'high',
    message: 'payment failed',
    fields: { level: 'error', service: 'pay', host: 'n1', user: 'u7', traceId: '5b8a', spanId: '0515' },
    numbers: { status: 402 },
  },
  {
    // OpenTelemetry's file exporter and SDKs with objects for attributes
    record: '{"Timestamp":"1790812800123456789","SeverityText":"ERROR","Body":"boom","Resource":{"service.name":"pay"},"Attributes":{"http.route":"/x","k":[1,2]},"TraceId":"aa","SpanId":"bb"}',
    time: '2026-10-01T00:00:00.123456Z',
    message: 'boom',
    fields: { level: 'ERROR', service: 'pay', url: '/x', traceId: 'aa', spanId: 'bb' },
    attributes: { 'Attributes.k.0': 1, 'Attributes.k.1': 2 },
  },
  {
    // pino-http
    record: '{"level":50,"time":1790812800012,"pid":17,"hostname":"web-2","name":"shop","req":{"id":4,"method":"GET","url":"/cart","remoteAddress":"::ffff:10.0.0.9"},"res":{"statusCode":500},"responseTime":12,"err":{"type":"Error","message":"no","stack":"Error: no\\n    at x"},"msg":"request errored"}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'high',
    message: 'request errored',
    fields: { level: 'error', host: 'web-2', service: 'shop', requestId: '4', url: '/cart', ip: '::ffff:10.0.0.9' },
    numbers: { status: 500, latencyMs: 12 },
    attributes: { pid: 17, 'err.stack': 'Error: no\n    at x', level: 50, 'req.method': 'GET' },
  },
  {
    // bunyan
    record: '{"name":"myapp","hostname":"banana","pid":123,"level":40,"msg":"careful","time":"2026-10-01T00:00:00.012Z","v":0}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'medium',
    fields: { service: 'myapp', host: 'banana', level: 'warn' },
  },
  {
    // zap in production, caddy: seconds with a fraction, durations in seconds
    record: '{"level":"error","ts":1790812800.3152757,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"172.18.0.1","method":"GET","uri":"/a?b"},"duration":0.0015,"status":404}',
    time: '2026-10-01T00:00:00.315275Z',
    message: 'handled request',
    fields: { level: 'error', service: 'http.log.access', ip: '172.18.0.1', url: '/a?b' },
    numbers: { status: 404, latencyMs: 1.5 },
    attributes: { duration: 0.0015 },
  },
  {
    // logrus, zerolog, slog
    record: '{"time":"2026-10-01T02:00:00.5+02:00","level":"INFO","msg":"served","elapsed_ms":7,"request_id":"x9"}',
    time: '2026-10-01T00:00:00.500000Z',
    fields: { level: 'INFO', requestId: 'x9' },
    numbers: { latencyMs: 7 },
  },
  {
    // Docker's json-file driver
    record: '{"log":"level=error listen on :80 failed\\n","stream":"stderr","time":"2026-10-01T00:00:00.012345678Z"}',
    time: '2026-10-01T00:00:00.012345Z',
    message: 'level=error listen on :80 failed',
    attributes: { stream: 'stderr' },
  },
  {
    // the same around a program that logs JSON
    record: '{"log":"{\\"level\\":\\"error\\",\\"msg\\":\\"payment \\\\\\"7\\\\\\" failed\\",\\"service\\":\\"checkout\\",\\"trace_id\\":\\"4bf92f\\",\\"request_id\\":\\"r-1\\",\\"status\\":502,\\"latency_ms\\":12.5,\\"cart\\":{\\"id\\":7}}\\n","stream":"stdout","time":"2026-10-01T00:00:00.012345678Z"}',
    time: '2026-10-01T00:00:00.012345Z',
    severity: 'high',
    message: 'payment "7" failed',
    fields: { level: 'error', service: 'checkout', traceId: '4bf92f', requestId: 'r-1' },
    numbers: { status: 502, latencyMs: 12.5 },
    attributes: { stream: 'stdout', 'log.cart.id': 7 },
  },
  {
    // fluentd in Kubernetes
    record: '{"log":"started","kubernetes":{"pod_name":"api-7c","namespace_name":"prod","container_name":"api","host":"node-3"},"@timestamp":"2026-10-01T00:00:00Z"}',
    message: 'started',
    fields: { host: 'api-7c', service: 'api' },
    attributes: { 'kubernetes.namespace_name': 'prod', 'kubernetes.host': 'node-3' },
  },
  {
    // GELF
    record: '{"version":"1.1","host":"example.org","short_message":"A short message","full_message":"Backtrace here\\n\\nmore","timestamp":1790812800.012,"level":1,"_user_id":9001,"_some_info":"foo"}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'critical',
    message: 'A short message',
    fields: { host: 'example.org', level: 'alert', user: '9001' },
    attributes: { _some_info: 'foo', full_message: 'Backtrace here\n\nmore' },
  },
  {
    // MongoDB
    record: '{"t":{"$date":"2026-10-01T02:00:00.012+02:00"},"s":"E","c":"NETWORK","id":22943,"ctx":"conn7","msg":"Slow query","attr":{"remote":"127.0.0.1:41722","durationMillis":130}}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'high',
    message: 'Slow query',
    fields: { level: 'error', service: 'NETWORK', ip: '127.0.0.1' },
    numbers: { latencyMs: 130 },
  },
  {
    // Cloudflare: no message
    record: '{"ClientIP":"89.163.242.206","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeEndTimestamp":1790812800123000000,"EdgeResponseStatus":200,"EdgeStartTimestamp":1790812800100000000,"RayID":"87a1","FirewallMatchesActions":[]}',
    time: '2026-10-01T00:00:00.100000Z',
    message: 'ClientRequestMethod=GET EdgeEndTimestamp=1790812800123000000',
    fields: { ip: '89.163.242.206', url: '/', requestId: '87a1' },
    numbers: { status: 200 },
  },
  {
    // journalctl -o json
    record: '{ "__REALTIME_TIMESTAMP" : "1790812800012345", "PRIORITY" : "3", "_HOSTNAME" : "db1", "SYSLOG_IDENTIFIER" : "sshd", "_SYSTEMD_UNIT" : "ssh.service", "_PID" : "184", "MESSAGE" : "error: kex" }',
    time: '2026-10-01T00:00:00.012345Z',
    severity: 'high',
    message: 'error: kex',
    fields: { level: 'err', host: 'db1', service: 'sshd' },
    attributes: { _PID: '184', _SYSTEMD_UNIT: 'ssh.service' },
  },
  {
    // Serilog, compact
    record: '{"@t":"2026-10-01T00:00:00.0123456Z","@mt":"Hello, {User}","@l":"Warning","User":"nick","SourceContext":"Shop.Cart","Elapsed":12.5}',
    time: '2026-10-01T00:00:00.012345Z',
    severity: 'medium',
    message: 'Hello, {User}',
    fields: { level: 'Warning', user: 'nick', service: 'Shop.Cart' },
    numbers: { latencyMs: 12.5 },
  },
  {
    // Google Cloud Logging
    record: '{"severity":"ERROR","timestamp":"2026-10-01T00:00:00.012Z","jsonPayload":{"message":"no route"},"httpRequest":{"requestUrl":"https://x/y","status":502,"latency":"0.25s","remoteIp":"1.2.3.4"},"resource":{"type":"k8s_container","labels":{"container_name":"fe"}},"logging.googleapis.com/trace":"projects/p/traces/1"}',
    time: '2026-10-01T00:00:00.012000Z',
    message: 'no route',
    fields: { level: 'ERROR', url: 'https://x/y', ip: '1.2.3.4', service: 'fe', traceId: 'projects/p/traces/1' },
    numbers: { status: 502, latencyMs: 250 },
  },
  {
    // docker compose in front of JSON, with the colour codes it writes
    record: '\u001b[2Kcaddy-1  | {"level":"info","ts":1790812800.5,"msg":"serving"}',
    time: '2026-10-01T00:00:00.500000Z',
    message: 'serving',
    fields: { service: 'caddy-1', level: 'info' },
  },
  {
    // anything else that logs JSON; keys with escapes; the same key twice: the last one counts
    record: '{"d\\u0061te":"x","level":"debug","level":"fatal","component":"api","user_id":42,"client_ip":"10.1.1.1:8080","duration_us":2500,"text":"a \\"quoted\\" word","ok":true,"none":null}',
    severity: 'critical',
    message: 'a "quoted" word',
    fields: { level: 'fatal', service: 'api', user: '42', ip: '10.1.1.1' },
    numbers: { latencyMs: 2.5 },
    attributes: { ok: true, none: null },
  },
  {
    // Kubernetes audit: no message, a level that is none, addresses in a list
    record: '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"9dc5","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/secrets/db","verb":"get","user":{"username":"system:serviceaccount:shop:web","groups":["system:authenticated"]},"sourceIPs":["10.0.0.7","10.0.0.8"],"userAgent":"kubectl/v1.31","objectRef":{"resource":"secrets","namespace":"shop","name":"db"},"responseStatus":{"status":"Failure","reason":"Forbidden","code":403},"requestReceivedTimestamp":"2026-05-01T12:00:00.123456Z","stageTimestamp":"2026-05-01T12:00:00.125000Z"}',
    time: '2026-05-01T12:00:00.125000Z',
    severity: 'medium',
    message: 'get secrets shop/db failed: 403 Forbidden',
    fields: { user: 'system:serviceaccount:shop:web', ip: '10.0.0.7', url: '/api/v1/namespaces/shop/secrets/db' },
    numbers: { status: 403 },
    attributes: { verb: 'get', level: 'Metadata', 'sourceIPs.1': '10.0.0.8', 'objectRef.resource': 'secrets', requestReceivedTimestamp: '2026-05-01T12:00:00.123456Z' },
  },
  {
    record: '{"auditID":"9dc6","verb":"create","requestURI":"/apis/authorization.k8s.io/v1/selfsubjectaccessreviews","objectRef":{"resource":"pods","subresource":"exec","namespace":"shop","name":"web-1"},"responseStatus":{"code":101},"stageTimestamp":"2026-05-01T12:00:00.125000Z"}',
    message: 'create pods/exec shop/web-1',
    numbers: { status: 101 },
  },
  {
    // a Kubernetes event: its type is its level
    record: '{"apiVersion":"v1","kind":"Event","type":"Warning","reason":"BackOff","message":"Back-off restarting failed container","involvedObject":{"kind":"Pod","name":"web-1"},"source":{"component":"kubelet","host":"node-3"},"eventTime":null,"firstTimestamp":"2026-05-01T11:58:00Z","lastTimestamp":"2026-05-01T12:00:00Z"}',
    time: '2026-05-01T12:00:00.000000Z',
    severity: 'medium',
    message: 'Back-off restarting failed container',
    fields: { level: 'Warning', service: 'kubelet', host: 'node-3' },
    attributes: { reason: 'BackOff', 'involvedObject.name': 'web-1' },
  },
  {
    // GitHub audit: who acted, not who was acted on
    record: '{"@timestamp":1606929874512,"_document_id":"xJJF","action":"team.add_member","actor":"octocat","actor_ip":"203.0.113.4","created_at":1606929874512,"org":"octo-corp","repo":"octo-corp/shop","user":"monalisa"}',
    time: '2020-12-02T17:24:34.512000Z',
    message: 'team.add_member in octo-corp/shop for monalisa',
    fields: { user: 'octocat', ip: '203.0.113.4' },
    attributes: { action: 'team.add_member', user: 'monalisa', org: 'octo-corp' },
  },
  {
    // AWS CloudTrail, one record a line as CloudWatch and Athena hand it out
    record: '{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/ops/ann"},"eventTime":"2026-05-01T12:00:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteBucket","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","errorCode":"AccessDenied","errorMessage":"Access Denied","requestID":"77"}',
    time: '2026-05-01T12:00:00.000000Z',
    message: 'DeleteBucket on s3.amazonaws.com failed: AccessDenied Access Denied',
    fields: { user: 'arn:aws:sts::123456789012:assumed-role/ops/ann', service: 's3.amazonaws.com', ip: '192.0.2.7', requestId: '77' },
    attributes: { eventName: 'DeleteBucket', awsRegion: 'eu-west-1' },
  },
  {
    // Google Cloud audit
    record: '{"protoPayload":{"serviceName":"iam.googleapis.com","methodName":"google.iam.admin.v1.CreateServiceAccountKey","resourceName":"projects/-/serviceAccounts/x","authenticationInfo":{"principalEmail":"ann@x.test"},"requestMetadata":{"callerIp":"192.0.2.7"},"status":{"code":7,"message":"denied"}},"severity":"ERROR","timestamp":"2026-05-01T12:00:00.5Z"}',
    time: '2026-05-01T12:00:00.500000Z',
    severity: 'high',
    message: 'google.iam.admin.v1.CreateServiceAccountKey on projects/-/serviceAccounts/x failed: 7 denied',
    fields: { user: 'ann@x.test', ip: '192.0.2.7', service: 'iam.googleapis.com' },
  },
  {
    // journald: a message with colours comes as its bytes
    record: '{"__REALTIME_TIMESTAMP":"1777636800223456","PRIORITY":"4","MESSAGE":[27,91,51,49,109,195,164,33],"_HOSTNAME":"epsilon","_SYSTEMD_UNIT":"x.service"}',
    time: '2026-05-01T12:00:00.223456Z',
    severity: 'medium',
    message: '\u001b[31mä!',
    fields: { host: 'epsilon', service: 'x.service' },
  },
  {
    // Get-WinEvent | ConvertTo-Json -Compress of Windows PowerShell
    record: '{"Id":4625,"Level":0,"LevelDisplayName":"Information","ProviderName":"Microsoft-Windows-Security-Auditing","LogName":"Security","MachineName":"DESK-1","TimeCreated":"\\/Date(1777636800123)\\/","Message":"An account failed to log on."}',
    time: '2026-05-01T12:00:00.123000Z',
    severity: 'info',
    message: 'An account failed to log on.',
    fields: { host: 'DESK-1', service: 'Microsoft-Windows-Security-Auditing', level: 'Information' },
    attributes: { Id: 4625, LogName: 'Security' },
  },
  {
    // MySQL's error log as JSON (component_log_sink_json)
    record: '{"prio":2,"err_code":10068,"subsystem":"Server","err_symbol":"ER_SSL","msg":"CA certificate ca.pem is self signed.","time":"2026-05-01T12:00:00.123456Z","thread":0,"SQL_state":"HY000","label":"Warning"}',
    time: '2026-05-01T12:00:00.123456Z',
    severity: 'medium',
    message: 'CA certificate ca.pem is self signed.',
    fields: { level: 'Warning', service: 'Server' },
    attributes: { err_code: 10068 },
  },
  {
    // PostgreSQL's jsonlog
    record: '{"timestamp":"2026-05-01 12:00:00.123 CEST","user":"app","dbname":"shop","pid":4711,"remote_host":"10.0.0.7","remote_port":50412,"session_id":"663235a0.1267","line_num":1,"ps":"SELECT","vxid":"3/12","txid":0,"error_severity":"ERROR","state_code":"42P01","message":"relation \\"x\\" does not exist","statement":"select 1 from x","application_name":"psql","backend_type":"client backend"}',
    time: '2026-05-01T10:00:00.123000Z',
    severity: 'high',
    message: 'relation "x" does not exist',
    fields: { level: 'ERROR', user: 'app', ip: '10.0.0.7' },
    attributes: { dbname: 'shop', state_code: '42P01', statement: 'select 1 from x' },
  },
  {
    // plaso, psort -o json_line
    record: '{"__container_type__": "event", "__type__": "AttributeContainer", "data_type": "windows:evtx:record", "date_time": {"__class_name__": "Filetime", "timestamp": 130000000000000000}, "display_name": "OS:/Security.evtx", "hostname": "DESK-1", "inode": "-", "message": "[4624 / 0x1210] Source Name: x", "parser": "winevtx", "strings": ["S-1-5-18"], "timestamp": 1331698658276340, "timestamp_desc": "Creation Time", "username": "ann"}',
    time: '2012-03-14T04:17:38.276340Z',
    message: '[4624 / 0x1210] Source Name: x',
    fields: { host: 'DESK-1', user: 'ann', service: 'winevtx' },
    attributes: { timestamp_desc: 'Creation Time', 'date_time.timestamp': '130000000000000000', display_name: 'OS:/Security.evtx' },
  },
];
