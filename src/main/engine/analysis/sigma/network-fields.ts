/** Connections and names asked for: what Sigma's categories firewall, network and dns call fields, in the words of firewalls, flow logs, Zeek, Suricata and resolvers. */
import type { FieldMap, RecordView } from './record-view.ts';

const MOST_PAIRS = 300;

/** name=value of a line of text, as firewalls write them; by name in lower case. */
function pairsOf(view: RecordView): ReadonlyMap<string, string[]> {
  const known = view.memo.get(pairsOf) as Map<string, string[]> | undefined;
  if (known) return known;
  const pairs = new Map<string, string[]>();
  view.memo.set(pairsOf, pairs);
  if (view.structured) return pairs;
  for (const [, name, quoted, bare] of view.text.slice(0, 1 << 16).matchAll(/(?<![^\s,;[])([A-Za-z][\w.-]{0,60})=(?:"([^"]*)"|([^\s,;]*))/g)) {
    if (pairs.size >= MOST_PAIRS) break;
    pairs.set(name.toLowerCase(), [quoted ?? bare]);
  }
  return pairs;
}
/** Names that only stand inside the line of a device. */
export const PAIRS: FieldMap = { '*': (view, name) => pairsOf(view).get(name) ?? null };

const named = (...names: readonly string[]) => (view: RecordView): readonly string[] | null => {
  for (const name of names) {
    const found = view.own(name) ?? pairsOf(view).get(name);
    if (found && found.some((value) => value !== '' && value !== '-')) return found;
  }
  return null;
};
const sourceIp = named('src_ip', 'src-ip', 'srcip', 'source.ip', 'src', 'sourceip', 'sourceaddress', 'source_address', 'srcaddr', 'src_addr', 'id.orig_h', 'c-ip', 'client_ip');
const targetIp = named('dst_ip', 'dst-ip', 'dstip', 'destination.ip', 'dst', 'dest_ip', 'destinationip', 'destinationaddress', 'destination_address', 'destaddress', 'dstaddr', 'dst_addr', 'id.resp_h');
const sourcePort = named('src_port', 'src-port', 'srcport', 'source.port', 'spt', 'sport', 'sourceport', 'source_port', 'id.orig_p');
const targetPort = named('dst_port', 'dst-port', 'dstport', 'destination.port', 'dpt', 'dport', 'dest_port', 'destinationport', 'destination_port', 'destport', 'id.resp_p');
const protocol = named('proto', 'protocol', 'network.transport', 'transport');

/** Texts one of which a line that tells of a connection is sure to hold, in lower case: parts of the names above. */
export const TARGETED: readonly string[] = ['dst', 'dpt', 'dport', 'dest', 'resp_'];
/** Whether a record tells of a connection. */
export function isConnection(view: RecordView): boolean {
  return targetIp(view) !== null || targetPort(view) !== null;
}
export const FIREWALL: FieldMap = {
  ...PAIRS, src_ip: sourceIp, dst_ip: targetIp, src_port: sourcePort, dst_port: targetPort, action: named('action', 'act', 'event.action', 'fw_action', 'firewall_action', 'disposition'),
  username: named('username', 'user', 'suser', 'usrname', 'source.user.name', 'user.name', 'srcuser'), protocol,
};

/** What resolvers write as text: BIND "query: name IN A", dnsmasq "query[A] name from". */
const written = (group: 1 | 2) => (view: RecordView): readonly string[] | null => {
  if (view.structured) return null;
  const bind = /\bquery: (\S+) IN (\S+)/.exec(view.text);
  if (bind) return [bind[group]];
  const masq = /\bquery\[(\w+)\] (\S+) from /.exec(view.text);
  return masq && [masq[group === 1 ? 2 : 1]];
};
const asked = named('query', 'dns.question.name', 'queryname', 'query_name', 'qname', 'dns_query', 'dns.rrname', 'rrname', 'question', 'question_name');
const kind = named('record_type', 'qtype_name', 'dns.question.type', 'querytype', 'query_type', 'qtype', 'dns.rrtype', 'rrtype', 'recordtype');
const name = (view: RecordView): readonly string[] | null => asked(view) ?? written(1)(view);
const type = (view: RecordView): readonly string[] | null => kind(view) ?? written(2)(view);
const answer = named('answer', 'answers', 'dns.answers.data', 'dns.answers', 'dns.answers.rdata', 'queryresults', 'query_results', 'rdata', 'response');

/** Texts one of which a line that tells of a name is sure to hold, in lower case: parts of the names above. */
export const ASKED: readonly string[] = ['query', 'question', 'qname', 'rrname'];
/** Whether a record tells of a name that was asked for. */
export function isQuery(view: RecordView): boolean {
  return name(view) !== null;
}
/** The category network has the names of ECS. */
export const NETWORK: FieldMap = {
  ...PAIRS, 'source.ip': sourceIp, 'destination.ip': targetIp, 'source.port': sourcePort, 'destination.port': targetPort, 'network.transport': protocol, 'network.protocol': named('network.protocol', 'service', 'app_proto', 'app'),
  'source.bytes': named('source.bytes', 'orig_bytes', 'sentbyte', 'bytes_toserver'), 'destination.bytes': named('destination.bytes', 'resp_bytes', 'rcvdbyte', 'bytes_toclient'), 'source.packets': named('source.packets', 'orig_pkts'), 'destination.packets': named('destination.packets', 'resp_pkts'),
  'event.duration': named('event.duration', 'duration'), 'network.state': named('network.state', 'conn_state'), 'network.history': named('network.history', 'history'), 'network.community_id': named('network.community_id', 'community_id'),
  'dns.question.name': name, 'dns.question.type': type, 'dns.answers.data': answer, 'dns.response.code': named('dns.response.code', 'dns.response_code', 'rcode_name', 'dns.rcode'), 'dns.id': named('dns.id', 'trans_id', 'dns.tx_id'), 'dns.question.class': named('dns.question.class', 'qclass_name'),
};
export const DNS: FieldMap = { ...NETWORK, query: name, record_type: type, answer, answers: answer, src_ip: sourceIp, dst_ip: targetIp };
