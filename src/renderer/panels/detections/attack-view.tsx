import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useMarks } from '../../state/findings.ts';
import { useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { attackColumns } from './attack-columns.ts';
import classes from './detections.module.css';

/** Tactics as columns, in the order of an attack; under each the techniques that rules look for, those with events first. */
export function AttackView() {
  const { data, error, retry } = useAsk(['sigma.rules'], (signal) => engine.sigma.rules({}, { signal }), { on: ['rules', 'findings'] });
  const marks = useMarks();
  const store = useViewStore();
  if (error && !data) return <ErrorState error={error} doing="Reading the rules" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const columns = attackColumns(data.filter((rule) => marks.get(`sigma:${rule.ruleId === '' ? rule.title : rule.ruleId}`)?.verdict !== 'wrong'));
  if (columns.length === 0) return <EmptyState title="No rule names a tactic"><p>Rules say which tactics and techniques of ATT&CK they are about with tags such as attack.execution and attack.t1059.</p></EmptyState>;
  const open = (query: string): void => store.getState().setQuery(query);
  return (
    <div className={classes.attack} tabIndex={0} role="region" aria-label="Tactics and techniques">
      {columns.map(({ tactic, events, techniques }) => (
        <section key={tactic.id} className={classes.tactic} aria-label={tactic.name}>
          <h3 className={classes.tacticName}>
            <button type="button" className={classes.tacticButton} disabled={events === 0} title={events === 0 ? 'No event matches a rule of this tactic' : 'Show its events'} onClick={() => open(`threat.tactic.name:"${tactic.name}"`)}>
              <span>{tactic.name}</span><span className={classes.n}>{formatCount(events)}</span>
            </button>
          </h3>
          {techniques.map(({ id, name, events: n, rules }) => (
            <button key={id} type="button" className={classes.technique} data-met={n > 0 || undefined} disabled={n === 0} title={`${id} ${name}: ${rules} ${rules === 1 ? 'rule' : 'rules'}, ${n === 0 ? 'no events' : 'show the events'}`} onClick={() => open(`threat.technique.id:${id}`)}>
              <span className={classes.techniqueName}>{name === '' ? id : name.replace(/^.*: /, '')}</span>
              <span className={classes.techniqueFoot}><span>{name === '' ? '' : id}</span><span>{n > 0 ? formatCount(n) : ''}</span></span>
            </button>
          ))}
        </section>
      ))}
    </div>
  );
}
