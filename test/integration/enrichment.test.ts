/** Places of addresses out of a database, and maps of hosts, addresses and services. */
import fs from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mmdb } from '../support/mmdb.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => {
  one = await TempCase.create();
  const ips = ['203.0.113.7', '198.51.100.9', '10.1.2.3', 'fe80::1'];
  const lines = Array.from({ length: 400 }, (_, i) => JSON.stringify({ time: new Date(Date.UTC(2026, 9, 1) + i * 1000).toISOString(), message: `request ${i}`, client_ip: ips[i % 4], host: `web-${i % 2}`, service: i % 5 === 0 ? 'pay' : 'shop' }));
  await one.ingest(one.write('a.jsonl', lines.join('\n')));
});
afterEach(async () => await one.remove());
const total = async (query: string): Promise<number> => (await whenComplete(async () => await one.engine.handlers.events.page({ scope: everything(query), order: 'asc', at: { rank: 0 }, limit: 1 }, context))).total;

it('finds, counts and shows places and networks of addresses; a database that has changed is not used', async () => {
  const { enrichment, events } = one.engine.handlers;
  const city = one.write('city.mmdb', mmdb('Test-City', { '203.0.113.0/24': { country: { iso_code: 'DE', names: { en: 'Germany' } }, city: { names: { en: 'Kiel' } } }, '198.51.100.0/25': { country: { iso_code: 'BR', names: { en: 'Brazil' } } } }));
  const asn = one.write('asn.mmdb', mmdb('Test-ASN', { '203.0.113.0/24': { autonomous_system_number: 64_500, autonomous_system_organization: 'Harbour Net' } }));
  expect(await enrichment.add({ kind: 'geoip', path: city }, context)).toMatchObject({ kind: 'geoip', about: expect.stringMatching(/^Test-City, built 2026/), error: '', fields: expect.arrayContaining(['source.geo.country_iso_code']) });
  await enrichment.add({ kind: 'geoip', path: asn }, context);
  expect(await total('source.geo.country_iso_code:de')).toBe(100);
  expect(await total('source.geo.city_name:Kiel source.as.number>64000')).toBe(100);
  expect(await total('source.as.organization.name:"Harbour Net" -host:web-0')).toBe(0);
  expect(await total('-has:source.geo.country_iso_code')).toBe(200);
  const { facets } = await whenComplete(async () => await events.facets({ scope: everything(), fields: ['source.geo.country_name'], limit: 5 }, context));
  expect(facets[0].values).toEqual([{ value: 'Brazil', count: 100 }, { value: 'Germany', count: 100 }]);
  const { rows } = await one.page(everything('source.geo.city_name:Kiel'));
  expect((await events.get({ id: rows.id[0] }, context)).derived).toEqual(expect.arrayContaining([{ name: 'source.geo.country_name', value: 'Germany' }, { name: 'source.as.number', value: '64500' }]));
  await one.reopen();
  expect(await total('source.geo.country_iso_code:BR')).toBe(100);
  fs.appendFileSync(city, 'x');
  await one.reopen();
  expect((await one.engine.handlers.enrichment.list({}, context))[0]).toMatchObject({ trouble: 'changed', error: expect.stringMatching(/has changed/) });
  expect(await total('source.as.number:64500')).toBe(100);
  expect(await total('source.geo.country_iso_code:BR')).toBe(0);
});

it('reads maps, says what of them it cannot use, and forgets what is removed', async () => {
  const { enrichment } = one.engine.handlers;
  const csv = one.write('hosts.csv', 'host,team,env\nweb-0,payments,prod\nWEB-1,"shop, EU",\nweb-2,,\n,nobody,prod\n');
  const added = await enrichment.add({ kind: 'map', path: csv }, context);
  expect(added).toMatchObject({ kind: 'map', rows: 2, fields: ['labels.team', 'labels.env'] });
  expect(added.rejected.map(({ count }) => count)).toEqual([1, 1]);
  await enrichment.add({ kind: 'map', path: one.write('nets.json', JSON.stringify([{ ip: '10.0.0.0/8', site: 'inside' }, { ip: '10.1.0.0/16', site: 'lab' }, { service: 'pay', team: 'payments' }])) }, context);
  expect(await total('labels.team:payments')).toBe(240);
  expect(await total('labels.team:"shop, EU"')).toBe(200);
  expect(await total('labels.site:lab')).toBe(100);
  await enrichment.remove({ id: added.id }, context);
  expect(await total('labels.team:payments')).toBe(80);
});

it('refuses what is none of them', async () => {
  const { enrichment } = one.engine.handlers;
  await expect(enrichment.add({ kind: 'geoip', path: one.write('x.mmdb', 'nothing of the kind') }, context)).rejects.toThrow(/no database in MaxMind/);
  await expect(enrichment.add({ kind: 'geoip', path: one.write('y.mmdb', mmdb('Test-City', {}).subarray(0, 40)) }, context)).rejects.toThrow(/no database/);
  await expect(enrichment.add({ kind: 'map', path: one.write('x.csv', 'a,b\n1,2\n') }, context)).rejects.toThrow(/no row/);
  await expect(enrichment.add({ kind: 'map', path: one.write('x.json', '{"a": [') }, context)).rejects.toThrow(/no valid JSON/);
  expect(await enrichment.list({}, context)).toEqual([]);
});

it('can be switched off and on; a database that goes away while the case is open is told and not used, and is used again when it is back', async () => {
  const { enrichment } = one.engine.handlers;
  const bytes = mmdb('Test-City', { '203.0.113.0/24': { country: { iso_code: 'DE' } } });
  const file = one.write('city.mmdb', bytes);
  const { id } = await enrichment.add({ kind: 'geoip', path: file }, context);
  await expect(enrichment.add({ kind: 'geoip', path: one.write('copy.mmdb', bytes) }, context)).rejects.toThrow(/in the case already, as city\.mmdb/);
  await enrichment.enable({ id, enabled: false }, context);
  expect(await enrichment.list({}, context)).toMatchObject([{ enabled: false, trouble: '' }]);
  expect(await total('source.geo.country_iso_code:DE')).toBe(0);
  await enrichment.enable({ id, enabled: true }, context);
  expect(await total('source.geo.country_iso_code:DE')).toBe(100);
  fs.renameSync(file, `${file}.away`);
  expect(await enrichment.list({}, context)).toMatchObject([{ trouble: 'gone', error: expect.stringMatching(/Put it back/) }]);
  expect(await total('source.geo.country_iso_code:DE')).toBe(0);
  fs.renameSync(`${file}.away`, file);
  expect(await enrichment.list({}, context)).toMatchObject([{ trouble: '' }]);
  expect(await total('source.geo.country_iso_code:DE')).toBe(100);
  await expect((async () => await enrichment.enable({ id: 99, enabled: true }, context))()).rejects.toThrow(/no database or map 99/);
  await one.reopen(true);
  await expect((async () => await one.engine.handlers.enrichment.enable({ id, enabled: false }, context))()).rejects.toThrow(/read-only/);
});
