/** What a person says of the Kafka cluster and the topics. */
import { z } from 'zod';
import { schemaField } from '../lib/json-schema.ts';

const name = z.string().trim().min(1).max(249).regex(/^[\w.-]+$/, 'Names of topics have letters, digits, dots, dashes and underscores only.');
const broker = z.string().trim().regex(/^(\[[\da-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/, 'A broker is a host and a port, such as kafka.example.org:9092.');

export const config = z.object({
  brokers: z.array(broker).min(1).max(100).meta({ title: 'Brokers', description: 'Host and port of one or some, such as kafka.example.org:9092: they name the others. One on each line.' }),
  topics: z.array(name).min(1).max(200).meta({ title: 'Topics', description: 'One on each line.' }),
  group: z.string().trim().max(200).default('').meta({ title: 'Consumer group', description: 'Empty: one of its own, tidemark- and a random number. Members of a group share the messages: in the group of another program this would take some away from it. Each connection keeps a place of its own, whatever others in the group have read, so of the connections of a case one at a time reads in a group.' }),
  start: z.enum(['beginning', 'new']).default('beginning').meta({ title: 'Begin with', description: 'beginning: what the topics still hold. new: only what comes from now on. A group that was there before goes on where it was.' }),
  format: z.string().max(100).default('').meta({ title: 'Format', description: 'Name of the format of the messages, such as jsonl; empty: recognised from the first ones.' }),
  schema: schemaField,
  tls: z.boolean().default(false).meta({ title: 'TLS', description: 'Encrypted; the certificate of the brokers is checked.' }),
  ca: z.string().max(4000).default('').meta({ title: 'Certificate authority', description: 'A PEM file with the certificate that vouches for the brokers, where this machine does not know it.', format: 'file' }),
  sasl: z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']).default('none').meta({ title: 'Sign in with', description: 'The SASL mechanism of the brokers.' }),
  user: z.string().max(1000).default('').meta({ title: 'User' }),
  password: z.string().max(10_000).default('').meta({ title: 'Password', description: 'Kept in memory only.', secret: true }),
  batch: z.number().int().min(1).max(100_000).default(100).meta({ title: 'Batch', description: 'So many messages are stored at once; more when more have come meanwhile.' }),
  wait: z.number().min(0.1).max(600).default(10).meta({ title: 'Longest wait (seconds)', description: 'Fewer are stored when the first of them is so old.' }),
});
export type Config = z.output<typeof config>;
