import type { EventDetail } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { chooseDatabases, hidePlaceHint, usePlaceHintHidden } from '../../state/enrichment.ts';
import { isPublicAddress, textOf } from './model.ts';
import classes from './detail.module.css';

/** Where an event has an address whose place nobody can tell: what is missing, and how to choose it. Until somebody does not want to hear of it. */
export function PlaceHint({ event }: { event: EventDetail }) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const hidden = usePlaceHintHidden();
  const address = event.fields.find(({ name }) => name === 'ip');
  const wanted = !readOnly && !hidden && address !== undefined && isPublicAddress(textOf(address.value));
  const { data } = useAsk(['enrichment.list'], (signal) => engine.enrichment.list({}, { signal }), { on: ['indicators'], enabled: wanted });
  if (!wanted || !data || data.some(({ kind }) => kind === 'geoip')) return null;
  return (
    <p className={classes.hint}>
      No GeoIP database: the place of this address is not known.
      <button type="button" className={classes.link} onClick={() => void chooseDatabases()}>Choose one</button>
      <button type="button" className={classes.link} onClick={hidePlaceHint}>Not now</button>
    </p>
  );
}
