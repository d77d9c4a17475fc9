import { Drawer } from '@mantine/core';
import { useRef, useState } from 'react';
import { ConnectStep } from '../connections/connect-step.tsx';
import { useFirstFocus } from '../connections/first-focus.ts';
import { SourceChoice } from '../connections/source-choice.tsx';
import { useCase } from '../state/case.ts';
import { screenStore, useScreen } from '../state/screen.ts';
import type { IngestStart } from '../state/screen.ts';
import { ChooseStep } from './choose-step.tsx';
import { Interrupted } from './interrupted.tsx';
import { JobView } from './job-view.tsx';
import { PasteStep } from './paste-step.tsx';
import { PreviewStep } from './preview-step.tsx';

/** Adding evidence: choose or paste, see what it is read as, start, watch; or connect what is no file. */
export function IngestSheet() {
  const start = useScreen((state) => state.ingest);
  // A table of files needs the room that a form has no use for.
  const form = start?.kind === 'source' || start?.kind === 'connect';
  const close = (): void => screenStore.setState({ ingest: null });
  return (
    <Drawer opened={start !== null} onClose={close} position="right" size={form ? 600 : 880} title={form ? 'Add a source' : 'Add evidence'} padding="md">
      {start ? <Step key={keyOf(start)} start={start} close={close} /> : null}
    </Drawer>
  );
}
function keyOf(start: IngestStart): string {
  if (start.kind === 'paths') return start.paths.join('\n');
  return start.kind === 'connect' ? `connect ${start.connector}` : start.kind;
}

function Step(props: { start: IngestStart; close: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useFirstFocus(box);
  return <div ref={box}><StepContent {...props} /></div>;
}
function StepContent({ start, close }: { start: IngestStart; close: () => void }) {
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
    case 'source':
      return <SourceChoice />;
    case 'connect':
      return <ConnectStep connector={start.connector} like={start.like} close={close} />;
  }
}
