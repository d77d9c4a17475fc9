/** What lists say of an indicator, in whatever types they have it. */
import type { IndicatorFacts } from '../../../../shared/contract/indicators.ts';
import { NO_FACTS } from '../indicator.ts';

const MAX_TEXT = 1000;
const MAX_LABELS = 50;

/** Facts out of values that nobody has checked; what is of no use is left out. */
export function factsOf(raw: Readonly<Partial<Record<keyof IndicatorFacts, unknown>>>): IndicatorFacts {
  const labels = (Array.isArray(raw.labels) ? raw.labels : typeof raw.labels === 'string' ? raw.labels.split(/[,;|]/) : []).map((label) => textOf(label).trim()).filter((label) => label !== '' && label.toLowerCase() !== 'none');
  const tlp = tlpOf(textOf(raw.tlp)) || (labels.map((label) => (/^tlp[:-]/i.test(label) ? tlpOf(label) : '')).find((one) => one !== '') ?? '');
  const confidence = typeof raw.confidence === 'number' ? raw.confidence : Number.parseFloat(textOf(raw.confidence));
  return {
    ...NO_FACTS,
    note: textOf(raw.note),
    labels: labels.slice(0, MAX_LABELS),
    confidence: confidence >= 0 && confidence <= 100 ? Math.round(confidence) : null,
    tlp,
    validFrom: timeOf(raw.validFrom),
    validUntil: timeOf(raw.validUntil),
    revoked: raw.revoked === true || /^(?:1|true|yes)$/i.test(textOf(raw.revoked)),
    reference: textOf(raw.reference),
  };
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : typeof value === 'number' ? String(value) : '';
}

/** clear, green, amber, amber+strict, red; '' for anything else. */
export function tlpOf(text: string): string {
  const word = text.trim().toLowerCase().replace(/^tlp[:-]?\s*/, '');
  if (word === 'white') return 'clear';
  return ['clear', 'green', 'amber', 'amber+strict', 'red'].includes(word) ? word : '';
}

/** Microseconds UTC of an ISO time, or of seconds since 1970; null when it is neither. */
function timeOf(value: unknown): number | null {
  const text = textOf(value).trim();
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1e6;
  const spelled = text.replace(/^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?UTC|Z)?$/, '$1T$2Z');
  const time = /^\d{4}-\d\d/.test(spelled) ? Date.parse(spelled) : Number.NaN;
  return Number.isNaN(time) ? null : time * 1000;
}
