import { Button, Group, Loader, Modal } from '@mantine/core';
import { useStore } from 'zustand';
import { checkSummary, salvageLosses, salvageSummary } from '../../shared/damage-text.ts';
import type { CheckReport, SalvageAccount } from '../../shared/contract/cases.ts';
import { useCase } from '../state/case.ts';
import { openIngest } from '../state/screen.ts';
import { useView } from '../state/view.ts';
import { formatBytes, formatCount, formatSeconds } from '../ui/numbers.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { formatTime } from '../ui/time.ts';
import { caseCheckStore, checkCase, closeCaseCheck } from './case-check.ts';
import { salvageCase } from './case-actions.ts';
import classes from './case-check.module.css';

/** What a salvage kept and lost; what a check of the whole case found. */
export function CaseCheckDialog() {
  const { shown, account, running, report, error } = useStore(caseCheckStore);
  const path = useCase((state) => state.info?.path ?? '');
  const lost = account?.sources.some(({ readable }) => readable) ?? false;
  const then = (work: () => void) => () => {
    closeCaseCheck();
    work();
  };
  return (
    <Modal opened={shown !== null} onClose={closeCaseCheck} title={shown === 'salvage' ? 'What could be read is in a new case' : 'Check of the case'} size="xl">
      <div className={classes.body}>
        {account ? <Salvage account={account} asNews={shown === 'salvage'} /> : null}
        {running ? <p className={classes.running} role="status"><Loader size={14} />Reading all of the case and comparing it with its checksums</p> : null}
        {error ? <p role="alert">{error}</p> : null}
        {report ? <Report report={report} /> : null}
      </div>
      <Group mt="lg" gap="sm" justify="flex-end">
        {running ? <Button variant="default" onClick={closeCaseCheck}>Cancel</Button> : <Button variant="default" onClick={closeCaseCheck}>Close</Button>}
        {shown === 'salvage' ? <Button variant="default" onClick={() => void checkCase()}>Check the new case</Button> : null}
        {shown === 'salvage' && lost ? <Button onClick={then(() => openIngest({ kind: 'choose' }))}>Read the lost part again</Button> : null}
        {report && !report.ok ? <Button onClick={then(() => void salvageCase(path))}>Copy what can be read</Button> : null}
      </Group>
    </Modal>
  );
}

function Salvage({ account, asNews }: { account: SalvageAccount; asNews: boolean }) {
  const zone = useView((state) => state.zone);
  const losses = salvageLosses(account);
  return (
    <section>
      <p className={classes.summary} role={asNews ? 'status' : undefined}>{salvageSummary(account)}</p>
      {losses.length > 0 ? <ul className={classes.list} tabIndex={0} aria-label="What is lost">{losses.map((loss) => <li key={loss}><SafeText text={loss} fold={600} /></li>)}</ul> : null}
      <p className={classes.about}>
        Salvaged {formatTime(account.at, zone, 'minute')} {zone}{account.by ? ` by ${account.by}` : ''} from <span className="mono"><SafeText text={account.from} fold={300} /></span>, which is unchanged. This account stays in the new case.
      </p>
    </section>
  );
}

function Report({ report }: { report: CheckReport }) {
  return (
    <section>
      <p className={classes.summary} role="status">{checkSummary(report)}</p>
      {report.problems.length > 0 ? <ul className={classes.list} tabIndex={0} aria-label="What was found">{report.problems.map((problem, i) => <li key={i}><SafeText text={problem} fold={600} /></li>)}</ul> : null}
      <p className={classes.about}>{formatBytes(report.bytes)} and {formatCount(report.segments.total)} groups of events read {report.seconds < 1 ? 'in less than a second' : `in ${formatSeconds(report.seconds)}`}.</p>
    </section>
  );
}
