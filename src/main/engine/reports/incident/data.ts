/**
 * The incident report as data. The shape is stable: fields are added, never changed or taken away, within one schemaVersion.
 * Times are microseconds since 1970-01-01T00:00:00Z; null where nothing is known.
 */
import type { CaseInfo } from '../../../../shared/contract/cases.ts';
import type { EventDetail, Investigation, InvestigationChange, Ledger, Note, Provenance, Source } from '../../../../shared/event.ts';

export interface IncidentReport {
  schema: 'tidemark.incident-report';
  schemaVersion: 1;
  generated: { at: number; by: string; toolVersion: string };
  case: Pick<CaseInfo, 'name' | 'path' | 'createdAt' | 'bytes' | 'events' | 'sources' | 'from' | 'to' | 'schemaVersion' | 'readOnly' | 'readOnlyReason'>;
  investigation: Investigation;
  /** in the order of time; those whose event the case does not have any more are last */
  pins: ReportPin[];
  /** pins beyond those given, newest of the timeline */
  pinsLeftOut: number;
  /** oldest first */
  notes: Note[];
  /** the newest edits, oldest of them first; `total` of all */
  history: { changes: InvestigationChange[]; total: number };
  /** what the charts show; null when the case has no event with a believable time */
  activity: Activity | null;
  ledger: Ledger;
  sources: Source[];
  sourcesLeftOut: number;
}

export interface ReportPin {
  /** from 1, in the order of the timeline: what people cite */
  number: number;
  eventId: number;
  pinnedAt: number;
  pinnedBy: string;
  /** Markdown */
  note: string;
  /** null when the case does not have the event any more */
  event: ReportEvent | null;
}
export interface ReportEvent extends Pick<EventDetail, 'time' | 'timeText' | 'clock' | 'flags' | 'severity' | 'signal' | 'service' | 'host' | 'level' | 'message' | 'fields'> {
  /** at most 4 KiB of the record as UTF-8 */
  raw: string;
  /** bytes of the record (as UTF-8) that `raw` leaves out */
  rawLeftOut: number;
  provenance: Provenance;
}

/** Events around the pins: the stretch of the pins with a margin, or the whole case when nothing is pinned. */
export interface Activity {
  from: number;
  to: number;
  /** width of a bucket */
  step: number;
  total: number;
  /** counts[bucket][severity code] */
  counts: number[][];
  /** most events first; '' = events that name none */
  services: { value: string; count: number }[];
  /** services beyond those given */
  servicesLeftOut: number;
}
