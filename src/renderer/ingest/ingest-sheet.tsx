import { Drawer } from '@mantine/core';
import { useState } from 'react';
import { useCase } from '../state/case.ts';
import { screenStore, useScreen } from '../state/screen.ts';
import type { IngestStart } from '../state/screen.ts';
import { ChooseStep } from './choose-step.tsx';
import { Interrupted } from './interrupted.tsx';
import { JobView } from './job-view.tsx';
import { PasteStep } from './paste-step.tsx';
import { PreviewStep } from './preview-step.tsx';

/** Adding evidence: choose or paste, see what it is read as, start, watch. */
export function IngestSheet() {
  const start = useScreen((state) => state.ingest);
  const close = (): void => screenStore.setState({ ingest: null });
  return (
    <Drawer opened={start !== null} onClose={close} position="right" size={880} title="Add evidence" padding="md">
      {start ? <Steps key={keyOf(start)} start={start} close={close} /> : null}
    </Drawer>
  );
}
function keyOf(start: IngestStart): string {
  return start.kind === 'paths' ? start.paths.join('\n') : start.kind;
}

function Steps({ start, close }: { start: IngestStart; close: () => void }) {
  const running = useCase((state) => state.jobs.find((job) => job.state === 'running' || job.state === 'paused')?.job ?? null);
  const [job, setJob] = useState<number | null>(start.kind === 'choose' ? running : null);
  if (job !== null) return <JobView job={job} close={close} another={() => setJob(null)} />;
  switch (start.kind) {
    case 'paths':
      return <PreviewStep paths={start.paths} started={setJob} />;
    case 'paste':
      return <PasteStep started={setJob} />;
    case 'choose':
      return (
        <>
          <Interrupted started={setJob} />
          <ChooseStep />
        </>
      );
  }
}
