import { Popover, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useCommand } from '../state/commands.ts';
import { useView } from '../state/view.ts';
import { allZones, formatOffset, localZone, nowMicros } from '../ui/time.ts';
import classes from './workbench.module.css';

/** The one zone in which all times are shown. */
export function ZoneSwitch() {
  const zone = useView((state) => state.zone);
  const setZone = useView((state) => state.setZone);
  const [opened, setOpened] = useState(false);
  useCommand('view.zone', () => setOpened(true));
  const local = localZone();
  const zones = useMemo(() => allZones().map((name) => ({ value: name, label: name === 'UTC' ? 'UTC' : `${name} (${formatOffset(nowMicros(), name)})${name === local ? ', this machine' : ''}` })), [local]);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus width={320}>
      <Popover.Target>
        <button type="button" className={classes.barButton} aria-haspopup="dialog" aria-expanded={opened} title="Zone in which times are shown (t)" onClick={() => setOpened(!opened)}>
          {zone === 'UTC' ? 'UTC' : (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')}
        </button>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <Select
          label="Show times in"
          data={zones}
          value={zone}
          searchable
          data-autofocus
          nothingFoundMessage="No zone has these letters"
          limit={60}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => {
            if (value) setZone(value);
            setOpened(false);
          }}
        />
        <p className="dim" style={{ margin: '8px 0 0', fontSize: 12 }}>What is stored does not change. Times written in a query without a zone are UTC.</p>
      </Popover.Dropdown>
    </Popover>
  );
}
