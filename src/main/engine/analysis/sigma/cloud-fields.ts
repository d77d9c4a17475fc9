/** Audit logs of clouds and services on the network: how their records are told from others, and what their fields are called when they come wrapped in something. */
import type { FieldMap, RecordView } from './record-view.ts';

interface Service {
  /** names of fields, all of one set of which a record has */
  tells: readonly (readonly string[])[];
  /** what collectors put in front of all names */
  within?: readonly string[];
  fields?: FieldMap;
}

/** Leaves whose name ends so, whatever they are inside of. */
const inside = (...ends: readonly string[]) => (view: RecordView): readonly string[] | null => {
  const found = [...view.leaves].flatMap(([name, values]) => (ends.some((end) => name.endsWith(end)) ? values : []));
  return found.length === 0 ? null : found;
};
const first = (...names: readonly string[]) => (view: RecordView): readonly string[] | null => {
  for (const name of names) {
    const found = view.own(name);
    if (found) return found;
  }
  return null;
};
/** The record that Microsoft Purview exports as JSON in a column. */
function auditData(view: RecordView): ReadonlyMap<string, string[]> {
  const known = view.memo.get(auditData) as Map<string, string[]> | undefined;
  if (known) return known;
  const values = new Map<string, string[]>();
  view.memo.set(auditData, values);
  try {
    const parsed: unknown = JSON.parse(view.leaves.get('auditdata')?.[0] ?? '{}');
    for (const [name, value] of Object.entries(parsed ?? {})) values.set(name.toLowerCase(), [typeof value === 'string' ? value : JSON.stringify(value)]);
  } catch {
    // Cut off: what stands in the other columns counts.
  }
  return values;
}
const purview = (...names: readonly string[]) => (view: RecordView): readonly string[] | null => {
  const found = names.flatMap((name) => view.own(name) ?? auditData(view).get(name) ?? []);
  return found.length === 0 ? null : found;
};

/** By product. */
export const CLOUDS: Readonly<Record<string, Service>> = {
  aws: { tells: [['eventsource', 'eventname']], within: ['detail.', 'aws.cloudtrail.', 'cloudtrail.'] },
  azure: {
    tells: [['operationname'], ['operationnamevalue'], ['activitydisplayname'], ['activitytype'], ['loggedbyservice'], ['riskeventtype'], ['resulttype'], ['userprincipalname'], ['appdisplayname'], ['properties.message'], ['conditionalaccessstatus']], within: ['properties.', 'azure.'],
    // The REST interface has a code and a name for people where exports have the code.
    fields: Object.fromEntries(['operationname', 'category', 'status', 'substatus', 'eventname', 'resourcetype'].map((name) => [name, first(`${name}.value`, name, `properties.${name}`)])),
  },
  gcp: {
    tells: [['protopayload.methodname'], ['protopayload.servicename'], ['data.protopayload.methodname'], ['gcp.audit.method_name'], ['methodname', 'servicename'], ['eventservice'], ['eventname', 'setting_name'], ['id.applicationname']], within: ['data.', 'protopayload.', 'data.protopayload.', 'jsonpayload.'],
    fields: {
      eventservice: (view) => view.own('eventservice') ?? view.own('protopayload.servicename') ?? view.own('id.applicationname')?.map((name) => `${name}.googleapis.com`) ?? null,
      eventname: first('eventname', 'events.name', 'protopayload.metadata.event.eventname'),
      '*'(view, name) {
        // Rules put all of an entry below protoPayload; entries have some of it beside.
        const bare = name.replace(/^data\./, '').replace(/^protopayload\./, '');
        if (bare !== name) return view.own(`protopayload.${bare}`) ?? view.own(bare);
        return name.startsWith('gcp.audit.') ? view.own(`protopayload.${name.slice('gcp.audit.'.length).replaceAll('_', '')}`) : null;
      },
    },
  },
  m365: {
    tells: [['workload'], ['operation'], ['eventsource', 'eventname'], ['auditdata'], ['o365.audit.operation']], within: ['o365.audit.', 'auditdata.'],
    fields: {
      eventsource: purview('eventsource', 'workload'), eventname: purview('eventname', 'operation', 'name'),
      status: (view) => purview('status', 'resultstatus')(view)?.map((value) => (/^(?:true|succe)/i.test(value) ? 'success' : value)) ?? null,
      '*': (view, name) => auditData(view).get(name) ?? (name.startsWith('o365.audit.') ? purview(name.slice('o365.audit.'.length))(view) : null),
    },
  },
  github: { tells: [['action', 'actor'], ['action', 'org'], ['action', 'created_at'], ['action', '@timestamp'], ['action', '_document_id']], within: ['github.', 'data.'] },
  bitbucket: { tells: [['audittype'], ['audittype.category'], ['audittype.action']] },
  okta: { tells: [['eventtype'], ['displaymessage'], ['debugcontext'], ['securitycontext'], ['okta.event_type']], within: ['okta.', 'data.'], fields: { '*': (view, name) => (name === 'eventtype' ? view.own('okta.event_type') : null) } },
  onelogin: { tells: [['event_type_id']], within: ['onelogin.', 'data.'] },
  opencanary: { tells: [['logtype']] },
  kubernetes: {
    tells: [['auditid'], ['verb', 'objectref'], ['verb', 'objectref.resource'], ['verb', 'requesturi'], ['verb', 'resource']],
    fields: {
      username: first('username', 'user.username'), apigroup: first('apigroup', 'objectref.apigroup'), resource: first('resource', 'objectref.resource'), subresource: first('subresource', 'objectref.subresource'), namespace: first('namespace', 'objectref.namespace'),
      hostpath: (view) => view.own('hostpath') ?? inside('.hostpath.path')(view), capabilities: (view) => view.own('capabilities') ?? inside('.capabilities.add')(view),
    },
  },
};
/** What products are also called. */
export const ALSO_CALLED: Readonly<Record<string, string>> = { google_workspace: 'gcp', gworkspace: 'gcp', google_cloud: 'gcp', microsoft365: 'm365', o365: 'm365', office365: 'm365', bro: 'zeek', kubernetes_audit: 'kubernetes', entra: 'azure', azure_ad: 'azure' };

/** What fields of rules about a product are called in a record; null = the record is none of it. */
export function cloudFields({ tells, within = [], fields = {} }: Service): (view: RecordView) => FieldMap | null {
  const rest = fields['*'] as FieldMap[string] | undefined;
  const map: FieldMap = { ...fields, '*': (view, name) => within.reduce<readonly string[] | null>((found, prefix) => found ?? view.own(`${prefix}${name}`), null) ?? rest?.(view, name) ?? null };
  return (view) => (tells.some((set) => ['', ...within].some((prefix) => set.every((name) => view.own(`${prefix}${name}`) !== null))) ? map : null);
}
