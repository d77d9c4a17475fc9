/**
 * Commands by id: whoever can do one registers a handler while it is on screen; keys, palette and menu run it.
 * Titles and keys of all of them are in app/shortcuts.ts.
 */
import { useEffect, useRef } from 'react';

export const COMMANDS = [
  'case.new', 'case.open', 'case.close', 'case.copy', 'case.check', 'case.snapshot', 'case.snapshots', 'case.retention', 'ingest.files', 'ingest.folder', 'ingest.paste', 'source.add', 'geo.choose', 'map.add',
  'edit.undo', 'edit.redo', 'view.palette', 'view.shortcuts', 'report.incident', 'export.events',
  'query.focus', 'query.clear', 'range.zoom', 'range.back', 'range.reset', 'range.out',
  'event.next', 'event.previous', 'event.first', 'event.last', 'hit.next', 'hit.previous', 'event.clear',
  'event.pin', 'event.note', 'event.relevant', 'event.irrelevant', 'event.type', 'event.edit', 'event.delete', 'value.include', 'value.exclude', 'value.copy',
  'go.investigations', 'go.canvas', 'go.health', 'go.reports', 'go.sql', 'go.settings',
  'go.timeline', 'go.metrics', 'go.events', 'go.facets', 'go.detail', 'go.coverage', 'go.trace', 'go.indicators', 'trace.open',
  'go.patterns', 'go.anomalies', 'go.alerts', 'go.detections', 'go.threat', 'go.correlation', 'go.root-cause', 'go.trends', 'go.models', 'go.services',
  'canvas.add', 'canvas.reset', 'canvas.maximise', 'view.theme', 'view.zone',
] as const;
export type CommandId = (typeof COMMANDS)[number];

type Handler = () => void;
/** The handler registered last wins: the panel on top of the screen knows best. */
const handlers = new Map<CommandId, Handler[]>();

function registerCommand(id: CommandId, handler: Handler): () => void {
  handlers.set(id, [...(handlers.get(id) ?? []), handler]);
  return () => handlers.set(id, (handlers.get(id) ?? []).filter((entry) => entry !== handler));
}
/** Runs a command; false when nothing on screen can do it. */
export function runCommand(id: CommandId): boolean {
  const handler = handlers.get(id)?.at(-1);
  if (!handler) return false;
  handler();
  return true;
}
export function canRun(id: CommandId): boolean {
  return (handlers.get(id)?.length ?? 0) > 0;
}
/** Handles a command while the component is mounted (and `enabled`). */
export function useCommand(id: CommandId, handler: Handler, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => (enabled ? registerCommand(id, () => latest.current()) : undefined), [id, enabled]);
}
