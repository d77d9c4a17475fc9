/**
 * The workload that a Kubernetes pod belongs to, told from the pod's name. Controllers name pods after what they run:
 * a Deployment `name-<hash of its ReplicaSet>-<5 characters>`, a DaemonSet or Job `name-<5 characters>`, a StatefulSet `name-<number>`;
 * the characters come from an alphabet without vowels and without 0, 1 and 3, so that no words arise
 * (kubernetes/apimachinery, pkg/util/rand: SafeEncodeString).
 */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const DEPLOYMENT = new RegExp(`^(.+)-[${SAFE}]{6,10}-[${SAFE}]{5}$`);
/** Without the hash, five letters may be a word ("https"): a digit has to be among them. */
const OTHER = new RegExp(`^(.+)-(?=[a-z]{0,4}\\d)[${SAFE}]{5}$`);
const STATEFUL = /^(.+)-\d{1,4}$/;
/** The longest name that Kubernetes allows (RFC 1123 subdomain). */
const LONGEST = 253;

/** The name of the workload; the pod's own name where it shows none. */
export function workloadOf(pod: string): string {
  if (pod.length > LONGEST) return pod;
  return (DEPLOYMENT.exec(pod) ?? OTHER.exec(pod) ?? STATEFUL.exec(pod))?.[1] ?? pod;
}
