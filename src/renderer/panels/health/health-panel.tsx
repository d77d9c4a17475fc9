import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useCase } from '../../state/case.ts';
import { useConnections } from '../../state/connections.ts';
import { openIngest, screenStore, useScreen } from '../../state/screen.ts';
import { formatCount } from '../../ui/numbers.ts';
import { Connections } from './connections.tsx';
import { EngineFigures } from './engine-figures.tsx';
import { Rejects } from './rejects.tsx';
import { SourcesTable } from './sources-table.tsx';
import classes from './health.module.css';

/** Sources with their ledger, what is connected, and the records that could not be read. */
export function HealthPanel() {
  const { tab, sourceId } = useScreen((state) => state.health);
  const sources = useCase((state) => state.sources);
  const connections = useConnections((state) => state.connections.size);
  const rejected = [...sources.values()].reduce((sum, source) => sum + source.ledger.rejected, 0);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <SegmentedControl
          aria-label="What to show"
          value={tab}
          onChange={(value) => screenStore.setState({ health: { tab: value as typeof tab, sourceId: null } })}
          data={[{ value: 'sources', label: `Sources ${formatCount(sources.size)}` }, { value: 'connections', label: `Connections ${formatCount(connections)}` }, { value: 'rejects', label: `Rejected ${formatCount(rejected)}` }]}
        />
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => openIngest({ kind: 'source' })}>Add a source</Button>
        <EngineFigures />
      </div>
      {tab === 'sources' ? <SourcesTable /> : null}
      {tab === 'connections' ? <Connections /> : null}
      {tab === 'rejects' ? <Rejects key={sourceId ?? 0} sourceId={sourceId} /> : null}
    </div>
  );
}
