import type { AlertState, GroupField, NoData } from '../../../shared/alert.ts';

export const STATE_TITLES: Readonly<Record<AlertState, string>> = { pending: 'Pending', active: 'Active', acknowledged: 'Acknowledged', resolved: 'Resolved' };
export const GROUP_TITLES: Readonly<Record<GroupField, string>> = { '': 'Nothing: all together', service: 'Service', host: 'Host' };
export const NO_DATA_TITLES: Readonly<Record<NoData, string>> = { ok: 'is all right', alert: 'counts as over the threshold', keep: 'leaves things as they were' };

/** What the trail calls a change. */
export function changeText(what: string, note: string): string {
  switch (what) {
    case 'raised': return note === 'over already' ? 'found in the events, over already' : note === 'pending' ? 'over the threshold, not yet for long enough' : 'fired';
    case 'withdrawn': return 'taken back: the events or the rule do not make it any more';
    case 'returned': return 'made again by the events and the rule';
    case 'reopened': return note === '' ? 'opened again' : `opened again by ${note}`;
    case 'resolved': return note === '' ? 'resolved' : `resolved: ${note}`;
    case 'acknowledged': return note === '' ? 'acknowledged' : `acknowledged: ${note}`;
    case 'unacknowledged': return 'acknowledgement taken back';
    default: return what;
  }
}
