/** The incident report: what happened, the evidence for it, and how far that evidence can be trusted. */
import { Html, html, plain, type Content } from '../lib/html.ts';
import { markdown } from '../lib/markdown.ts';
import { bytes, number } from '../lib/words.ts';
import type { ReportKind } from '../report.ts';
import { SEVERITY_TITLES, severityMark } from './charts.ts';
import { collect } from './collect.ts';
import { doubtsSection, historySection, ledgerSection } from './custody.ts';
import type { IncidentReport } from './data.ts';
import { activitySection, SHORT, stamp, timelineSection } from './evidence.ts';
import { STYLE } from './style.ts';

// Our own words; escaping would break the quotes of a style sheet.
const ownStyle = new Html(STYLE);

export const incident: ReportKind<{ investigationId: number }, IncidentReport> = {
  id: 'incident',
  title: 'Incident report',
  collect,
  html: (report, zone) => page(report, zone).markup,
};

function page(report: IncidentReport, zone: string): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="viewport" content="width=device-width">
<title>Incident report: ${plain(report.investigation.title)}</title><style>${ownStyle}</style></head><body>
${titleBlock(report, zone)}
${report.investigation.summary.trim() === '' ? null : html`<h2>Summary</h2><div class="written">${markdown(report.investigation.summary)}</div>`}
${activitySection(report, zone)}
${timelineSection(report, zone)}
${notesSection(report, zone)}
${ledgerSection(report, zone)}
${doubtsSection(report, zone)}
${historySection(report, zone)}
</body></html>
`;
}

function titleBlock({ investigation, generated, case: info, pins, notes }: IncidentReport, zone: string): Html {
  const { title, status, severity, team, impactDomain, businessImpact, estimatedMttrMinutes, automationPotential, createdAt, updatedAt } = investigation;
  const last = pins.findLast(({ event }) => event)?.event;
  const first = pins.find(({ event }) => event)?.event;
  const facts: [string, Content][] = [
    ['Status', capital(status)],
    ['Severity', html`${severityMark(severity)}${SEVERITY_TITLES[severity]}`],
    ['Team', team],
    ['Impact domain', capital(impactDomain)],
    ['Time to recovery', estimatedMttrMinutes === null ? '' : `${minutes(estimatedMttrMinutes)} (estimate)`],
    ['Automation potential', automationPotential === null ? '' : `${number(automationPotential)} %`],
    ['First pinned event', first ? stamp(first.time, zone) : ''],
    ['Last pinned event', last ? stamp(last.time, zone) : ''],
    ['Opened', stamp(createdAt, zone)],
    ['Last changed', stamp(updatedAt, zone)],
    ['Evidence', `${number(investigation.pins)} pinned, ${number(notes.length)} notes`],
    ['Times shown in', zone],
  ];
  const wide: [string, Content][] = [
    ['Business impact', businessImpact === '' ? '' : html`<span class="typed">${businessImpact}</span>`],
    ['Case file', html`${info.path} <span class="dim">(${bytes(info.bytes)}, ${number(info.events)} events of ${number(info.sources)} sources)</span>`],
    ['This report', `made ${stamp(generated.at, zone)} by ${generated.by} with Tidemark ${generated.toolVersion}`],
  ];
  return html`<p class="kind">Incident report</p><h1>${title}</h1>
<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${orDash(value)}</dd>`)}${wide.map(([name, value]) => html`<dt>${name}</dt><dd class="wide">${orDash(value)}</dd>`)}</dl>`;
}

function notesSection({ notes, pins }: IncidentReport, zone: string): Html {
  const ordinals = new Map(pins.map((pin) => [pin.eventId, pin.number]));
  return html`<h2>Notes</h2>${notes.length === 0 ? html`<p>No notes were taken.</p>` : null}
${notes.map(({ body, author, createdAt, updatedAt, eventId, time }) => {
    const ordinal = eventId === null ? undefined : ordinals.get(eventId);
    const about = eventId === null ? (time === null ? '' : `, about ${stamp(time, zone, 'us')}`) : `, about event ${eventId}${ordinal === undefined ? '' : ` (number ${ordinal} of the timeline)`}`;
    return html`<div class="note written${body.length <= SHORT ? ' whole' : ''}"><p class="by">${author}, ${stamp(createdAt, zone)}${updatedAt > createdAt ? `, changed ${stamp(updatedAt, zone)}` : ''}${about}</p>${markdown(body)}</div>`;
  })}`;
}

function orDash(value: Content): Content {
  return value === '' ? html`<span class="dim">not given</span>` : value;
}
function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
function minutes(value: number): string {
  const whole = Math.round(value);
  return whole < 60 ? `${number(whole)} min` : `${number(Math.floor(whole / 60))} h ${whole % 60} min`;
}
