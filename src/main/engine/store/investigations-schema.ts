/**
 * Tables for what people write about a case. Nothing is deleted: `removed_at` (microseconds UTC) hides a row, so that what was
 * removed can be restored and shown to have been there. `investigation_event` only grows.
 */
export const INVESTIGATIONS_DDL: string = `
  CREATE TABLE investigation (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    severity TEXT NOT NULL,
    team TEXT NOT NULL,
    impact_domain TEXT NOT NULL,
    business_impact TEXT NOT NULL,
    estimated_mttr_minutes REAL,
    automation_potential REAL,
    summary TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    removed_at INTEGER
  ) STRICT;
  -- Every edit: who changed which field from what to what. subject: the note's id for a note, the event's id for a pin's note.
  CREATE TABLE investigation_event (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    field TEXT NOT NULL,
    subject INTEGER,
    old TEXT NOT NULL,
    new TEXT NOT NULL
  ) STRICT;
  CREATE INDEX investigation_event_investigation ON investigation_event (investigation_id, id);
  CREATE TABLE pin (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    event_id INTEGER NOT NULL,
    pinned_at INTEGER NOT NULL,
    pinned_by TEXT NOT NULL,
    note TEXT NOT NULL,
    removed_at INTEGER,
    UNIQUE (investigation_id, event_id)
  ) STRICT;
  CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    investigation_id INTEGER NOT NULL REFERENCES investigation (id),
    event_id INTEGER,
    time REAL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    author TEXT NOT NULL,
    removed_at INTEGER
  ) STRICT;
  CREATE INDEX note_investigation ON note (investigation_id, id);
`;
