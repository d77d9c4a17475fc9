import { Button, SegmentedControl } from '@mantine/core';
import { useAsk } from '../client/ask.ts';
import { engine, shell } from '../client/client.ts';
import { useCase } from '../state/case.ts';
import { openKeeping } from '../state/snapshots.ts';
import { useView } from '../state/view.ts';
import type { Theme } from '../state/view.ts';
import { exactBytes, formatBytes, formatSeconds } from '../ui/numbers.ts';
import { formatStamp } from '../ui/time.ts';
import { chooseTheme } from './app-commands.ts';
import classes from './settings-screen.module.css';

const THEMES = [{ value: 'system', label: 'As the system' }, { value: 'dark', label: 'Dark' }, { value: 'light', label: 'Light' }] as const;

/** What can be set, and what this program and this case are. */
export function SettingsScreen() {
  const theme = useView((state) => state.theme);
  const zone = useView((state) => state.zone);
  const info = useCase((state) => state.info);
  const about = useAsk(['shell.about'], (signal) => shell.shell.about({}, { signal }), { on: [] });
  const health = useAsk(['health.get'], (signal) => engine.health.get({}, { signal }), { poll: 2000 });
  const formats = useAsk(['ingest.formats'], (signal) => engine.ingest.formats({}, { signal }), { on: [] });
  return (
    <section className={classes.settings} aria-labelledby="settings-title">
      <h2 id="settings-title" className={classes.title}>Settings</h2>
      <h2>Appearance</h2>
      <SegmentedControl aria-label="Colours" data={THEMES.map((entry) => ({ ...entry }))} value={theme} onChange={(value) => chooseTheme(value as Theme)} />
      {info ? (
        <>
          <h2>This case</h2>
          <dl>
            <dt>File</dt><dd className="mono">{info.path}</dd>
            <dt>Made</dt><dd>{formatStamp(info.createdAt, zone)}</dd>
            <dt>Size</dt><dd title={exactBytes(info.bytes)}>{formatBytes(info.bytes)}</dd>
            <dt>Schema</dt><dd>{info.schemaVersion}{info.readOnly ? `, read-only: ${info.readOnlyReason}` : ''}</dd>
            {health.data?.case ? <><dt>Free on its disk</dt><dd title={exactBytes(health.data.case.diskFreeBytes)}>{formatBytes(health.data.case.diskFreeBytes)}</dd></> : null}
          </dl>
          <div className={classes.acts}>
            <Button variant="default" size="compact-sm" onClick={() => openKeeping('snapshots')}>Snapshots</Button>
            <Button variant="default" size="compact-sm" onClick={() => openKeeping('retention')}>Retention and archive</Button>
          </div>
        </>
      ) : null}
      <h2>Formats</h2>
      <p className="dim">What files can be recognised as. Your own format is a JSON file in the formats folder.</p>
      <table className={classes.table}>
        <thead><tr><th scope="col">Format</th><th scope="col">Id</th><th scope="col">What it is</th></tr></thead>
        <tbody>{formats.data?.map((format) => <tr key={format.id}><td>{format.title}{format.declared ? ' (yours)' : ''}</td><td className="mono">{format.id}</td><td>{format.description}</td></tr>)}</tbody>
      </table>
      <h2>About</h2>
      <dl>
        {about.data ? <><dt>Tidemark</dt><dd>{about.data.version}</dd><dt>Runtime</dt><dd>Electron {about.data.electron}, Chrome {about.data.chrome}, {about.data.platform}</dd></> : null}
        {health.data ? <><dt>Engine</dt><dd>{health.data.engine.runtime}, running for {formatSeconds(health.data.engine.uptimeSeconds)}</dd></> : null}
      </dl>
    </section>
  );
}
