import fs from 'node:fs';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { count, table, visible } from '../output.ts';

export const enrich: Command = {
  name: 'enrich',
  usage: 'enrich CASE [--geoip FILE.mmdb] [--map FILE] [--off ID] [--on ID] [--remove ID] [--json]',
  summary: 'Tells a case what is known of addresses, hosts and services.',
  details:
    'geoip: a MaxMind database (City, Country, ASN) of your own, used where it lies. map: CSV with a header or JSON, with a column host, ip or\n' +
    'service; the others become fields labels.NAME. Then "tidemark search CASE source.geo.country_iso_code:DE labels.team:payments" and the like.\n' +
    'JSON: one {"id","kind","name","about","rows","fields","enabled","trouble","error"} a line; trouble: changed, gone or unreadable',
  options: {
    geoip: { value: 'FILE', help: 'a database of places or networks' },
    map: { value: 'FILE', help: 'a map of hosts, addresses or services' },
    off: { value: 'ID', help: 'leave a database or map out of every answer' },
    on: { value: 'ID', help: 'use it again' },
    remove: { value: 'ID', help: 'take a database or map away' },
    ...JSON_OPTION,
  },
  async run({ positionals, values }, { engine, out, json, note, signal }) {
    const [file] = positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const { handlers } = engine();
    const changes = [values.geoip, values.map, values.off, values.on, values.remove].some((value) => value !== undefined);
    if (changes && !fs.existsSync(file)) await handlers.cases.create({ path: file }, { signal });
    else await handlers.cases.open({ path: file, readOnly: !changes }, { signal });
    if (values.remove !== undefined) await handlers.enrichment.remove({ id: Number(values.remove) }, { signal });
    for (const [id, enabled] of [[values.off, false], [values.on, true]] as const) if (id !== undefined) await handlers.enrichment.enable({ id: Number(id), enabled }, { signal });
    if (values.geoip !== undefined) await handlers.enrichment.add({ kind: 'geoip', path: values.geoip }, { signal });
    if (values.map !== undefined) await handlers.enrichment.add({ kind: 'map', path: values.map }, { signal });
    const all = await handlers.enrichment.list({}, { signal });
    if (json) for (const { id, kind, name, about, rows, fields, enabled, trouble, error, sha256, rejected } of all) await out.json({ id, kind, name, about, rows, fields, enabled, trouble, error, sha256, rejected });
    else if (all.length === 0) note('The case knows nothing of addresses, hosts and services besides its events.');
    else await out.text(`${table([{ title: 'id', align: 'right' }, { title: 'kind' }, { title: 'what' }, { title: 'name' }, { title: 'fields' }], all.map((one) => [String(one.id), one.kind, one.about || `${count(one.rows)} rows`, visible(one.enabled ? one.name : `${one.name} (off)`), one.fields.join(' ')]))}\n`);
    for (const { name, error, rejected } of all) {
      if (error !== '') note(visible(`${name}: ${error}`));
      for (const { reason, count: times, example } of rejected) note(visible(`${name}: ${count(times)} rows left out: ${reason} (${example})`));
    }
    return 0;
  },
};
