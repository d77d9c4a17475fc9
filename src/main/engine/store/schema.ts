/** The schema of a case file, as steps that are only ever added to. Each runs in a transaction that raises user_version. */
import { INVESTIGATIONS_DDL } from './investigations-schema.ts';

/** 'TDMK' */
export const APPLICATION_ID = 0x54444d4b;
/** Bytes of a page in every case that Tidemark makes. */
export const PAGE_SIZE = 16_384;

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
  -- One row a thing that was read. head: its first bytes (packed), which formats need to understand its records again.
  CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    signal TEXT NOT NULL,
    path TEXT NOT NULL,
    disk_path TEXT NOT NULL,
    suffix TEXT NOT NULL,
    format TEXT NOT NULL,
    format_title TEXT NOT NULL,
    format_reason TEXT NOT NULL,
    declared TEXT,
    service TEXT NOT NULL,
    zone TEXT NOT NULL,
    dedup_window INTEGER NOT NULL,
    head BLOB NOT NULL,
    head_hash TEXT NOT NULL,
    head_length INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    ingested_at INTEGER NOT NULL,
    ingested_by TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT NOT NULL DEFAULT '',
    -- stream offset up to which every record is stored or rejected: where reading goes on
    checkpoint INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    t0 REAL,
    t1 REAL,
    CHECK (read = stored + duplicates + rejected)
  ) STRICT;
  CREATE INDEX source_head ON source (head_length, head_hash);
  -- Events live in segments of at most 4,096 (store/segment.ts). Small columns first; texts in tables of their own so that
  -- reopening a case reads only what timelines need.
  CREATE TABLE seg (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    n INTEGER NOT NULL,
    t0 REAL NOT NULL,
    t1 REAL NOT NULL,
    b0 REAL,
    b1 REAL,
    sorted INTEGER NOT NULL,
    text_bytes INTEGER NOT NULL,
    dict BLOB NOT NULL,
    hot BLOB NOT NULL
  ) STRICT;
  CREATE TABLE seg_cold (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  CREATE TABLE seg_msg (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  CREATE TABLE seg_rest (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
  CREATE TABLE seg_words (id INTEGER PRIMARY KEY, starts BLOB NOT NULL, data BLOB NOT NULL) STRICT;
  -- field: 0 service, 1 host, 2 level; ids count from 1 within a field
  CREATE TABLE dict (field INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (field, id)) WITHOUT ROWID, STRICT;
  CREATE TABLE template (id INTEGER PRIMARY KEY, pattern TEXT NOT NULL) STRICT;
  -- resolution 1: one row a minute with its seconds inside; 60, 300, 3600, 86400: one row a bucket (store/rollups.ts)
  CREATE TABLE rollup (resolution INTEGER NOT NULL, bucket INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (resolution, bucket)) WITHOUT ROWID, STRICT;
  -- The dead-letter queue.
  CREATE TABLE reject (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 1,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX reject_source ON reject (source, offset);
  CREATE TABLE view (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
  ${INVESTIGATIONS_DDL}
  `,
  `
  -- CRC-32 of what a segment's rows hold, by table, and of these sums (store/checksums.ts); segments from before have no row.
  CREATE TABLE seg_check (id INTEGER PRIMARY KEY, own INTEGER NOT NULL, seg INTEGER NOT NULL, seg_cold INTEGER NOT NULL, seg_msg INTEGER NOT NULL, seg_rest INTEGER NOT NULL, seg_words INTEGER NOT NULL) STRICT;
  -- CRC-32 of the row (store/checksums.ts): names are parts of records. NULL in rows from before.
  ALTER TABLE dict ADD COLUMN sum INTEGER;
  -- Parts of a source whose events were lost with the case file: [start, stop) in its stream, to be read again. stop 0 = it is not known where.
  CREATE TABLE hole (source INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, PRIMARY KEY (source, start)) WITHOUT ROWID, STRICT;
  `,
  `
  -- What is read that is no file: a repository, a server, a port. config: JSON without secrets. cursor: where the connector goes on, '' = from the start;
  -- changed with the events in one transaction. source: where its events are, from the first on. removed_at: taken off the list, its events stay.
  CREATE TABLE connection (
    id INTEGER PRIMARY KEY,
    connector TEXT NOT NULL,
    name TEXT NOT NULL,
    config TEXT NOT NULL,
    source INTEGER REFERENCES source (id),
    cursor TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  -- Metrics (docs/case-file.md). labels: JSON list of [name, value], ascending. n, t0, t1: of its chunks together.
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    name TEXT NOT NULL,
    labels TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    cumulative INTEGER NOT NULL,
    help TEXT NOT NULL,
    n INTEGER NOT NULL DEFAULT 0,
    t0 REAL,
    t1 REAL,
    UNIQUE (source, name, labels)
  ) STRICT;
  CREATE TABLE series_chunk (id INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series (id), n INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, data BLOB NOT NULL) STRICT;
  CREATE INDEX series_chunk_time ON series_chunk (series, t0);
  `,
  `
  -- How far the clocks of sources were off, as people set it (clocks/correction.ts): rows are only added, the newest of a source counts, and one with
  -- nothing set takes the one before it back. Stored times are not touched. offset, reference, uncertainty, set_at: microseconds; drift: microseconds
  -- a second; zone: of times that name none, '' = the one they were read with.
  CREATE TABLE clock (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source (id),
    offset REAL NOT NULL,
    drift REAL NOT NULL,
    reference REAL NOT NULL,
    uncertainty REAL NOT NULL,
    zone TEXT NOT NULL,
    note TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    set_by TEXT NOT NULL
  ) STRICT;
  -- While rollups are counted anew (store/recount.ts) there is a row: segments up to done are in rollup_next, those up to last are to be.
  CREATE TABLE recount (id INTEGER PRIMARY KEY CHECK (id = 1), done INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
  CREATE TABLE rollup_next (resolution INTEGER NOT NULL, bucket INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (resolution, bucket)) WITHOUT ROWID, STRICT;
  -- What people typed in (typed-events.ts): each is the one event of a segment. body: what was typed, as JSON. removed_at: in no answer any more.
  CREATE TABLE typed_event (
    id INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL UNIQUE,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  -- Every change of it: rows are only added. what: typed, changed, removed, restored; before: the body until then, '' when it was typed.
  CREATE TABLE typed_change (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL, before TEXT NOT NULL) STRICT;
  CREATE INDEX typed_change_segment ON typed_change (segment);
  -- Lists of indicators (store/indicator-store.ts). reasons: JSON list of why indicators were rejected. removed_at: taken away, or not read to its end.
  CREATE TABLE indicator_list (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    read INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    removed_at INTEGER,
    CHECK (read = stored + duplicates + rejected)
  ) STRICT;
  -- type: ip, cidr, domain, url, hash. keys: what is compared (enrich/keys.ts): a byte for the kind, 16 bits of length, the bytes; and so on.
  CREATE TABLE indicator (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES indicator_list (id),
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    keys BLOB NOT NULL,
    note TEXT NOT NULL,
    labels TEXT NOT NULL,
    confidence INTEGER,
    tlp TEXT NOT NULL,
    valid_from REAL,
    valid_until REAL,
    revoked INTEGER NOT NULL,
    reference TEXT NOT NULL
  ) STRICT;
  CREATE INDEX indicator_of_list ON indicator (list);
  -- Events of a segment that have an indicator. offsets: 16-bit offsets in the segment; n of them; t0, t1: the first and last of their times.
  CREATE TABLE indicator_hit (seg INTEGER NOT NULL, indicator INTEGER NOT NULL, n INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, offsets BLOB NOT NULL, PRIMARY KEY (seg, indicator)) WITHOUT ROWID, STRICT;
  CREATE INDEX indicator_hit_indicator ON indicator_hit (indicator);
  -- What is known of addresses, hosts and services: databases of places (used where they lie) and maps. rejected: JSON list of reasons.
  CREATE TABLE enrichment (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    rows INTEGER NOT NULL,
    rejected TEXT NOT NULL,
    about TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1,
    removed_at INTEGER
  ) STRICT;
  -- Rows of maps. field: host, ip or service; name: its value; labels: JSON object.
  CREATE TABLE enrichment_row (id INTEGER PRIMARY KEY, enrichment INTEGER NOT NULL REFERENCES enrichment (id), field TEXT NOT NULL, name TEXT NOT NULL, labels TEXT NOT NULL) STRICT;
  -- With which lists a segment was compared: all up to the one with the id generation. No row: with none.
  CREATE TABLE indicator_matched (seg INTEGER PRIMARY KEY, generation INTEGER NOT NULL) STRICT;
  `,
  `
  -- What people said of findings (shared/finding.ts). about: what quiets its like. removed_at: taken back, or replaced by a later one.
  CREATE TABLE finding_mark (
    id INTEGER PRIMARY KEY,
    about TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    verdict TEXT NOT NULL,
    note TEXT NOT NULL,
    marked_at INTEGER NOT NULL,
    marked_by TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  CREATE INDEX finding_mark_about ON finding_mark (about);
  -- Sequences that people look for (analysis/correlation/sequence-rules.ts). body: the rule as JSON. Rows with negative ids switch rules that come with the product.
  CREATE TABLE sequence_rule (id INTEGER PRIMARY KEY, body TEXT NOT NULL, enabled INTEGER NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, removed_at INTEGER) STRICT;
  -- Alert rules (shared/alert.ts). body: the rule as JSON; version counts its edits.
  CREATE TABLE alert_rule (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  -- What rules found. started, fired, ended, over, peak_at: times of events; the others are of a wall clock. over: when it was over by itself.
  -- resolved_by: who said that it is over. withdrawn_at: the events that are there now, or the rule as it is now, do not make it any more.
  CREATE TABLE alert (
    id INTEGER PRIMARY KEY,
    rule INTEGER NOT NULL REFERENCES alert_rule (id),
    version INTEGER NOT NULL,
    group_name TEXT NOT NULL,
    started REAL NOT NULL,
    fired REAL,
    ended REAL NOT NULL,
    over REAL,
    peak REAL,
    peak_at REAL NOT NULL,
    raised_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT NOT NULL DEFAULT '',
    resolved_at INTEGER,
    resolved_by TEXT NOT NULL DEFAULT '',
    withdrawn_at INTEGER
  ) STRICT;
  CREATE INDEX alert_of_rule ON alert (rule, group_name, started);
  -- Keeps alerts quiet that started in [from_time, until_time). NULL = every rule, every group, no bound.
  CREATE TABLE silence (
    id INTEGER PRIMARY KEY,
    rule INTEGER REFERENCES alert_rule (id),
    group_name TEXT,
    from_time REAL,
    until_time REAL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  -- What became of alerts, rules and silences: rows are only added. kind: alert, rule or silence; by: '' = the engine; note: what somebody wrote, or the
  -- rule as it was until then.
  CREATE TABLE alert_change (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL, note TEXT NOT NULL) STRICT;
  CREATE INDEX alert_change_subject ON alert_change (kind, subject);
  -- Whether an event matters, as somebody said: relevant is 1 or 0. removed_at: taken back, or replaced by a later one.
  CREATE TABLE event_mark (id INTEGER PRIMARY KEY, event_id INTEGER NOT NULL, relevant INTEGER NOT NULL, marked_at INTEGER NOT NULL, marked_by TEXT NOT NULL, removed_at INTEGER) STRICT;
  CREATE INDEX event_mark_event ON event_mark (event_id);
  -- Models that were trained, by what they are for ('triage'). json: the model as it is exported, with its parameters, features, figures and lineage; sha256: its checksum.
  CREATE TABLE model (name TEXT PRIMARY KEY, current_version INTEGER) STRICT;
  CREATE TABLE model_version (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    json TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    removed_at INTEGER,
    UNIQUE (model, version)
  ) STRICT;
  -- Files of Sigma rules and pipelines (analysis/sigma), as they were written; a change of one is a new row. problems: JSON, why rules of it do not run.
  CREATE TABLE sigma_file (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    problems TEXT NOT NULL DEFAULT '[]',
    removed_at INTEGER
  ) STRICT;
  -- Rules of these files. at: where in the text one begins; part: 0, or a helper of an aggregation; silent: its hits count for correlations only; head: JSON, what it says of itself.
  CREATE TABLE sigma_rule (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES sigma_file (id),
    at INTEGER NOT NULL,
    part INTEGER NOT NULL,
    kind TEXT NOT NULL,
    silent INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    head TEXT NOT NULL,
    UNIQUE (file, at, part)
  ) STRICT;
  -- Events of a segment that a rule matched, as in indicator_hit; of correlations, the events that completed them.
  CREATE TABLE sigma_hit (seg INTEGER NOT NULL, rule INTEGER NOT NULL, n INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, offsets BLOB NOT NULL, PRIMARY KEY (seg, rule)) WITHOUT ROWID, STRICT;
  CREATE INDEX sigma_hit_rule ON sigma_hit (rule);
  -- With which rules a segment was compared: those of all files up to the one with the id generation. No row: with none.
  CREATE TABLE sigma_matched (seg INTEGER PRIMARY KEY, generation INTEGER NOT NULL) STRICT;
  -- What correlations were made of. event: id of the event that completed one; n: events there were; value: what was compared; by_values and events: JSON lists.
  CREATE TABLE sigma_correlated (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, event INTEGER NOT NULL, t0 REAL NOT NULL, t1 REAL NOT NULL, n INTEGER NOT NULL, value REAL NOT NULL, by_values TEXT NOT NULL, events TEXT NOT NULL) STRICT;
  CREATE INDEX sigma_correlated_rule ON sigma_correlated (rule);
  -- Files that old events were moved into (retention/). events: in it. t0, t1: of these, by the clocks of then. restored_at: all of them are in the case again.
  CREATE TABLE archive (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    t0 REAL,
    t1 REAL,
    events INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    restored_at INTEGER
  ) STRICT;
  -- Segments that are in an archive, and not in seg. start, stop: where their records stand in the stream of the source.
  CREATE TABLE archived_segment (id INTEGER PRIMARY KEY, archive INTEGER NOT NULL REFERENCES archive (id), source INTEGER NOT NULL REFERENCES source (id), n INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL) STRICT;
  CREATE INDEX archived_segment_archive ON archived_segment (archive);
  CREATE INDEX archived_segment_source ON archived_segment (source);
  -- What these segments count in table rollup, to be added when it is counted anew from the segments that are there.
  CREATE TABLE rollup_archived (archive INTEGER NOT NULL, resolution INTEGER NOT NULL, bucket INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (archive, resolution, bucket)) WITHOUT ROWID, STRICT;
  -- Which pattern each template is of: the id of a template that stands for all of them, and in its own row the text of the pattern.
  CREATE TABLE template_pattern (template INTEGER PRIMARY KEY, pattern INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
  -- Patterns that people merged or split: these templates are one pattern with this text. kind: merge (with all that is of one pattern with them) or split (just these).
  CREATE TABLE pattern_edit (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, templates TEXT NOT NULL, text TEXT NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL, removed_at INTEGER, removed_by TEXT) STRICT;
  -- Anomalies that were found as events and samples came in (store/live-anomalies.ts). about: what quiets it; body: the finding as JSON; generation: of the judging that found it last.
  CREATE TABLE anomaly_found (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, about TEXT NOT NULL, body TEXT NOT NULL, generation INTEGER NOT NULL, found_at INTEGER NOT NULL) STRICT;
  -- How far the case was judged ('') and what detectors know of services and series, as JSON; and the minutes and values in turn that they had (doubles).
  CREATE TABLE anomaly_state (what TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE anomaly_value (what TEXT NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (what, part)) WITHOUT ROWID, STRICT;
  `,
];
export const SCHEMA_VERSION = MIGRATIONS.length;
