import type { CaseInfo, CheckReport, SalvageAccount } from '../../../src/shared/contract/cases.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const ACCOUNT: SalvageAccount = {
  from: '/home/me/Cases/damaged.tidemark', at: START, by: 'ana', toolVersion: '0.1.0', unreadable: 41, events: { kept: 12_000, lost: 8192 },
  segments: { kept: 3, lost: 2, unverified: 0, reasons: [{ reason: 'its messages cannot be read', segments: 1 }, { reason: 'its records were altered', segments: 1 }] },
  sources: [
    { id: 1, path: '/var/log/shop/api.jsonl', kept: 4096, lost: 4096, ranges: [{ from: 737_280, to: 1_474_560 }], readable: true },
    { id: 3, path: '/srv/evidence/gateway.log.gz', kept: 0, lost: 4096, ranges: [], readable: false },
  ],
  tables: [{ name: 'note', title: 'notes', kept: 4, lost: 1 }], stranded: 2, recounted: true,
};
const SOUND: CheckReport = { ok: true, problems: [], segments: { total: 9, checked: 9, damaged: 0 }, eventsDamaged: 0, bytes: 4_820_000, seconds: 0.4 };

export function caseRooms(state: FakeState): Pick<EngineHandlers, 'cases' | 'reports'> {
  const views = new Map<string, unknown>();
  let path = '/home/me/Cases/checkout-outage.tidemark';
  const info = (): CaseInfo => ({
    path, name: path.split('/').at(-1)?.replace('.tidemark', '') ?? '', readOnly: false, readOnlyReason: '', schemaVersion: 1, createdAt: START, bytes: 4_820_000, events: state.events.length,
    sources: state.events.length ? 6 : 0, from: state.events[0]?.time ?? null, to: state.events.at(-1)?.time ?? null, version: state.version,
  });
  const open = (next: string): CaseInfo => {
    if (next.includes('damaged') && !next.includes('salvaged')) throw new TidemarkError('corrupt', `${next} is cut short: 3211264 bytes of 4820992. Copy what can be read into a new case, or restore a copy.`);
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
      salvage: ({ path: from, into }) => ({ info: open(into), account: { ...ACCOUNT, from } }),
      salvaged: () => (path.includes('salvaged') ? ACCOUNT : null),
      check: () => (path.includes('salvaged') ? { ...SOUND, ok: false, problems: ['segment 12 (4,096 events) is damaged: its row in seg_msg was altered'], segments: { total: 9, checked: 9, damaged: 1 }, eventsDamaged: 4096 } : SOUND),
      recent: () => [
        { path, name: 'checkout-outage', openedAt: START + 48 * 3600e6, exists: true, bytes: 4_820_000 },
        { path: '/home/me/Cases/vpn-logins.tidemark', name: 'vpn-logins', openedAt: START - 240 * 3600e6, exists: true, bytes: 812_000_000 },
        { path: '/home/me/Cases/damaged.tidemark', name: 'damaged', openedAt: START - 300 * 3600e6, exists: true, bytes: 3_211_264 },
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
        state.emit('reports.exportProgress', { job: 1, state: 'running', error: '', rows: 4000, total: 12_000, bytes: 400_000, unreadable: 0, path: to });
        return { job: 1 };
      },
      cancelExport: ({ job }) => state.emit('reports.exportProgress', { job, state: 'cancelled', error: '', rows: 4000, total: 12_000, bytes: 0, unreadable: 0, path: '' }),
    },
  };
}
