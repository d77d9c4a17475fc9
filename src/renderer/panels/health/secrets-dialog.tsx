import { Button, Group, Modal, PasswordInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { ConnectionStatus } from '../../../shared/contract/connectors.ts';
import { engine } from '../../client/client.ts';
import { messageOf } from '../../state/notices.ts';
import type { ConfigField } from '../../ui/config-schema.ts';
import classes from './connections.module.css';

/** The secrets of a connection that is to be started: they are in no case, so they are typed again after it was opened. */
export function SecretsDialog({ status, fields, close }: { status: ConnectionStatus; fields: readonly ConfigField[]; close: () => void }) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const start = (event: FormEvent): void => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const secrets = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
    engine.connectors.start({ id: status.id, secrets }).then(close, (error: unknown) => {
      setBusy(false);
      setFailure(messageOf(error));
    });
  };
  return (
    <Modal opened onClose={close} title="Start the connection">
      <form onSubmit={start} className={classes.secrets}>
        <p className={classes.question}><strong>{status.name}</strong> was given what is secret, and a case keeps no secrets. Type it again; what you leave empty is not sent.</p>
        {fields.map(({ key, label, help }, index) => (
          <PasswordInput key={key} name={key} label={label} description={help || undefined} autoComplete="new-password" spellCheck={false} data-autofocus={index === 0 || undefined} value={typed[key] ?? ''} onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })} />
        ))}
        {failure ? <p role="alert" className={classes.bad}>{failure}</p> : null}
        <Group mt="md" gap="sm" justify="flex-end">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" loading={busy}>Start</Button>
        </Group>
      </form>
    </Modal>
  );
}
