import { SEVERITIES } from '../../shared/event.ts';
import type { Severity } from '../../shared/event.ts';
import classes from './marks.module.css';

export const SEVERITY_TITLES: Readonly<Record<Severity, string>> = { info: 'Info', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' };

/** The CSS colour of a severity, for style attributes and for charts after `cssColor`. */
export function severityVar(severity: Severity): string {
  return `var(--sev-${severity})`;
}
/** The five colours as the browser resolves them now (charts on a canvas cannot use variables). Ask again when the theme changes. */
export function severityColors(element: Element = document.documentElement): Record<Severity, string> {
  const style = getComputedStyle(element);
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, style.getPropertyValue(`--sev-${severity}`).trim()])) as Record<Severity, string>;
}

/** How many of the mark's bars are filled: severity is told by height as well as colour. */
const HEIGHT: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 };

/** A small bar whose height and colour say the severity; the word is its name for assistive technology. */
export function SeverityMark({ severity, label = false }: { severity: Severity; label?: boolean }) {
  const height = HEIGHT[severity] * 2 + 2;
  return (
    <span className={classes.severity} title={SEVERITY_TITLES[severity]}>
      <svg width="6" height="12" viewBox="0 0 6 12" role={label ? undefined : 'img'} aria-label={label ? undefined : SEVERITY_TITLES[severity]} aria-hidden={label || undefined}>
        <rect x="1" y={12 - height} width="4" height={height} rx="1" fill={severityVar(severity)} />
      </svg>
      {label ? <span>{SEVERITY_TITLES[severity]}</span> : null}
    </span>
  );
}
