import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { addNote } from '../state/acts.ts';
import { screenStore, useScreen } from '../state/screen.ts';
import { useView } from '../state/view.ts';
import { SafeText } from '../ui/safe-text.tsx';
import { formatTime } from '../ui/time.ts';

/** Writes a note about the selected event, or about the investigation when nothing is selected. */
export function NoteDialog() {
  const noteFor = useScreen((state) => state.noteFor);
  const close = (): void => screenStore.setState({ noteFor: null });
  return (
    <Modal opened={noteFor !== null} onClose={close} title={noteFor?.eventId == null ? 'Note on the investigation' : 'Note on the event'} size="lg">
      {noteFor ? <NoteForm eventId={noteFor.eventId} close={close} /> : null}
    </Modal>
  );
}

function NoteForm({ eventId, close }: { eventId: number | null; close: () => void }) {
  const [body, setBody] = useState('');
  const zone = useView((state) => state.zone);
  const event = useAsk(['events.get', eventId], (signal) => engine.events.get({ id: eventId ?? 0 }, { signal }), { enabled: eventId !== null, on: [] });
  const save = (): void => {
    if (body.trim() === '') return;
    void addNote(body, { ...(eventId === null ? {} : { eventId }), ...(event.data ? { time: event.data.time } : {}) });
    close();
  };
  return (
    <form
      onSubmit={(submitted) => {
        submitted.preventDefault();
        save();
      }}
    >
      {event.data ? <Text fz="sm" className="mono" mb="sm" c="dimmed" lineClamp={2}>{formatTime(event.data.time, zone)} <SafeText text={event.data.message} inline fold={300} /></Text> : null}
      <Textarea
        label="Markdown"
        autosize
        minRows={4}
        maxRows={16}
        data-autofocus
        value={body}
        onChange={(change) => setBody(change.currentTarget.value)}
        onKeyDown={(key) => {
          if (key.key === 'Enter' && (key.ctrlKey || key.metaKey)) save();
        }}
      />
      <Group mt="md" justify="flex-end" gap="sm">
        <Button variant="default" onClick={close}>Cancel</Button>
        <Button type="submit" disabled={body.trim() === ''}>Add note</Button>
      </Group>
    </form>
  );
}
