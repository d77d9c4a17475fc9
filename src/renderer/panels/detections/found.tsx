import { RULE_LEVELS, type RuleLevel, type SigmaFinding } from '../../../shared/contract/sigma.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useMarks } from '../../state/findings.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { LEVEL_TITLES } from './levels.ts';
import classes from './detections.module.css';

interface FoundProps {
  level: RuleLevel | 'all';
  showQuieted: boolean;
  onLevel(level: RuleLevel | 'all'): void;
  onQuieted(shown: boolean): void;
}

function useFindings(): ReturnType<typeof useAsk<SigmaFinding[]>> {
  return useAsk(['sigma.findings'], (signal) => engine.sigma.findings({}, { signal }), { on: ['rules', 'findings'] });
}

/** What rules matched: one finding a rule, highest level first. */
export function Found({ level, showQuieted, onLevel, onQuieted }: FoundProps) {
  const { data, error, retry } = useFindings();
  const marks = useMarks();
  if (error && !data) return <ErrorState error={error} doing="Reading what rules found" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const wrong = ({ like }: SigmaFinding): boolean => marks.get(like)?.verdict === 'wrong';
  const of = (each: RuleLevel | 'all') => (finding: SigmaFinding): boolean => each === 'all' || finding.rule.level === each;
  const count = (each: RuleLevel | 'all'): number => data.filter((finding) => of(each)(finding) && !wrong(finding)).length;
  const quieted = data.filter(wrong).length;
  const shown = data.filter((finding) => of(level)(finding) && (showQuieted || !wrong(finding)));
  return (
    <div className={classes.split}>
      <div className={classes.side}>
        <div role="group" aria-label="Levels">
          {(['all', ...[...RULE_LEVELS].reverse()] as const).map((each) => (
            <button key={each} type="button" className={classes.choice} aria-pressed={level === each} onClick={() => onLevel(each)}>
              <span>{each === 'all' ? 'All levels' : LEVEL_TITLES[each]}</span><span className={classes.n}>{formatCount(count(each))}</span>
            </button>
          ))}
        </div>
        <label className={classes.check}><input type="checkbox" checked={showQuieted} onChange={(event) => onQuieted(event.currentTarget.checked)} />Marked wrong too{quieted > 0 ? ` (${formatCount(quieted)})` : ''}</label>
      </div>
      <div className={classes.list} tabIndex={0} role="region" aria-label="What rules found">
        {shown.length === 0 ? (
          <EmptyState title={data.length === 0 ? 'No event matches a rule' : 'Nothing here'}>
            <p>{data.length === 0 ? 'Every rule that is on was run on the events of this case. Rules that are about other kinds of logs find nothing: the list of rules says what each is about.' : 'No finding of this level is left. Choose another, or show those that were marked wrong.'}</p>
          </EmptyState>
        ) : null}
        {shown.map((finding) => <FindingCard key={finding.key} finding={finding} />)}
      </div>
    </div>
  );
}
