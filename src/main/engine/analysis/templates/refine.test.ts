import { describe, expect, it } from 'vitest';
import { refine } from './refine.ts';
import { cut, patternText } from './tokens.ts';

function patternsOf(messages: string[]): string[] {
  const { pattern, patterns } = refine(messages.map(cut));
  return messages.map((_, i) => patternText(patterns[pattern[i]]));
}
const distinct = (messages: string[]): number => new Set(patternsOf(messages)).size;

describe('refine', () => {
  it('makes a place with many words a variable', () => {
    expect(patternsOf(['ada', 'bob', 'eve', 'joe'].map((name) => `session closed for user ${name}`))[0]).toBe('session closed for user <text>');
  });
  it('keeps a few words: true, false', () => expect(distinct(['overlap is now:true', 'overlap is now:false'])).toBe(2));
  it('keeps states, however many a machine has', () => {
    expect(distinct(['NEW', 'RUNNING', 'FAILED', 'LOST', 'KILLED'].map((state) => `task 5 went on to state ${state}`))).toBe(5);
    expect(distinct(['Started', 'Paused', 'Stopped', 'Resumed', 'Crashed'].map((state) => `machine 5 was just ${state} by its owner`))).toBe(5);
  });
  it('keeps names of key=value pairs', () => expect(distinct(['os.name', 'os.version', 'java.home', 'user.dir', 'java.vendor'].map((key) => `server environment has ${key}=x`))).toBe(5));
  it('takes a word beside numbers where values stand for a value', () => expect(distinct(['set mask=ffffffff for window', 'set mask=4000 for window'])).toBe(1));
  it('goes by what it has learned of values', () => {
    const messages = ['ada', 'bob', 'eve', 'joe'].map((name) => `session closed for user ${name}`).concat(['ada', 'bob', 'eve'].map((name) => `session opened for user ${name} by login`));
    expect(distinct(messages)).toBe(2);
  });
  it('joins what varies in two places at once', () => {
    const pairs = [['ada', 'spring'], ['bob', 'summer'], ['eve', 'autumn'], ['joe', 'winter'], ['kim', 'noon'], ['lee', 'dusk']];
    expect(distinct(pairs.map(([user, host]) => `password of ${user} was refused on ${host} again`))).toBe(1);
  });
  it('joins messages full of names', () => {
    const name = (i: number, salt: number): string => String.fromCharCode(97 + ((i * 7 + salt) % 26), 97 + ((i * 11 + salt * 3) % 26), 97 + (i % 26));
    const messages = Array.from({ length: 40 }, (_, i) => `account ${name(i, 1)} logged on from machine ${name(i, 5)} by order of ${name(i, 9)} successfully`);
    expect(distinct(messages)).toBe(1);
  });
  it('takes values for one however they are built, and apart where all are built alike', () => {
    expect(patternsOf(['lost link to 10.0.0.1 again', 'lost link to 10.0.0.1:80 again', 'lost link to 5:6-7:8 again'])[1]).toBe('lost link to <id> again');
    expect(patternsOf(['lost link to 10.0.0.1:80 again'])[0]).toBe('lost link to <ip>:<num> again');
  });
  it('does not join different statements of one length', () => {
    expect(distinct(['cache was flushed to disk', 'queue has reached its limit', 'worker could not find lock', 'nobody listens on that port'])).toBe(4);
  });
  it('does not go by the order of shapes', () => {
    const messages = ['ada', 'bob', 'eve', 'joe'].flatMap((name) => [`session closed for user ${name}`, `overlap is ${name === 'ada'}`]);
    expect(new Set(patternsOf([...messages].reverse()))).toEqual(new Set(patternsOf(messages)));
  });
});
