import ReactMarkdown from 'react-markdown';
import type { Components } from 'react-markdown';
import classes from './markdown.module.css';

/**
 * What people wrote, as Markdown. HTML in it stays text; images are not loaded and links are not followed: a note must not make
 * this machine talk to anybody. A link shows where it points, to be copied.
 */
const COMPONENTS: Components = {
  a: ({ href, children }) => <span className={classes.link} title="Links are not opened from here; copy the address">{children}{href ? <span className={classes.href}> ({href})</span> : null}</span>,
  img: ({ alt, src }) => <span className={classes.href}>[image {alt ?? ''} {typeof src === 'string' ? src : ''}]</span>,
  h1: ({ children }) => <p className={classes.heading}>{children}</p>,
  h2: ({ children }) => <p className={classes.heading}>{children}</p>,
  h3: ({ children }) => <p className={classes.heading}>{children}</p>,
};

export function Markdown({ text }: { text: string }) {
  return <div className={classes.markdown}><ReactMarkdown components={COMPONENTS} skipHtml={false}>{text}</ReactMarkdown></div>;
}
