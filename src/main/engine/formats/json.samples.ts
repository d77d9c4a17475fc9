import type { Sample } from './format.ts';

/** Objects over several lines, and one that holds all the characters the cutter must not trip over. */
export const JSON_SAMPLES: readonly Sample[] = [
  {
    record: '{\n  "timestamp": "2026-10-01T00:00:00.012Z",\n  "level": "ERROR",\n  "message": "cannot {open} \\"file\\" ]",\n  "service": "disk",\n  "tags": [\n    "a",\n    "b"\n  ]\n}',
    time: '2026-10-01T00:00:00.012000Z',
    severity: 'high',
    message: 'cannot {open} "file" ]',
    fields: { level: 'ERROR', service: 'disk' },
  },
  {
    record: '{\n  "eventTime": "2026-10-01T10:00:00Z",\n  "eventName": "GetUser",\n  "userIdentity": {"type": "IAMUser", "userName": "ann"},\n  "sourceIPAddress": "192.0.2.7",\n  "requestID": "77-x"\n}',
    time: '2026-10-01T10:00:00.000000Z',
    message: 'eventName=GetUser userIdentity.type=IAMUser',
    fields: { user: 'ann', ip: '192.0.2.7', requestId: '77-x' },
    attributes: { eventName: 'GetUser', 'userIdentity.type': 'IAMUser' },
  },
];
