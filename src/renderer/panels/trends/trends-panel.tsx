import { z } from 'zod';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { ForecastTab } from './forecast-tab.tsx';
import { FORECAST_DEFAULTS, forecastSettingsSchema } from './settings.ts';
import { STATISTICS_DEFAULTS, StatisticsTab, statisticsSettingsSchema } from './statistics-tab.tsx';
import classes from './trends.module.css';

/** A tab more is a line here and one where it is drawn. */
const TABS = [['forecast', 'Forecast'], ['statistics', 'Statistics']] as const;
const settingsSchema = z.object({ tab: z.enum(TABS.map(([id]) => id)), forecast: forecastSettingsSchema, statistics: statisticsSettingsSchema.default(STATISTICS_DEFAULTS) });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'forecast', forecast: FORECAST_DEFAULTS, statistics: STATISTICS_DEFAULTS };

/** How numbers of the case behave over time. */
export function TrendsPanel({ panelKey }: PanelProps) {
  const [settings, store] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  return (
    <div className={classes.panel}>
      <Tabs label="Trends" tabs={TABS} chosen={settings.tab} bodyClass={classes.body} onChoose={(tab) => store({ ...settings, tab })}>
        {settings.tab === 'forecast' ? <ForecastTab settings={settings.forecast} onChange={(forecast) => store({ ...settings, forecast })} /> : null}
        {settings.tab === 'statistics' ? <StatisticsTab settings={settings.statistics} onChange={(statistics) => store({ ...settings, statistics })} /> : null}
      </Tabs>
    </div>
  );
}
