import { Button, Group, Modal, Text } from '@mantine/core';
import { useStore } from 'zustand';
import { engine } from '../client/client.ts';
import { ADVICE, reportError } from '../state/notices.ts';
import { openCase, pickAndOpenCase, salvageCase } from './case-actions.ts';
import { askTrouble, troubleStore } from './trouble.ts';

const TITLES: Readonly<Record<string, string>> = {
  locked: 'The case is in use', newer: 'The case is from a newer Tidemark', corrupt: 'The case file is damaged', not_found: 'The case file is not there',
};

/** A case would not open: what happened, what was kept, what can be done. */
export function TroubleDialog() {
  const trouble = useStore(troubleStore, (state) => state.trouble);
  const close = (): void => askTrouble(null);
  const then = (work: () => Promise<void>) => () => {
    close();
    void work();
  };
  return (
    <Modal opened={trouble !== null} onClose={close} title={trouble ? TITLES[trouble.code] : ''} size="lg">
      {trouble ? (
        <>
          <Text fz="md">{trouble.message}</Text>
          <Text fz="sm" c="dimmed" className="mono" mt="sm" style={{ overflowWrap: 'anywhere' }}>{trouble.path}</Text>
          <Text fz="md" mt="sm">{trouble.code === 'corrupt' ? 'The file itself is left as it is, whatever you choose.' : ADVICE[trouble.code]}</Text>
          <Group mt="lg" gap="sm" justify="flex-end">
            <Button variant="default" onClick={close}>Leave it</Button>
            {trouble.code === 'not_found' ? (
              <>
                <Button variant="default" onClick={then(() => engine.cases.forget({ path: trouble.path }).catch((error: unknown) => reportError(error, 'Forgetting the case')))}>Remove from the list</Button>
                <Button onClick={then(pickAndOpenCase)}>Look for it</Button>
              </>
            ) : trouble.triedToRead ? null : (
              <Button variant={trouble.code === 'corrupt' ? 'default' : 'filled'} onClick={then(() => openCase(trouble.path, true))}>Open read-only</Button>
            )}
            {trouble.code === 'corrupt' ? <Button onClick={then(() => salvageCase(trouble.path))}>Copy what can be read</Button> : null}
          </Group>
        </>
      ) : null}
    </Modal>
  );
}
