/** Every command with its title and keys: the one table behind key handling, the palette and the sheet under `?`. */
import type { CommandId } from '../state/commands.ts';

export const GROUPS = ['Case', 'Query and time', 'Events', 'Go to', 'Canvas', 'Window'] as const;
export interface Shortcut {
  id: CommandId;
  title: string;
  group: (typeof GROUPS)[number];
  /** strokes: "mod+k"; "g e" is g, then e. mod = Ctrl, on a Mac Cmd. The first is the one shown in menus. */
  keys: readonly string[];
  /** also while typing in a field */
  inText?: boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'case.new', title: 'New case', group: 'Case', keys: ['mod+n'], inText: true },
  { id: 'case.open', title: 'Open case', group: 'Case', keys: ['mod+o'], inText: true },
  { id: 'case.copy', title: 'Copy case to a file', group: 'Case', keys: [] },
  { id: 'case.check', title: 'Check the case for damage', group: 'Case', keys: [] },
  { id: 'case.snapshot', title: 'Take a snapshot of the case', group: 'Case', keys: [] },
  { id: 'case.snapshots', title: 'Snapshots: compare, restore, delete', group: 'Case', keys: [] },
  { id: 'case.retention', title: 'Retention and archive', group: 'Case', keys: [] },
  { id: 'case.close', title: 'Close case', group: 'Case', keys: ['mod+w'], inText: true },
  { id: 'ingest.files', title: 'Add files', group: 'Case', keys: ['mod+i'], inText: true },
  { id: 'ingest.folder', title: 'Add a folder', group: 'Case', keys: ['mod+shift+i'], inText: true },
  { id: 'ingest.paste', title: 'Add pasted text', group: 'Case', keys: ['mod+shift+v'] },
  { id: 'source.add', title: 'Add a source: files, or a connection', group: 'Case', keys: [] },
  { id: 'geo.choose', title: 'Choose a GeoIP database', group: 'Case', keys: [] },
  { id: 'map.add', title: 'Add a map of hosts, addresses or services', group: 'Case', keys: [] },
  { id: 'report.incident', title: 'Incident report', group: 'Case', keys: ['mod+p'], inText: true },
  { id: 'export.events', title: 'Export this result', group: 'Case', keys: ['mod+e'], inText: true },

  { id: 'query.focus', title: 'Write a query', group: 'Query and time', keys: ['/', 'mod+f'] },
  { id: 'query.clear', title: 'Clear the query', group: 'Query and time', keys: [] },
  { id: 'range.zoom', title: 'Zoom to the selection', group: 'Query and time', keys: ['z'] },
  { id: 'range.back', title: 'Back to the range before', group: 'Query and time', keys: ['shift+z'] },
  { id: 'range.out', title: 'Zoom out', group: 'Query and time', keys: ['-'] },
  { id: 'range.reset', title: 'Whole time of the case', group: 'Query and time', keys: ['0'] },
  { id: 'view.zone', title: 'Change the time zone', group: 'Query and time', keys: ['t'] },

  { id: 'event.next', title: 'Next event', group: 'Events', keys: ['j', 'arrowdown'] },
  { id: 'event.previous', title: 'Previous event', group: 'Events', keys: ['k', 'arrowup'] },
  { id: 'event.first', title: 'First event', group: 'Events', keys: ['mod+home'] },
  { id: 'event.last', title: 'Last event', group: 'Events', keys: ['mod+end'] },
  { id: 'hit.previous', title: 'Previous hit', group: 'Events', keys: ['['] },
  { id: 'hit.next', title: 'Next hit', group: 'Events', keys: [']'] },
  { id: 'event.pin', title: 'Pin or unpin the event', group: 'Events', keys: ['p'] },
  { id: 'event.note', title: 'Write a note', group: 'Events', keys: ['n'] },
  { id: 'event.relevant', title: 'Mark the event relevant, for triage', group: 'Events', keys: ['y'] },
  { id: 'event.irrelevant', title: 'Mark the event not relevant', group: 'Events', keys: ['x'] },
  { id: 'event.type', title: 'Type an event in', group: 'Events', keys: ['e'] },
  { id: 'event.edit', title: 'Change the typed event', group: 'Events', keys: ['shift+e'] },
  { id: 'event.delete', title: 'Delete the typed event', group: 'Events', keys: [] },
  { id: 'value.include', title: 'Filter for the value', group: 'Events', keys: ['f'] },
  { id: 'value.exclude', title: 'Filter the value out', group: 'Events', keys: ['shift+f'] },
  { id: 'value.copy', title: 'Copy the value', group: 'Events', keys: ['c'] },
  { id: 'trace.open', title: 'Open the trace of the event', group: 'Events', keys: ['o'] },
  { id: 'event.clear', title: 'Select nothing', group: 'Events', keys: ['escape'] },

  { id: 'go.canvas', title: 'Canvas', group: 'Go to', keys: ['g c'] },
  { id: 'go.investigations', title: 'Investigations', group: 'Go to', keys: ['g i'] },
  { id: 'go.health', title: 'Sources and health', group: 'Go to', keys: ['g h'] },
  { id: 'go.reports', title: 'Reports', group: 'Go to', keys: ['g r'] },
  { id: 'go.sql', title: 'SQL console', group: 'Go to', keys: ['g s'] },
  { id: 'go.settings', title: 'Settings', group: 'Go to', keys: ['g ,'] },
  { id: 'go.timeline', title: 'Timeline panel', group: 'Go to', keys: ['g t'] },
  { id: 'go.metrics', title: 'Metrics panel', group: 'Go to', keys: ['g m'] },
  { id: 'go.events', title: 'Events panel', group: 'Go to', keys: ['g e'] },
  { id: 'go.facets', title: 'Fields panel', group: 'Go to', keys: ['g f'] },
  { id: 'go.detail', title: 'Detail panel', group: 'Go to', keys: ['g d'] },
  { id: 'go.trace', title: 'Traces panel', group: 'Go to', keys: ['g w'] },
  { id: 'go.indicators', title: 'Indicators, places and owners', group: 'Go to', keys: ['g n'] },
  { id: 'go.coverage', title: 'Coverage of the sources', group: 'Go to', keys: ['g v'] },
  { id: 'go.patterns', title: 'Patterns of messages', group: 'Go to', keys: ['g p'] },
  { id: 'go.anomalies', title: 'Anomalies', group: 'Go to', keys: ['g a'] },
  { id: 'go.alerts', title: 'Alerts and their rules', group: 'Go to', keys: ['g l'] },
  { id: 'go.detections', title: 'Detections by Sigma rules', group: 'Go to', keys: ['g u'] },
  { id: 'go.threat', title: 'Threat analysis', group: 'Go to', keys: ['g y'] },
  { id: 'go.correlation', title: 'Correlation', group: 'Go to', keys: ['g k'] },
  { id: 'go.root-cause', title: 'Root cause', group: 'Go to', keys: ['g o'] },
  { id: 'go.trends', title: 'Trends, forecasts and statistics', group: 'Go to', keys: ['g x'] },
  { id: 'go.models', title: 'Triage', group: 'Go to', keys: ['g b'] },
  { id: 'go.services', title: 'Services and their health', group: 'Go to', keys: ['g j'] },

  { id: 'canvas.add', title: 'Add a panel', group: 'Canvas', keys: ['a'] },
  { id: 'canvas.maximise', title: 'Maximise or restore the panel', group: 'Canvas', keys: ['m'] },
  { id: 'canvas.reset', title: 'Reset the layout', group: 'Canvas', keys: [] },

  { id: 'edit.undo', title: 'Undo', group: 'Window', keys: ['mod+z'] },
  { id: 'edit.redo', title: 'Redo', group: 'Window', keys: ['mod+shift+z', 'mod+y'] },
  { id: 'view.palette', title: 'Command palette', group: 'Window', keys: ['mod+k'], inText: true },
  { id: 'view.theme', title: 'Switch dark and light', group: 'Window', keys: [] },
  { id: 'view.shortcuts', title: 'Keyboard shortcuts', group: 'Window', keys: ['?'] },
];

export function shortcutOf(id: CommandId): Shortcut | undefined {
  return SHORTCUTS.find((shortcut) => shortcut.id === id);
}
