import type { EntityType, ThreatPartName } from '../../../shared/contract/threat.ts';

export const TYPE_TITLES: Readonly<Record<EntityType | 'service', { one: string; many: string }>> = {
  user: { one: 'User', many: 'Users' }, host: { one: 'Host', many: 'Hosts' }, ip: { one: 'Address', many: 'Addresses' }, service: { one: 'Service', many: 'Services' },
};
export const PART_TITLES: Readonly<Record<ThreatPartName, string>> = {
  indicator: 'Indicators', rule: 'Rules', sequence: 'Sequences', 'failed logins': 'Failed logins', spread: 'Spread', 'own patterns': 'Like no other', 'first seen': 'New', errors: 'Errors',
};
