import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configOf, fieldError, fieldsOf, firstValues, shownConfig } from './config-schema.ts';

const config = z.object({
  path: z.string().min(1).meta({ title: 'Folder', description: 'Of the repository.', format: 'folder' }),
  every: z.number().int().min(0).max(86_400).default(60),
  ratio: z.number().optional(),
  token: z.string().max(10).meta({ secret: true }).optional(),
  mode: z.enum(['fast', 'safe']).default('safe'),
  level: z.literal(3),
  hosts: z.array(z.string()).max(2).default([]),
  tls: z.object({ verify: z.boolean().default(true), caFile: z.string().meta({ format: 'file' }).optional() }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  note: z.string().nullable().optional(),
  since: z.union([z.literal(''), z.iso.date()]).default(''),
});
const fields = fieldsOf(z.toJSONSchema(config, { io: 'input' }));
const field = (key: string) => fields.find((one) => one.key === key);
const read = (values: Record<string, string | boolean>) => configOf(fields, { ...firstValues(fields), ...values });

describe('a form from a schema', () => {
  it('has a field for each setting, also those inside', () => {
    expect(fields.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      'path text', 'every number', 'ratio number', 'token secret', 'mode choice', 'level fixed', 'hosts list', 'tls.verify switch', 'tls.caFile text', 'headers json', 'note text', 'since text',
    ]);
    expect(field('path')).toMatchObject({ label: 'Folder', help: 'Of the repository.', required: true, picks: 'folder' });
    expect(field('every')).toMatchObject({ label: 'Every', required: false, whole: true, min: 0, max: 86_400 });
    expect(field('tls.caFile')).toMatchObject({ label: 'Ca file', required: false, picks: 'file' });
    expect(field('mode')?.choices.map((choice) => choice.text)).toEqual(['fast', 'safe']);
  });
  it('begins with the defaults, and what it makes of them the schema takes', () => {
    expect(firstValues(fields)).toMatchObject({ path: '', every: '60', mode: 'safe', 'tls.verify': true, hosts: '' });
    const { config: made, errors } = read({ path: ' /srv/shop ' });
    expect([...errors]).toEqual([]);
    expect(config.parse(made)).toMatchObject({ path: '/srv/shop', every: 60, mode: 'safe', level: 3, hosts: [], tls: { verify: true } });
    expect(made).not.toHaveProperty('token');
  });
  it('begins with what a configuration says, and makes the same of it', () => {
    const kept = { path: '/srv/shop', every: 0, ratio: 0.5, mode: 'fast', level: 3, hosts: ['a', 'b'], tls: { verify: false, caFile: '/ca.pem' }, headers: { x: 'y' } };
    expect(configOf(fields, firstValues(fields, kept)).config).toEqual(kept);
  });
  it('keeps types, lines and spaces in secrets', () => {
    const { config: made } = read({ path: '/a', every: '0', ratio: '0.5', token: ' s3 ', hosts: 'a\n\n b ', headers: '{"x":"y"}' });
    expect(config.parse(made)).toMatchObject({ every: 0, ratio: 0.5, token: ' s3 ', hosts: ['a', 'b'], headers: { x: 'y' } });
  });
  it.each([
    [{ path: '' }, 'path', 'needed'],
    [{ every: '-1' }, 'every', 'at least 0'],
    [{ every: '86401' }, 'every', 'at most 86,400'],
    [{ every: '1.5' }, 'every', 'whole'],
    [{ ratio: 'half' }, 'ratio', 'number'],
    [{ token: '12345678901' }, 'token', '10 characters'],
    [{ mode: 'slow' }, 'mode', 'Choose'],
    [{ hosts: 'a\nb\nc' }, 'hosts', '2 lines'],
    [{ since: 'May' }, 'since', 'form'],
    [{ headers: '{x}' }, 'headers', 'not JSON'],
  ])('says what is wrong with %o', (values, key, said) => {
    const { errors } = read({ path: '/a', ...values });
    expect([...errors.keys()]).toEqual([key]);
    expect(errors.get(key)).toContain(said);
  });
  it('finds the field that the engine means', () => {
    expect(fieldError(fields, "'every': Too big")).toEqual(['every', 'Too big']);
    expect(fieldError(fields, "'hosts.1': Too short")).toEqual(['hosts', 'Too short']);
    expect(fieldError(fields, '/srv is not in a git repository.')).toBeNull();
  });
  it('shows what is kept, without secrets', () => {
    const shown = shownConfig(fields, { path: '/a', token: 'hunter2', hosts: ['a', 'b'], tls: { verify: false } });
    expect(shown.map(({ label, value }) => `${label}: ${value}`)).toEqual(['Folder: /a', 'Token: in memory while the case is open, never in the case', 'Hosts: a, b', 'Verify: no']);
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });
  it.each([null, 'x', { type: 'array' }, { type: 'object', properties: { a: null } }, { properties: { a: { type: 7 } } }])('does not fall over %o', (schema) => {
    expect(() => configOf(fieldsOf(schema), firstValues(fieldsOf(schema)))).not.toThrow();
  });
});
