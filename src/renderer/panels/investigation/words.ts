import type { ImpactDomain, InvestigationStatus } from '../../../shared/event.ts';

export const STATUS_TITLES: Readonly<Record<InvestigationStatus, string>> = { open: 'Open', investigating: 'Investigating', contained: 'Contained', resolved: 'Resolved', closed: 'Closed' };
export const DOMAIN_TITLES: Readonly<Record<ImpactDomain, string>> = {
  performance: 'Performance', availability: 'Availability', security: 'Security', cost: 'Cost', compliance: 'Compliance', business: 'Business',
};
