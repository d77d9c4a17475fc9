import { describe, expect, it } from 'vitest';
import { FIRST, HappeningBus } from './happenings.ts';

const NOTHING = { raised: 0, resolved: 0, withdrawn: 0 };

describe('HappeningBus', () => {
  it('tells those who asked for it, by priority and then in the order in which they came', () => {
    const bus = new HappeningBus();
    const heard: string[] = [];
    bus.on('alerts.settled', () => void heard.push('later'), -1);
    bus.on('alerts.settled', ({ value }) => void heard.push(`a ${value.raised}`));
    bus.on('alerts.settled', () => void heard.push('b'));
    bus.on('events.committed', () => void heard.push('never'), FIRST);
    bus.on('alerts.settled', () => void heard.push('first'), FIRST);
    bus.tell('alerts.settled', NOTHING);
    expect(heard).toEqual(['first', 'a 0', 'b', 'later']);
  });
  it('tells all of a kind to those who asked for the kind', () => {
    const bus = new HappeningBus();
    const heard: string[] = [];
    bus.on('alerts.*', ({ name, value }) => void heard.push(name === 'alerts.fired' ? `${name} ${value.length}` : name));
    bus.tell('alerts.fired', []);
    bus.tell('events.committed', { segments: [], names: [] });
    bus.tell('alerts.settled', NOTHING);
    expect(heard).toEqual(['alerts.fired 0', 'alerts.settled']);
  });
  it('stops when it is told to, even while something is told', () => {
    const bus = new HappeningBus();
    let n = 0;
    const stop = bus.on('alerts.*', () => {
      n++;
      stop();
    });
    bus.tell('alerts.settled', NOTHING);
    bus.tell('alerts.settled', NOTHING);
    expect(n).toBe(1);
  });
});
