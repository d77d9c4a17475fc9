import classes from './marks.module.css';

/** Shapes times colours: 6 x 8 = 48 sources before one looks like another; the name is always beside it or in the title. */
const SHAPES = [
  'M6 1a5 5 0 1 0 0 10a5 5 0 0 0 0-10z',
  'M1.5 1.5h9v9h-9z',
  'M6 .8L11.4 10.5H.6z',
  'M6 .5L11.5 6L6 11.5L.5 6z',
  'M.6 1.5h10.8L6 11.2z',
  'M4.2 1h3.6v3.2H11v3.6H7.8V11H4.2V7.8H1V4.2h3.2z',
] as const;
const SOURCE_COLORS = 8;

/** The CSS colour of a source: `--src-0` .. `--src-7`, by its id. */
export function sourceVar(id: number): string {
  return `var(--src-${(id - 1 + SOURCE_COLORS) % SOURCE_COLORS})`;
}
/** The shape and colour of a source, always the same for its id. */
export function SourceMark({ id, title }: { id: number; title: string }) {
  return (
    <svg className={classes.source} width="10" height="10" viewBox="0 0 12 12" role="img" aria-label={title}>
      <title>{title}</title>
      <path d={SHAPES[(id - 1 + SHAPES.length) % SHAPES.length]} fill={sourceVar(id)} />
    </svg>
  );
}
/** The last part of a path, and of an archive member: what a row has room for. */
export function shortPath(path: string): string {
  const member = path.split('!').at(-1) ?? path;
  return member.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
