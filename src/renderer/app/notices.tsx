import { useEffect } from 'react';
import { ActionIcon, Anchor } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { dismiss, noticeStore } from '../state/notices.ts';
import type { Notice } from '../state/notices.ts';
import classes from './notices.module.css';

/** Information goes by itself; an error stays until it is read. */
const INFO_MS = 6000;
/** Errors shown at once; the others follow as these are dismissed. */
const MOST_ERRORS = 3;

/**
 * Errors, in lines of their own below everything else: nothing is covered by them. Information is a line in the status bar, or
 * here while there is none (the start screen).
 */
export function Notices({ withInfo }: { withInfo: boolean }) {
  const notices = useStore(noticeStore, (state) => state.notices);
  const shown = notices.filter((notice) => notice.kind === 'error' || withInfo);
  return (
    <section className={classes.stack} aria-label="Messages">
      {shown.slice(-MOST_ERRORS).map((notice) => <Line key={notice.id} notice={notice} />)}
      {shown.length > MOST_ERRORS ? <p className={classes.more}>{shown.length - MOST_ERRORS} earlier</p> : null}
    </section>
  );
}

/** The last information, in the free part of the status bar. */
export function StatusNotice() {
  const notice = useStore(noticeStore, (state) => state.notices.findLast((one) => one.kind === 'info'));
  return <div className={classes.inBar}>{notice ? <Line key={notice.id} notice={notice} /> : null}</div>;
}

function Line({ notice }: { notice: Notice }) {
  useEffect(() => {
    if (notice.kind === 'error') return undefined;
    const timer = setTimeout(() => dismiss(notice.id), INFO_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const text = notice.message ? `${notice.title}. ${notice.message}` : notice.title;
  return (
    <div className={classes.notice} data-kind={notice.kind} role={notice.kind === 'error' ? 'alert' : 'status'}>
      <p className={classes.text} title={text}>
        <strong>{notice.title}</strong> {notice.message}
        {notice.code ? <span className={classes.code}> {notice.code}</span> : null}
      </p>
      {notice.action ? <Anchor component="button" type="button" className={classes.action} onClick={notice.action.run}>{notice.action.title}</Anchor> : null}
      <ActionIcon size="xs" aria-label={`Dismiss: ${notice.title}`} title="Dismiss" onClick={() => dismiss(notice.id)}><IconX size={14} /></ActionIcon>
    </div>
  );
}
