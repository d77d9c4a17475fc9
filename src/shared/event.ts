/**
 * The event and investigation models: the words every process shares.
 *
 * Times are microseconds since 1970-01-01T00:00:00Z in a double. Doubles hold every microsecond from 1684 to 2255 exactly;
 * further out they round to 2..64 us, and the original text of the time is always kept in the raw record.
 */
import type { Clock, EventClock } from './clock.ts';

/** The five severities of the product, least first. The index is the stored code. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The six kinds of source. The index is the stored code. */
export const SIGNALS = ['logs', 'metrics', 'traces', 'git', 'ci', 'manual'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Bits of an event's `flags` byte. */
export const FLAG = {
  /** The record had no time of its own: it carries the time of the record before it (or the file's mtime). */
  TIME_INFERRED: 1,
  /** The time is outside what a log can be about (before 1990, or more than a year after the file was last written and after it was read): kept, but it never stretches the time axis. */
  TIME_SUSPECT: 2,
  /** The zone was not written in the record; the source's declared zone was applied. */
  ZONE_ASSUMED: 4,
  /** The record had bytes that are not UTF-8; they are shown as U+FFFD, the raw bytes are kept. */
  BAD_UTF8: 8,
  /** Of answers only, never stored: the case file is damaged where the text of the event is, so its message is ''. */
  UNREADABLE: 16,
} as const;

/**
 * Fields that have a column in the store. Everything else a record says is an attribute: it is read back out of the raw
 * record by the format that read it in. `name` is what people type in the query bar; `ecs` is its Elastic Common Schema name.
 */
export const FIELDS = [
  { name: 'severity', ecs: 'event.severity', kind: 'severity', title: 'Severity' },
  { name: 'service', ecs: 'service.name', kind: 'keyword', title: 'Service' },
  { name: 'host', ecs: 'host.name', kind: 'keyword', title: 'Host' },
  { name: 'level', ecs: 'log.level', kind: 'keyword', title: 'Level' },
  { name: 'template', ecs: 'tidemark.template', kind: 'keyword', title: 'Pattern' },
  { name: 'status', ecs: 'http.response.status_code', kind: 'number', title: 'Status' },
  { name: 'latency_ms', ecs: 'event.duration', kind: 'number', title: 'Latency', unit: 'ms' },
  { name: 'user', ecs: 'user.name', kind: 'keyword', title: 'User' },
  { name: 'ip', ecs: 'source.ip', kind: 'keyword', title: 'IP address' },
  { name: 'url', ecs: 'url.original', kind: 'keyword', title: 'URL' },
  { name: 'request_id', ecs: 'http.request.id', kind: 'keyword', title: 'Request id' },
  { name: 'trace_id', ecs: 'trace.id', kind: 'keyword', title: 'Trace id' },
  { name: 'span_id', ecs: 'span.id', kind: 'keyword', title: 'Span id' },
  { name: 'source', ecs: 'log.file.path', kind: 'keyword', title: 'Source' },
  { name: 'format', ecs: 'event.module', kind: 'keyword', title: 'Format' },
  { name: 'signal', ecs: 'event.kind', kind: 'keyword', title: 'Signal' },
  { name: 'message', ecs: 'message', kind: 'text', title: 'Message' },
  { name: 'raw', ecs: 'event.original', kind: 'text', title: 'Raw record' },
] as const satisfies readonly FieldDeclaration[];

export interface FieldDeclaration {
  name: string;
  ecs: string;
  kind: 'keyword' | 'number' | 'severity' | 'text';
  title: string;
  unit?: string;
}
export type FieldName = (typeof FIELDS)[number]['name'];

/** Other spellings people type, to the field they mean. */
export const FIELD_ALIASES: Readonly<Record<string, FieldName>> = Object.fromEntries([
  ...FIELDS.map((field) => [field.ecs, field.name]),
  ['service.name', 'service'], ['host.name', 'host'], ['hostname', 'host'], ['sev', 'severity'], ['log.level', 'level'],
  ['trace', 'trace_id'], ['traceid', 'trace_id'], ['trace.id', 'trace_id'], ['span', 'span_id'], ['spanid', 'span_id'],
  ['request', 'request_id'], ['requestid', 'request_id'], ['latency', 'latency_ms'], ['duration_ms', 'latency_ms'],
  ['status_code', 'status'], ['user.name', 'user'], ['client.ip', 'ip'], ['client_ip', 'ip'], ['source.ip', 'ip'],
  ['pattern', 'template'], ['file', 'source'], ['msg', 'message'], ['log.file.path', 'source'], ['url.path', 'url'],
]) as Record<string, FieldName>;

/** Event id: segment number times this, plus the offset inside the segment. */
export const SEGMENT_SIZE = 4096;

/** A page of events, one array per column, all of the same length. Absent text is ''. Absent numbers are NaN. */
export interface EventPage {
  id: Float64Array;
  /** microseconds UTC */
  time: Float64Array;
  severity: Uint8Array;
  flags: Uint8Array;
  source: Uint32Array;
  service: string[];
  host: string[];
  level: string[];
  message: string[];
  /** times as the sources wrote them; only where the clock of one of them is corrected */
  original?: Float64Array;
}

/** One name and value read out of a record. Nested names are joined with dots. */
export interface FieldValue {
  name: string;
  value: string | number | boolean | null;
}

/** Everything known about one event. */
export interface EventDetail {
  id: number;
  time: number;
  /** the time as the record wrote it; '' when it wrote none */
  timeText: string;
  /** only where the clock of the source is corrected */
  clock?: EventClock;
  flags: number;
  severity: Severity;
  signal: Signal;
  service: string;
  host: string;
  level: string;
  message: string;
  template: string;
  templateId: number;
  /** column fields that have a value, by FIELDS name */
  fields: FieldValue[];
  /** everything else the record says */
  attributes: FieldValue[];
  /** what is known of it besides: indicators it has, places of its address, labels of its host; a field may have several values */
  derived?: FieldValue[];
  /** where in it its indicators are: names of fields and attributes, or 'message'; none = only in the record as it was read */
  met?: { indicator: string; in: string[] }[];
  /** the record as read, decoded as UTF-8 */
  raw: string;
  provenance: Provenance;
}

/** Where an event came from, exactly. */
export interface Provenance {
  sourceId: number;
  /** what the user gave, e.g. /var/log/syslog or bundle.tar.gz!var/log/syslog */
  path: string;
  format: string;
  /** first byte of the record in the (decompressed) stream, and its length */
  offset: number;
  length: number;
  /** SHA-256 of the file as it lies on disk; '' while it is still being read */
  sha256: string;
  size: number;
  /** microseconds UTC */
  modified: number;
  ingestedAt: number;
  ingestedBy: string;
  toolVersion: string;
}

/** One thing that was read: a file, an archive member, pasted text, later an endpoint. */
export interface Source {
  id: number;
  signal: Signal;
  path: string;
  format: string;
  formatTitle: string;
  formatReason: string;
  service: string;
  zone: string;
  sha256: string;
  size: number;
  modified: number;
  ingestedAt: number;
  ingestedBy: string;
  toolVersion: string;
  state: 'waiting' | 'reading' | 'paused' | 'done' | 'stopped' | 'failed';
  error: string;
  bytesRead: number;
  ledger: Ledger;
  /** how far its clock was off, as somebody set it; only where one is set */
  clock?: Clock;
  /** first and last believable event time, null when there is none */
  from: number | null;
  to: number | null;
}

/** read = stored + duplicates + rejected, always. */
export interface Ledger {
  read: number;
  stored: number;
  duplicates: number;
  rejected: number;
  /** of those stored, so many are in archive files and in no answer; left out where none is */
  archived?: number;
}

/** A record that could not be stored as an event, kept whole. */
export interface Reject {
  id: number;
  sourceId: number;
  path: string;
  /** of its first byte in the file or stream; null = it stands in none (a posted body, a message) */
  offset: number | null;
  /** bytes in the original; fewer may be kept */
  length: number;
  reason: string;
  at: number;
  attempts: number;
  /** what the bytes look like, at most 4 KiB, decoded leniently */
  preview: string;
}

export const INVESTIGATION_STATUSES = ['open', 'investigating', 'contained', 'resolved', 'closed'] as const;
export type InvestigationStatus = (typeof INVESTIGATION_STATUSES)[number];
export const IMPACT_DOMAINS = ['performance', 'availability', 'security', 'cost', 'compliance', 'business'] as const;
export type ImpactDomain = (typeof IMPACT_DOMAINS)[number];

/** What people write about an incident. */
export interface Investigation {
  id: number;
  title: string;
  status: InvestigationStatus;
  severity: Severity;
  team: string;
  impactDomain: ImpactDomain | '';
  businessImpact: string;
  /** estimated minutes to recovery; null when nobody said */
  estimatedMttrMinutes: number | null;
  /** 0..100, how much of the response could be automated; null when nobody said */
  automationPotential: number | null;
  /** Markdown */
  summary: string;
  createdAt: number;
  updatedAt: number;
  pins: number;
  notes: number;
}

/** An event somebody put on the record. */
export interface Pin {
  id: number;
  investigationId: number;
  eventId: number;
  pinnedAt: number;
  pinnedBy: string;
  /** Markdown, '' when there is none */
  note: string;
  time: number;
  severity: Severity;
  service: string;
  host: string;
  message: string;
  path: string;
}

/** A note on an investigation, optionally about an event or a moment. */
export interface Note {
  id: number;
  investigationId: number;
  eventId: number | null;
  /** the moment it is about; null for the whole investigation */
  time: number | null;
  /** Markdown */
  body: string;
  createdAt: number;
  updatedAt: number;
  author: string;
}

/** One edit of an investigation, as kept: nobody can change what was changed. */
export interface InvestigationChange {
  id: number;
  at: number;
  by: string;
  /**
   * a key of InvestigationEdit, or created, removed, restored, pinned, unpinned, pinNote, noteAdded, noteChanged, noteRemoved,
   * noteRestored
   */
  field: string;
  /** the note's id for a note, the event's id for a pin's note, else null */
  subject: number | null;
  /** for pinned and unpinned: event ids with spaces between them */
  old: string;
  new: string;
}
