import { Button, Switch, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { ALERT_LEVELS, type AlertRule } from '../../../shared/alert.ts';
import { ruleText } from '../../../shared/alert-text.ts';
import type { AlertList } from '../../../shared/contract/alerts.ts';
import { removeRule, switchRule } from '../../state/alerts.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { RuleDialog } from './rule-dialog.tsx';
import classes from './alerts.module.css';

/** The rules of the case: what makes them fire, how often they did, on and off. */
export function Rules({ rules, list, readOnly }: { rules: readonly AlertRule[]; list: AlertList; readOnly: boolean }) {
  const zone = useView((view) => view.zone);
  const [editing, setEditing] = useState<AlertRule | 'new' | null>(null);
  const write = readOnly ? null : <Button size="compact-xs" onClick={() => setEditing('new')}>Write a rule</Button>;
  return (
    <>
      {rules.length === 0 ? (
        <EmptyState title="There are no rules" action={write}>A rule measures something in a moving window, such as the share of requests that fail in the last minute, and says when it is over a threshold.</EmptyState>
      ) : (
        <>
          <div className={classes.tools}><span className={classes.grow}>{readOnly ? 'This case is read-only: copy it to change its rules.' : ''}</span>{write}</div>
          <div className={classes.tableBox} tabIndex={0} role="region" aria-label="Alert rules">
            <table className={classes.table}>
              <thead><tr><th scope="col">On</th><th scope="col">Level</th><th scope="col">Rule</th><th scope="col">Fires when</th><th scope="col" className={classes.number}>Alerts</th><th scope="col">Changed</th><th scope="col"><VisuallyHidden>Remove</VisuallyHidden></th></tr></thead>
              <tbody>
                {rules.map((rule) => {
                  const failed = list.failed.find((one) => one.rule === rule.id);
                  const n = list.alerts.filter((alert) => alert.rule === rule.id).length;
                  return (
                    <tr key={rule.id} data-quiet={!rule.enabled || undefined}>
                      <td><Switch size="xs" aria-label={`Run ${rule.name}`} disabled={readOnly} checked={rule.enabled} onChange={(event) => void switchRule(rule, event.currentTarget.checked)} /></td>
                      <td><span className={classes.level}><SeverityMark severity={ALERT_LEVELS[rule.level]} />{rule.level}</span></td>
                      <td><button type="button" className={classes.link} onClick={() => setEditing(rule)}><SafeText inline text={rule.name} fold={80} /></button></td>
                      <td className={classes.says}>{failed ? <span className={classes.bad}><SafeText inline text={failed.message} fold={200} /></span> : <SafeText inline text={ruleText(rule)} fold={200} />}</td>
                      <td className={classes.number}>{rule.enabled ? formatCount(n) : ''}</td>
                      <td title={formatStamp(rule.updatedAt, zone)}>{rule.version === 1 ? <span className="dim">as it was made</span> : <>{formatTime(rule.updatedAt, zone, 'minute')} <SafeText inline text={rule.updatedBy} fold={40} /></>}</td>
                      <td>{readOnly ? null : <Button size="compact-xs" variant="subtle" aria-label={`Remove ${rule.name}`} onClick={() => void removeRule(rule)}>Remove</Button>}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        </>
      )}
      {editing ? <RuleDialog rule={editing === 'new' ? null : editing} readOnly={readOnly} close={() => setEditing(null)} /> : null}
    </>
  );
}
