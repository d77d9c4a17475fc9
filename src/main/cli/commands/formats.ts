import path from 'node:path';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { bytes, table } from '../output.ts';

const MAX_FILES = 10_000;

export const formats: Command = {
  name: 'formats',
  usage: 'formats [FILE...] [--limit N] [--json]',
  summary: 'Says what each file (or file in a folder or archive) would be read as, and why. Without a file: the formats there are.',
  details:
    'JSON, one a line: {"path","format","title","reason","confidence","bytes","first_message","error"}; without a file {"id","title","declared","description"}.',
  options: { limit: { value: 'N', help: `at most N files, default ${MAX_FILES}` }, ...JSON_OPTION },
  async run(args, context) {
    const { handlers } = context.engine();
    const { signal, json, out } = context;
    if (args.positionals.length === 0) {
      const known = await handlers.ingest.formats({}, { signal });
      if (json) for (const format of known) await out.json(format);
      else await out.text(table([{ title: 'id' }, { title: 'title' }, { title: 'what it is' }], known.map(({ id, title, declared, description }) => [id, title, `${description}${declared ? ' (declared)' : ''}`])));
      return 0;
    }
    const limit = wholeNumber(args.values, 'limit', 1) ?? MAX_FILES;
    if (limit > MAX_FILES) throw new UsageError(`--limit is at most ${MAX_FILES}.`);
    const paths = args.positionals.map((given) => path.resolve(given));
    const { files, more } = await handlers.ingest.preview({ paths, options: { format: '', zone: 'UTC', service: '', dedupWindow: 0 }, limit }, { signal });
    if (json) {
      for (const file of files) {
        await out.json({ path: file.path, format: file.format, title: file.formatTitle, reason: file.reason, confidence: file.confidence, bytes: file.bytes, first_message: file.firstMessage, error: file.error });
      }
    } else {
      const rows = files.map((file) => [file.error ? '-' : file.format, bytes(file.bytes), file.path, file.error || file.reason]);
      await out.text(table([{ title: 'format' }, { title: 'size', align: 'right' }, { title: 'file' }, { title: 'why' }], rows));
    }
    if (more > 0) context.note(`There are ${more} more files.`);
    return files.length > 0 && files.every(({ error }) => error !== '') ? 1 : 0;
  },
};
