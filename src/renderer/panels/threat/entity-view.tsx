import { IconArrowBackUp, IconArrowRight, IconThumbDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ENTITY_TYPES, type EntityPage, type EntityType, type ThreatEntity } from '../../../shared/contract/threat.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { markFinding, unmarkFinding, useMarks } from '../../state/findings.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatRange, formatStamp } from '../../ui/time.ts';
import { PART_TITLES, TYPE_TITLES } from './types.ts';
import classes from './threat.module.css';

interface EntityViewProps {
  type: EntityType;
  value: string;
  /** what the ranking says of it; null when it has no score */
  found: ThreatEntity | null;
  choose(entity: { type: EntityType; value: string }): void;
}

/** All about one user, host or address. */
export function EntityView({ type, value, found, choose }: EntityViewProps) {
  const scope = useScope();
  const zone = useView((view) => view.zone);
  const setQuery = useView((view) => view.setQuery);
  const mark = useMarks().get(`threat:${type}:${value}`);
  // What is asked about goes by the range, not by a filter that may be for another one.
  const wide = { ...scope, query: '' };
  const { data, error, retry } = useAsk(['threat.entity', wide.from, wide.to, type, value], (signal) => engine.threat.entity({ scope: wide, type, value }, { signal }), { on: ['rules', 'indicators'] });
  const open = (query: string): void => setQuery(query);
  const own = withFilter('', type, value, 'include');
  return (
    <article className={classes.entity} aria-label={`${TYPE_TITLES[type].one} ${value}`}>
      <header className={classes.entityHead}>
        <h3 className={classes.name}><span className={classes.dim}>{TYPE_TITLES[type].one}</span> <SafeText inline text={value} fold={120} /></h3>
        <button type="button" className={classes.action} onClick={() => open(own)}><IconArrowRight size={14} />Open events</button>
        {found && mark?.verdict === 'wrong' ? <button type="button" className={classes.action} onClick={() => void unmarkFinding(mark)}><IconArrowBackUp size={14} />Not wrong after all</button> : null}
        {found && mark?.verdict !== 'wrong' ? <button type="button" className={classes.action} title="Its score is put last from now on" onClick={() => void markFinding(found, 'wrong')}><IconThumbDown size={14} />Mark wrong</button> : null}
      </header>
      {found ? (
        <table className={classes.parts}>
          <caption className={classes.caption}>Why {found.score.toFixed(2)}</caption>
          <tbody>
            {found.parts.map((part) => (
              <tr key={part.part}>
                <th scope="row"><span className={classes.swatch} data-part={part.part} aria-hidden="true" />{PART_TITLES[part.part]}</th>
                <td className={classes.number} title={`${part.value.toFixed(2)} of its ${part.weight} at most`}>{(part.weight * part.value).toFixed(2)}</td>
                <td><SafeText text={part.why} fold={300} /></td>
                <td><button type="button" className={classes.action} onClick={() => open(part.query)}>Events</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {error && !data ? <ErrorState error={error} doing="Reading about it" retry={retry} /> : null}
      {data ? <Page page={data} zone={zone} own={own} open={open} choose={choose} /> : <div aria-busy="true" />}
    </article>
  );
}

function Page({ page, zone, own, open, choose }: { page: EntityPage; zone: string; own: string; open(query: string): void; choose(entity: { type: EntityType; value: string }): void }) {
  const { count, first, last, severities, buckets, hours, related, patterns, rules, indicators } = page;
  return (
    <>
      <p className={classes.facts}>{formatCount(count)} events, {formatRange(first, last, zone)}{severities[3] + severities[4] > 0 ? `; ${formatCount(severities[3] + severities[4])} high or critical` : ''}</p>
      <div className={classes.charts}>
        <Bars values={buckets} label="Events over the range" />
        <Bars values={hours} label="By hour of the day, UTC" />
      </div>
      {rules.length > 0 ? (
        <Section title="Rules that match">
          {rules.map((rule) => <li key={rule.title}><button type="button" className={classes.link} onClick={() => open(withFilter(own, 'rule.name', rule.title, 'include'))}><SafeText inline text={rule.title} fold={120} /></button> <span className={classes.dim}>{rule.level}, {formatCount(rule.count)} events{rule.techniques.length > 0 ? `, ${rule.techniques.join(', ')}` : ''}{rule.author === '' ? '' : `, by ${rule.author}`}</span></li>)}
        </Section>
      ) : null}
      {indicators.length > 0 ? (
        <Section title="Indicators met">
          {indicators.map((each) => <li key={each.value}><button type="button" className={classes.link} onClick={() => open(withFilter(own, 'threat', each.value, 'include'))}><SafeText inline text={each.value} fold={120} /></button> <span className={classes.dim}>{formatCount(each.count)} events, {each.list}{each.note === '' ? '' : `: ${each.note}`}</span></li>)}
        </Section>
      ) : null}
      <div className={classes.columns}>
        {(['user', 'host', 'ip', 'service'] as const).map((type) => {
          const list = related.filter((each) => each.type === type);
          if (list.length === 0) return null;
          return (
            <Section key={type} title={TYPE_TITLES[type].many}>
              {list.slice(0, 12).map((each) => (
                <li key={each.value} className={classes.pair} title={`since ${formatStamp(each.first, zone)}`}>
                  <button type="button" className={classes.link} onClick={() => (isEntity(type) ? choose({ type, value: each.value }) : open(withFilter(own, type, each.value, 'include')))}><SafeText inline text={each.value} fold={60} /></button>
                  <span className={classes.count}>{formatCount(each.count)}</span>
                </li>
              ))}
              {list.length > 12 ? <li className={classes.dim}>and {formatCount(list.length - 12)} more</li> : null}
            </Section>
          );
        })}
      </div>
      <Section title="What it does most">
        {patterns.slice(0, 15).map((each) => (
          <li key={each.pattern} className={classes.pair}>
            <SeverityMark severity={each.severity} />
            <button type="button" className={classes.pattern} onClick={() => open(withFilter(own, 'template', each.pattern, 'include'))}><SafeText inline text={each.pattern} fold={160} /></button>
            <span className={classes.count}>{formatCount(each.count)}</span>
          </li>
        ))}
      </Section>
    </>
  );
}
function isEntity(type: EntityType | 'service'): type is EntityType {
  return ENTITY_TYPES.some((each) => each === type);
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h4 className={classes.sectionTitle}>{title}</h4>
      <ul className={classes.plain}>{children}</ul>
    </section>
  );
}

function Bars({ values, label }: { values: Uint32Array; label: string }) {
  const most = values.reduce((max, value) => Math.max(max, value), 1);
  return (
    <figure className={classes.chart}>
      <svg viewBox={`0 0 ${values.length} 32`} preserveAspectRatio="none" role="img" aria-label={`${label}: at most ${formatCount(most)}`}>
        {[...values].map((value, i) => (value > 0 ? <rect key={i} x={i} y={32 - Math.max(1, (value / most) * 32)} width={0.8} height={Math.max(1, (value / most) * 32)} /> : null))}
      </svg>
      <figcaption className={classes.dim}>{label}</figcaption>
    </figure>
  );
}
