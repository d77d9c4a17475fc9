/**
 * Values of a Windows event by the names that rules use: those of EventData and UserData without what they are inside of and without blanks, those
 * of System with their attributes behind an underscore (Sigma specification, "Field Usage"). Tools write the same event in many shapes.
 */
type Add = (name: string, value: string) => void;

const DEEPEST = 12;
/** What tools put before the names of EventData and System: Winlogbeat, Wazuh, Velociraptor and collectors that flatten. */
const PREFIXES = ['winlog.event_data.', 'winlog.user_data.', 'event_data.', 'eventdata.', 'userdata.', 'data.win.eventdata.', 'data.win.system.', 'win.eventdata.', 'win.system.'];
/** Names of System where tools call them otherwise. */
const SYSTEM: Readonly<Record<string, readonly string[]>> = {
  eventid: ['winlog.event_id', 'event_id', 'event.code'], channel: ['winlog.channel', 'log_name'], provider_name: ['winlog.provider_name', 'providername', 'provider', 'event.provider', 'sourcename', 'source_name'],
  computer: ['winlog.computer_name', 'computername', 'hostname', 'host.name'], eventrecordid: ['winlog.record_id', 'recordid', 'recordnumber'],
};

/** An event in the frame that Windows gives it. */
export interface FramedEvent {
  /** by the names of rules, in lower case */
  values: ReadonlyMap<string, readonly string[]>;
  /** where the frame says it is from, and its number; '' = it does not say */
  channel: string;
  id: string;
}
const MOST_VALUES = 5000;

/** What an object says as an event in its frame (evtx_dump, Velociraptor, XML as JSON); null = it is none. */
export function framedEvent(parsed: unknown): FramedEvent | null {
  if (!isObject(parsed)) return null;
  const event = isObject(parsed.Event) ? parsed.Event : isObject(parsed.System) ? parsed : null;
  if (!event) return null;
  const values = new Map<string, string[]>();
  let count = 0;
  const add: Add = (name, value) => {
    const known = values.get(name);
    if (!known) values.set(name, [value]);
    else if (++count < MOST_VALUES && !known.includes(value)) known.push(value);
  };
  // What an event is about may be called as a part of its frame is: a log that was cleared is a Channel. Rules mean the former.
  addData(event.EventData, 'data', add, 0);
  addData(event.UserData, '', add, 0);
  const said = new Set(values.keys());
  let channel = '';
  let id = '';
  addSystem(event.System, (name, value) => {
    if (name === 'channel') channel = value;
    else if (name === 'eventid') id = value;
    if (name === 'eventid' || !said.has(name)) add(name, value);
  });
  // What collectors put beside it.
  for (const [name, value] of Object.entries(parsed)) if (typeof value !== 'object' && !values.has(name.toLowerCase())) add(name.toLowerCase(), String(value));
  addHashes(values, add);
  return { values, channel, id };
}

/** Adds names of rules to the values of a record that may be an event of Windows without its frame. `leaves`: all values, names joined with dots. */
export function addWindowsNames(leaves: ReadonlyMap<string, readonly string[]>, add: Add): void {
  for (const [name, values] of [...leaves]) {
    const prefix = PREFIXES.find((one) => name.startsWith(one));
    if (prefix) for (const value of values) addNamed(name.slice(prefix.length), value, add);
  }
  addPayload(leaves.get('payload')?.[0], add);
  for (const [name, others] of Object.entries(SYSTEM)) {
    const found = leaves.has(name) ? undefined : others.find((other) => leaves.has(other));
    if (found !== undefined && isWindows(leaves)) for (const value of leaves.get(found) ?? []) add(name, value);
  }
  addHashes(leaves, add);
}
/** Sysmon has all of them in one text: SHA256=…,IMPHASH=…. */
function addHashes(values: ReadonlyMap<string, readonly string[]>, add: Add): void {
  for (const text of [...(values.get('hashes') ?? []), ...(values.get('hash') ?? [])]) for (const [, name, value] of text.matchAll(/(?:^|,)([A-Z0-9]+)=([0-9A-F]+)/gi)) add(name.toLowerCase(), value);
}

/** Events that programs for Linux write as XML into syslog (Sysmon for Linux). */
export function addXmlNames(text: string, add: Add): void {
  for (const [, label, data, tag, value] of text.matchAll(/<Data Name="([^"]{1,100})">([^<]*)<|<(EventID|Channel|Computer|EventRecordID|Level)>([^<]*)</g)) add((label ?? tag).toLowerCase(), withoutEntities(data ?? value));
  const provider = /<Provider Name="([^"]*)"/.exec(text);
  if (provider) add('provider_name', withoutEntities(provider[1]));
}
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
function withoutEntities(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name]);
}

interface Shaped {
  System?: unknown;
  EventData?: unknown;
  UserData?: unknown;
}
function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
function isWindows(leaves: ReadonlyMap<string, readonly string[]>): boolean {
  return ['channel', 'winlog.channel', 'log_name', 'winlog.event_id'].some((name) => leaves.has(name)) || ((leaves.has('eventid') || leaves.has('event_id')) && (leaves.has('sourcename') || leaves.has('source_name') || leaves.has('providername')));
}
const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

function addSystem(system: unknown, add: Add): void {
  if (!isObject(system)) return;
  for (const [key, value] of Object.entries(system)) {
    const name = key.toLowerCase().replace(/_attributes$/, '');
    if (!isObject(value)) {
      if (!Array.isArray(value)) add(name, textOf(value));
      continue;
    }
    for (const [inner, text] of Object.entries(value)) {
      const attributes = inner === '#attributes' && isObject(text) ? Object.entries(text) : [];
      for (const [attribute, one] of attributes) add(`${name}_${attribute.toLowerCase()}`, textOf(one));
      if (attributes.length > 0 || typeof text === 'object') continue;
      if (inner === '#text' || inner === 'Value') add(name, textOf(text));
      else add(`${name}_${inner.replace(/^@/, '').toLowerCase()}`, textOf(text));
    }
  }
}

/** "New Value" is NewValue in rules. */
function addNamed(name: string, value: string, add: Add): void {
  const lower = name.toLowerCase();
  add(lower, value);
  if (lower.includes(' ')) add(lower.replaceAll(' ', ''), value);
}
function addData(value: unknown, name: string, add: Add, depth: number): void {
  if (depth > DEEPEST || value === undefined) return;
  if (Array.isArray(value)) for (const item of value) addData(item, name, add, depth + 1);
  else if (isObject(value)) {
    const attributes = value['#attributes'];
    // EventData has a name of its own as well; what has a text, or nothing beside its name, is a value.
    const single = '#text' in value || Object.keys(value).length === 1;
    const label = single ? (value['@Name'] ?? (isObject(attributes) ? attributes.Name : '#text' in value ? value.Name : undefined)) : undefined;
    if (typeof label === 'string') addData(value['#text'] ?? null, label, add, depth + 1);
    else {
      for (const [key, inner] of Object.entries(value)) if (key !== '#attributes' && !key.startsWith('@')) addData(inner, key === '#text' ? name : key, add, depth + 1);
      // Elements of UserData say much in attributes; those of the outermost are about how it is written.
      if (depth > 0 && isObject(attributes)) for (const [key, text] of Object.entries(attributes)) addNamed(key, textOf(text), add);
    }
  } else if (name !== '') addNamed(name, textOf(value), add);
}
/** EvtxECmd writes what the event says as JSON inside of its JSON or CSV. */
function addPayload(payload: string | undefined, add: Add): void {
  if (payload === undefined || !/^\{"(?:EventData|UserData)"/.test(payload)) return;
  try {
    const { EventData: data, UserData: user } = JSON.parse(payload) as Shaped;
    addData(data, 'data', add, 0);
    addData(user, '', add, 0);
  } catch {
    // Cut off: what stands in the other columns counts.
  }
}
