import { SegmentedControl } from '@mantine/core';
import { useCase } from '../../state/case.ts';
import { screenStore, useScreen } from '../../state/screen.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EngineFigures } from './engine-figures.tsx';
import { Rejects } from './rejects.tsx';
import { SourcesTable } from './sources-table.tsx';
import classes from './health.module.css';

/** Sources with their ledger, and the records that could not be read. */
export function HealthPanel() {
  const { tab, sourceId } = useScreen((state) => state.health);
  const sources = useCase((state) => state.sources);
  const rejected = [...sources.values()].reduce((sum, source) => sum + source.ledger.rejected, 0);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <SegmentedControl
          aria-label="What to show"
          value={tab}
          onChange={(value) => screenStore.setState({ health: { tab: value as typeof tab, sourceId: null } })}
          data={[{ value: 'sources', label: `Sources ${formatCount(sources.size)}` }, { value: 'rejects', label: `Rejected ${formatCount(rejected)}` }]}
        />
        <EngineFigures />
      </div>
      {tab === 'sources' ? <SourcesTable /> : <Rejects key={sourceId ?? 0} sourceId={sourceId} />}
    </div>
  );
}
