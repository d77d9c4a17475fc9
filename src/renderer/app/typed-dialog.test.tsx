// @vitest-environment jsdom
/** The dialog for typed events on the engine in memory: typing, correcting, deleting, and taking each of them back. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MantineProvider } from '@mantine/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFake, stubBrowser } from '../../../test/support/fake-client.ts';
import type { Fake } from '../../../test/support/fake-engine.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { askCache } from '../client/ask-cache.ts';
import { engine } from '../client/client.ts';
import { noticeStore } from '../state/notices.ts';
import { screenStore } from '../state/screen.ts';
import { editTypedEvent, removeIfTyped, typeEvent } from '../state/typed-acts.ts';
import { clearUndo, redo, undo } from '../state/undo.ts';
import { view } from '../state/view.ts';
import { TypedDialog } from './typed-dialog.tsx';

vi.mock('../client/client.ts', async () => (await import('../../../test/support/fake-client.ts')).fakeClient());

const T = Date.UTC(2026, 10, 20, 14, 2) * 1000;
let fake: Fake;
beforeEach(() => {
  stubBrowser();
  // Fields that grow listen for fonts, which jsdom does not have.
  Object.defineProperty(document, 'fonts', { configurable: true, value: { addEventListener: () => undefined, removeEventListener: () => undefined } });
  askCache.clear();
  fake = startFake();
  render(<MantineProvider env="test"><TypedDialog /></MantineProvider>);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  clearUndo();
  act(() => screenStore.setState({ typing: null }));
  view.setState({ selectedId: null, zone: 'UTC' });
});

const field = (label: RegExp): HTMLInputElement => screen.getByLabelText(label);
const type = (label: RegExp, value: string): void => void fireEvent.change(field(label), { target: { value } });
const calls = (name: string): unknown[] => fake.state.calls.filter(({ call }) => call === name).map(({ input }) => input);

describe('typing an event in', () => {
  it('stores it, selects it, and can be undone and done again', async () => {
    view.setState({ zone: 'Europe/Berlin' });
    act(() => typeEvent(T));
    expect(field(/When/).value).toBe('2026-11-20T15:02:00+01:00');
    type(/What happened/, 'Guard saw a stranger');
    type(/Known from/, 'call');
    type(/Tags/, 'physical, witness');
    type(/More names/, 'user=meyer');
    fireEvent.keyDown(field(/What happened/), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(screenStore.getState().typing).toBeNull());
    expect(calls('typed.add')).toEqual([{ time: T, severity: 'info', service: '', host: '', message: 'Guard saw a stranger', tags: ['physical', 'witness'], evidence: 'call', attributes: [{ name: 'user', value: 'meyer' }] }]);
    const id = view.getState().selectedId ?? 0;
    expect(id).toBeGreaterThan(0);
    await undo();
    expect(calls('typed.remove')).toEqual([{ id }]);
    expect(view.getState().selectedId).toBeNull();
    await redo();
    expect(calls('typed.restore')).toEqual([{ id }]);
    expect(calls('typed.add')).toHaveLength(1);
  });

  it('says what a time means, and what is wrong at its field, without asking the engine', async () => {
    act(() => typeEvent());
    type(/When/, '2026-11-20 14:02');
    expect(screen.getByText('2026-11-20 14:02:00.000000 UTC')).toBeTruthy();
    type(/When/, 'noonish');
    expect(screen.getByText('Without a zone: UTC')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Add event' }));
    expect(await screen.findByText('What happened is missing.')).toBeTruthy();
    expect(screen.getByText(/noonish is not a time/)).toBeTruthy();
    expect(calls('typed.add')).toEqual([]);
    type(/What happened/, 'x');
    await waitFor(() => expect(screen.queryByText('What happened is missing.')).toBeNull());
  });

  it('keeps what was typed when the engine refuses it', async () => {
    fake.engine.typed.add = () => {
      throw new TidemarkError('disk_full', 'The disk is full.');
    };
    act(() => typeEvent(T));
    type(/What happened/, 'long words');
    fireEvent.click(screen.getByRole('button', { name: 'Add event' }));
    expect((await screen.findByRole('alert')).textContent).toBe('The disk is full.');
    expect(field(/What happened/).value).toBe('long words');
  });
});

describe('correcting a typed event', () => {
  const open = async (): Promise<number> => {
    const { id } = await engine.typed.add({ time: T, severity: 'high', message: 'stranger', tags: ['a'], attributes: [{ name: 'k', value: 'v' }] });
    await act(async () => await editTypedEvent(id));
    return id;
  };
  it('shows what it says, saves the change, and undo says it as before', async () => {
    const id = await open();
    expect([field(/What happened/).value, field(/When/).value, field(/Tags/).value, field(/More names/).value]).toEqual(['stranger', '2026-11-20T14:02:00Z', 'a', 'k=v']);
    type(/What happened/, 'courier');
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screenStore.getState().typing).toBeNull());
    expect((await engine.typed.get({ id }))?.event.message).toBe('courier');
    await act(async () => void (await undo()));
    expect((await engine.typed.get({ id }))?.event.message).toBe('stranger');
    await act(async () => await editTypedEvent(id));
    expect(await screen.findByText('3 changes')).toBeTruthy();
    expect(screen.getByText('courier')).toBeTruthy();
  });

  it('deletes it, and undo brings it back', async () => {
    const id = await open();
    fireEvent.click(screen.getByRole('button', { name: 'Delete event' }));
    await waitFor(async () => expect((await engine.typed.get({ id }))?.removed).toBe(true));
    await undo();
    expect((await engine.typed.get({ id }))?.removed).toBe(false);
  });

  it('leaves what was read alone and says why', async () => {
    await act(async () => await editTypedEvent(5));
    await act(async () => await removeIfTyped(5));
    expect(screenStore.getState().typing).toBeNull();
    expect(calls('typed.remove')).toEqual([]);
    expect(noticeStore.getState().notices.map(({ title }) => title)).toContain('This event was read, not typed in');
  });
});
