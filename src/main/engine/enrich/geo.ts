/** Places and networks of addresses, out of a database in MaxMind's format (City, Country or ASN). */
import { Reader, type Response } from 'mmdb-lib';
import type { Lookup } from '../search/derived.ts';

interface Named {
  iso_code?: unknown;
  names?: Readonly<Record<string, unknown>>;
}
interface Found {
  country?: Named;
  registered_country?: Named;
  city?: Named;
  subdivisions?: readonly Named[];
  autonomous_system_number?: unknown;
  autonomous_system_organization?: unknown;
}

const PLACES: Readonly<Record<string, (found: Found) => unknown>> = {
  'source.geo.country_iso_code': ({ country, registered_country }) => (country ?? registered_country)?.iso_code,
  'source.geo.country_name': ({ country, registered_country }) => (country ?? registered_country)?.names?.en,
  'source.geo.region_name': ({ subdivisions }) => subdivisions?.[0]?.names?.en,
  'source.geo.city_name': ({ city }) => city?.names?.en,
};
const NETWORKS: Readonly<Record<string, (found: Found) => unknown>> = {
  'source.as.number': ({ autonomous_system_number }) => autonomous_system_number,
  'source.as.organization.name': ({ autonomous_system_organization }) => autonomous_system_organization,
};

export interface GeoDatabase {
  about: string;
  lookups: Lookup[];
}

/** Opens a database. Throws a plain error when the bytes are none. */
export function openGeo(bytes: Buffer): GeoDatabase {
  const reader = new Reader(bytes);
  const { databaseType, buildEpoch, recordSize } = reader.metadata;
  if (typeof databaseType !== 'string' || ![24, 28, 32].includes(recordSize)) throw new Error('this is no database in MaxMind’s format');
  const fields = /asn|isp|enterprise/i.test(databaseType) ? { ...NETWORKS, ...(/enterprise/i.test(databaseType) ? PLACES : {}) } : PLACES;
  return {
    about: `${databaseType}, built ${buildEpoch.toISOString().slice(0, 10)}`,
    lookups: Object.entries(fields).map(([name, value]) => ({
      name, column: 'ip', numeric: name === 'source.as.number',
      values: (address) => {
        const found = value(find(reader, address) ?? {});
        return typeof found === 'string' || typeof found === 'number' ? [String(found)] : [];
      },
    })),
  };
}

/** null where the address is none, is not in the database, or the database is broken there. */
function find(reader: Reader<Response>, address: string): Found | null {
  try {
    return reader.get(address) as Found | null;
  } catch {
    return null;
  }
}
