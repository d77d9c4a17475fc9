import type { EventDetail } from '../../../shared/event.ts';
import { useSource } from '../../state/case.ts';
import { useView } from '../../state/view.ts';
import { exactBytes, formatBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SourceMark } from '../../ui/source-mark.tsx';
import { formatStamp } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { copyText } from './copy.ts';
import classes from './detail.module.css';

/** Where the event is from, exactly enough to find it again in the file without this program. */
export function OriginTab({ event }: { event: EventDetail }) {
  const zone = useView((view) => view.zone);
  const addFilter = useView((view) => view.addFilter);
  const { provenance } = event;
  const source = useSource(provenance.sourceId);
  return (
    <dl className={classes.origin}>
      <dt>File</dt>
      <dd {...valueProps('source', provenance.path)}>
        <SourceMark id={provenance.sourceId} title="source" /> <SafeText text={provenance.path} />{' '}
        <button type="button" className={classes.link} onClick={() => addFilter('source', provenance.path, 'include')}>only this file</button>{' '}
        <button type="button" className={classes.link} onClick={() => copyText(provenance.path, 'Path')}>copy</button>
      </dd>
      <dt>Place in it</dt>
      <dd title={`bytes ${provenance.offset} to ${provenance.offset + provenance.length}, of the unpacked file where it is packed`}>byte {formatCount(provenance.offset)}, {exactBytes(provenance.length)} long</dd>
      <dt>Format</dt>
      <dd>{source?.formatTitle ?? provenance.format}{source?.formatReason ? <span className="dim"> · {source.formatReason}</span> : null}</dd>
      <dt>SHA-256</dt>
      <dd>
        {provenance.sha256 === '' ? <span className="dim">not known until the file is read to its end</span> : (
          <><span className="mono">{provenance.sha256}</span>{' '}<button type="button" className={classes.link} onClick={() => copyText(provenance.sha256, 'SHA-256')}>copy</button></>
        )}
      </dd>
      <dt>File size</dt>
      <dd title={exactBytes(provenance.size)}>{formatBytes(provenance.size)}</dd>
      <dt>File changed</dt>
      <dd>{formatStamp(provenance.modified, zone)}</dd>
      <dt>Read</dt>
      <dd>{formatStamp(provenance.ingestedAt, zone)} by {provenance.ingestedBy || 'somebody'} with Tidemark {provenance.toolVersion}</dd>
      <dt>Event</dt>
      <dd className="mono">{event.id}</dd>
    </dl>
  );
}
