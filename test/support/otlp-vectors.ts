/** One span and one log record of OTLP in both encodings; the protobuf bytes were written by Google's own implementation (opentelemetry-proto 1.x for Python). */

export const SPANS_JSON: unknown = {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeSpans": [{"scope": {"name": "http", "version": "1.2"}, "spans": [{"traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708", "parentSpanId": "0102030405060709", "traceState": "a=1", "name": "GET /", "kind": 2, "startTimeUnixNano": "1790843400250000125", "endTimeUnixNano": "1790843400251500125", "attributes": [{"key": "big", "value": {"intValue": "9007199254740993"}}, {"key": "minus", "value": {"intValue": "-5"}}, {"key": "ratio", "value": {"doubleValue": 0.5}}, {"key": "on", "value": {"boolValue": true}}, {"key": "raw", "value": {"bytesValue": "AAEC"}}, {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "2"}]}}}, {"key": "map", "value": {"kvlistValue": {"values": [{"key": "x", "value": {"stringValue": "y"}}]}}}], "events": [{"timeUnixNano": "1790843400250500000", "name": "exception", "attributes": [{"key": "exception.type", "value": {"stringValue": "Boom"}}, {"key": "exception.message", "value": {"stringValue": "went off"}}]}], "links": [{"traceId": "ff02030405060708090a0b0c0d0e0f10", "spanId": "ff02030405060708"}], "status": {"code": 2}, "droppedEventsCount": 3}]}]}]};

export const LOGS_JSON: unknown = {"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]}, "scopeLogs": [{"scope": {"name": "pay"}, "logRecords": [{"timeUnixNano": "1790843400250000125", "severityNumber": 17, "severityText": "ERROR", "body": {"stringValue": "declined"}, "attributes": [{"key": "user.id", "value": {"stringValue": "u1"}}], "traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708"}]}]}]};

const SPANS_HEX = [
  '0ae6020a180a160a0c736572766963652e6e616d6512060a0473686f7012c9020a0b0a04687474701203312e3212b9020a100102030405060708090a0b0c0d0e0f',
  '10120801020304050607081a03613d31220801020304050607092a05474554202f300239fd024190955ada18415de65790955ada184a100a036269671209188180',
  '8080808080104a140a056d696e7573120b18fbffffffffffffffff014a120a05726174696f120921000000000000e03f4a080a026f6e120210014a0c0a03726177',
  '12053a030001024a130a046c697374120b2a090a030a01610a0218024a130a036d6170120c320a0a080a017812030a01795a4f09a0a34890955ada181209657863',
  '657074696f6e1a180a0e657863657074696f6e2e7479706512060a04426f6f6d1a1f0a11657863657074696f6e2e6d657373616765120a0a0877656e74206f6666',
  '60036a1c0a10ff02030405060708090a0b0c0d0e0f101208ff020304050607087a021802',
];
const LOGS_HEX = [
  '0a700a180a160a0c736572766963652e6e616d6512060a0473686f7012540a050a03706179124b09fd024190955ada1810111a054552524f522a0a0a086465636c',
  '696e6564320f0a07757365722e696412040a0275314a100102030405060708090a0b0c0d0e0f1052080102030405060708',
];

export const SPANS_PROTOBUF: Uint8Array = Buffer.from(SPANS_HEX.join(''), 'hex');
export const LOGS_PROTOBUF: Uint8Array = Buffer.from(LOGS_HEX.join(''), 'hex');
