import { useEffect } from 'react';
import { CloseButton, Anchor } from '@mantine/core';
import { useStore } from 'zustand';
import { dismiss, noticeStore } from '../state/notices.ts';
import type { Notice } from '../state/notices.ts';
import classes from './notices.module.css';

/** Information goes by itself; an error stays until it is read. */
const INFO_MS = 6000;

/** Messages in the corner above the status bar; errors are announced at once. */
export function Notices() {
  const notices = useStore(noticeStore, (state) => state.notices);
  return (
    <section className={classes.stack} aria-label="Messages">
      {notices.slice(-4).map((notice) => <One key={notice.id} notice={notice} />)}
    </section>
  );
}

function One({ notice }: { notice: Notice }) {
  useEffect(() => {
    if (notice.kind === 'error') return undefined;
    const timer = setTimeout(() => dismiss(notice.id), INFO_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className={classes.notice} data-kind={notice.kind} role={notice.kind === 'error' ? 'alert' : 'status'}>
      <div className={classes.body}>
        <strong>{notice.title}</strong>
        {notice.message ? <p>{notice.message}</p> : null}
        {notice.code ? <p className={classes.code}>{notice.code}</p> : null}
        {notice.action ? <Anchor component="button" type="button" onClick={notice.action.run}>{notice.action.title}</Anchor> : null}
      </div>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismiss(notice.id)} />
    </div>
  );
}
