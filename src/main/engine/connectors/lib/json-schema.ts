/** Checks what a connection brings against the user's JSON Schema; what does not match becomes a dead letter that says where. */
import fs from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import { z } from 'zod';
import { undecodable } from '../../formats/lib/undecodable.ts';
import { FatalError } from '../connector.ts';

/** The field of a configuration that names the file. */
export const schemaField = z.string().default('').meta({ title: 'JSON Schema', description: 'A file that every record must match; what does not becomes a dead letter that says where.', format: 'file' });

/** '' = as the schema wants it, else where it is not and why */
export type Check = (value: unknown) => string;

/** How the reason of such a dead letter begins. */
export const MISMATCH = 'Does not match the JSON Schema: ';

/**
 * The line of a dead letter for a record that does not match; null when it does, or there is nothing to match.
 * @param bytes of the record as it was sent, and its value
 */
export function mismatch(check: Check | null, bytes: Uint8Array, value: unknown): Buffer | null {
  const wrong = check?.(value) ?? '';
  return wrong === '' ? null : Buffer.from(undecodable(`${MISMATCH}${wrong}.`, NaN, bytes));
}

/** Records as lines, each with its ending, and how many of them became dead letters. */
export function checkedLines(check: Check | null, records: readonly { bytes: Uint8Array; value: unknown }[]): { lines: Buffer; rejected: number } {
  const parts: Uint8Array[] = [];
  let rejected = 0;
  for (const { bytes, value } of records) {
    const wrong = mismatch(check, bytes, value);
    if (wrong) {
      rejected++;
      parts.push(wrong);
    } else {
      parts.push(bytes, END);
    }
  }
  return { lines: Buffer.concat(parts), rejected };
}
const END = Buffer.from('\n');

/** The check for a configuration's field; null when it names no file. */
export async function checkOf(file: string): Promise<Check | null> {
  return file === '' ? null : await schemaCheck(file);
}

const MAX_SCHEMA = 4 << 20;

/**
 * Reads a schema (draft 2020-12 when it says so, else draft-07). References to other files are not followed; `format` is not checked.
 * @throws FatalError when the file is no schema
 */
async function schemaCheck(file: string): Promise<Check> {
  let schema: unknown;
  try {
    if ((await fs.stat(file)).size > MAX_SCHEMA) throw new Error('it is larger than 4 MiB');
    schema = JSON.parse(await fs.readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new FatalError(`The JSON Schema ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) throw new FatalError(`${file} is no JSON Schema: it is not an object.`);
  const { $schema } = schema as { $schema?: unknown };
  // Large, and rarely needed.
  const Ajv = typeof $schema === 'string' && $schema.includes('2020-12') ? (await import('ajv/dist/2020.js')).Ajv2020 : (await import('ajv')).Ajv;
  let validate: ValidateFunction;
  try {
    validate = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema);
  } catch (error) {
    throw new FatalError(`${file} is no JSON Schema that can be used: ${error instanceof Error ? error.message : String(error)}`);
  }
  return (value) => {
    if (validate(value)) return '';
    const [error] = validate.errors ?? [];
    return error ? `${error.instancePath === '' ? 'The record' : error.instancePath} ${error.message ?? 'does not match'}` : 'The record does not match';
  };
}
