import type { CaseInfo } from '../../../src/shared/contract/cases.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

export function caseRooms(state: FakeState): Pick<EngineHandlers, 'cases' | 'reports'> {
  const views = new Map<string, unknown>();
  let path = '/home/me/Cases/checkout-outage.tidemark';
  const info = (): CaseInfo => ({
    path, name: path.split('/').at(-1)?.replace('.tidemark', '') ?? '', readOnly: false, readOnlyReason: '', schemaVersion: 1, createdAt: START, bytes: 4_820_000, events: state.events.length,
    sources: state.events.length ? 6 : 0, from: state.events[0]?.time ?? null, to: state.events.at(-1)?.time ?? null, version: state.version,
  });
  const open = (next: string): CaseInfo => {
    if (next.includes('locked')) throw new TidemarkError('locked', `${next} is open in another program.`);
    path = next;
    state.open = true;
    state.emit('cases.opened', info());
    return info();
  };
  return {
    cases: {
      create: ({ path: next }) => open(next),
      open: ({ path: next }) => open(next),
      close: () => {
        state.open = false;
        state.emit('cases.opened', null);
      },
      info: () => (state.open ? info() : null),
      copy: () => ({ bytes: 4_820_000 }),
      salvage: ({ into }) => open(into),
      recent: () => [
        { path, name: 'checkout-outage', openedAt: START + 48 * 3600e6, exists: true, bytes: 4_820_000 },
        { path: '/home/me/Cases/vpn-logins.tidemark', name: 'vpn-logins', openedAt: START - 240 * 3600e6, exists: true, bytes: 812_000_000 },
        { path: '/mnt/usb/old-case.tidemark', name: 'old-case', openedAt: START - 900 * 3600e6, exists: false, bytes: 0 },
      ],
      forget: () => undefined,
      getView: ({ key }) => views.get(key) ?? null,
      setView: ({ key, value }) => void views.set(key, value),
    },
    reports: {
      incidentHtml: ({ zone }) => ({ title: 'Checkout outage', html: `<!doctype html><html><head><style>body{font:13px sans-serif;margin:32px;color:#222}h1{font-size:20px}</style></head><body><h1>Checkout outage</h1><p>Times in ${zone}.</p><h2>Timeline</h2><p>2 pinned events.</p></body></html>` }),
      incidentJson: ({ investigationId }) => ({ investigationId, pins: [] }),
      exportEvents: ({ path: to }) => {
        state.emit('reports.exportProgress', { job: 1, state: 'running', error: '', rows: 4000, total: 12_000, bytes: 400_000, path: to });
        return { job: 1 };
      },
      cancelExport: ({ job }) => state.emit('reports.exportProgress', { job, state: 'cancelled', error: '', rows: 4000, total: 12_000, bytes: 0, path: '' }),
    },
  };
}
