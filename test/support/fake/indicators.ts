/** Lists of indicators of the engine in memory: one on, one off, some hits with values that must not be trusted. Test only. */
import type { Enrichment } from '../../../src/shared/contract/enrichment.ts';
import type { IndicatorHit, IndicatorList, IndicatorsStatus } from '../../../src/shared/contract/indicators.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const LIST: IndicatorList = {
  id: 1, name: 'feed.stix.json', format: 'stix', path: '/home/me/feed.stix.json', sha256: 'ab'.repeat(32), size: 48_000_000, addedAt: START, addedBy: 'ana', toolVersion: '0.1.0', enabled: true,
  read: 120_400, stored: 118_020, duplicates: 1_980, rejected: 400, reasons: [{ reason: 'it needs several things at once (AND, FOLLOWEDBY)', count: 310, example: '' }, { reason: 'file:name is not matched', count: 90, example: '' }],
};
const HIT: IndicatorHit = {
  id: 1, list: 1, listName: LIST.name, type: 'ip', value: '203.0.113.66', note: 'Scanner of the harbour campaign', labels: ['malicious-activity', 'scanner'], confidence: 85, tlp: 'amber',
  validFrom: START - 86_400e6, validUntil: START - 3600e6, revoked: false, reference: 'indicator--1', events: 1204, first: START, last: START + 7200e6,
};

const CITY: Enrichment = {
  id: 1, kind: 'geoip', name: 'GeoLite2-City.mmdb', path: '/home/me/geo/GeoLite2-City.mmdb', sha256: 'cd'.repeat(32), size: 62_000_000, addedAt: START, addedBy: 'ana', toolVersion: '0.1.0',
  fields: ['source.geo.country_iso_code', 'source.geo.country_name', 'source.geo.region_name', 'source.geo.city_name'], rows: 0, rejected: [], about: 'GeoLite2-City, built 2026-11-03', enabled: true, trouble: '', error: '',
};
const ASN: Enrichment = {
  ...CITY, id: 2, name: 'GeoLite2-ASN.mmdb', path: '/media/stick/GeoLite2-ASN.mmdb', fields: [], about: 'GeoLite2-ASN, built 2026-10-29', trouble: 'changed', error: 'the database is not the one that was added: it has changed. Remove it and add it again to use it',
};
const MAP: Enrichment = {
  ...CITY, id: 3, kind: 'map', name: 'hosts.csv', path: '/home/me/hosts.csv', size: 4_100, fields: ['labels.team', 'labels.env'], rows: 118, about: '',
  rejected: [{ reason: 'the row names no host, ip or service', count: 2, example: '{"host":"","team":"<b>nobody</b>"}' }, { reason: 'this is no IP address or block', count: 1, example: '10.0.0.300' }],
};

export function indicatorRooms(state: FakeState): Pick<EngineHandlers, 'indicators' | 'enrichment'> {
  let lists: IndicatorList[] = state.scenario === 'case' ? [LIST, { ...LIST, id: 2, name: 'watch.csv', format: 'csv', enabled: false, read: 12, stored: 12, duplicates: 0, rejected: 0, reasons: [] }] : [];
  let enrichments: Enrichment[] = state.scenario === 'case' ? [CITY, ASN, MAP] : [];
  const status = (): IndicatorsStatus => ({ lists, reading: null, matching: null, error: '' });
  const changed = (): void => {
    state.emit('indicators.progress', status());
    state.emit('cases.changed', { tables: ['indicators'], version: ++state.version, from: null, to: null });
  };
  const hits: IndicatorHit[] = [
    HIT,
    { ...HIT, id: 2, type: 'domain', value: 'cdn.bad.example', note: '<img src=x onerror=alert(1)>', labels: [], confidence: null, tlp: '', validUntil: null, events: 31 },
    { ...HIT, id: 3, type: 'hash', value: 'd41d8cd98f00b204e9800998ecf8427e', note: '', labels: [], confidence: 20, tlp: 'clear', validUntil: null, events: 1 },
  ];
  return {
    enrichment: {
      add: ({ kind, path }) => {
        const name = path.slice(path.lastIndexOf('/') + 1);
        if (name.endsWith('.txt')) throw new TidemarkError('invalid_input', `${path} is no database in MaxMind's format (.mmdb).`);
        const one: Enrichment = { ...(kind === 'geoip' ? CITY : MAP), id: enrichments.reduce((most, { id }) => Math.max(most, id), 0) + 1, name, path };
        enrichments = [...enrichments, one];
        changed();
        return one;
      },
      list: () => enrichments,
      enable: ({ id, enabled }) => {
        enrichments = enrichments.map((one) => (one.id === id ? { ...one, enabled } : one));
        changed();
      },
      remove: ({ id }) => {
        enrichments = enrichments.filter((one) => one.id !== id);
        changed();
      },
    },
    indicators: {
      add: ({ path, name }) => {
        if (path.endsWith('.txt')) throw new TidemarkError('invalid_input', 'notes.txt holds no indicator that can be matched.');
        const list = { ...LIST, id: lists.length + 1, name: name || path.slice(path.lastIndexOf('/') + 1) };
        lists = [...lists, list];
        changed();
        return list;
      },
      status,
      enable: ({ id, enabled }) => {
        lists = lists.map((list) => (list.id === id ? { ...list, enabled } : list));
        changed();
      },
      remove: ({ id }) => {
        lists = lists.filter((list) => list.id !== id);
        changed();
      },
      hits: ({ text }) => {
        const rows = lists.some((list) => list.enabled) ? hits.filter(({ value }) => value.includes(text)) : [];
        return { rows, total: rows.length };
      },
      settled: () => undefined,
      stop: () => undefined,
    },
  };
}
