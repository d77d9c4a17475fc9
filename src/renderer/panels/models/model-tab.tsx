import { Button } from '@mantine/core';
import { useRef } from 'react';
import { MAX_MODEL, type ModelVersion, type TriageState } from '../../../shared/contract/models.ts';
import { engine, shell } from '../../client/client.ts';
import { notify, reportError } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { useView } from '../../state/view.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatTime } from '../../ui/time.ts';
import { Drift } from './drift.tsx';
import { TrainButton } from './train-button.tsx';
import { cautions, figuresSentence, parametersText, percent } from './words.ts';
import classes from './models.module.css';

/** How good the current model is, whether events are still like those it was trained among, and the versions there are. */
export function ModelTab({ state, readOnly }: { state: TriageState; readOnly: boolean }) {
  const current = state.versions.find((version) => version.current);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Model">
      {current ? <Figures model={current} /> : (
        <EmptyState title="No model ranks here yet">
          <p>Mark events that matter and some that do not, in the queue, in the list or in the detail panel. {state.tooFew}</p>
        </EmptyState>
      )}
      {current ? <Drift version={current.version} /> : null}
      <Versions state={state} readOnly={readOnly} />
    </div>
  );
}

function Figures({ model }: { model: ModelVersion }) {
  const { figures, lineage } = model;
  const shown: [string, string, string][] = [
    ['ROC AUC', figures.rocAuc === null ? 'none' : figures.rocAuc.toFixed(2), 'Chance that a relevant event stands before one that is not; 0.5 is guessing'],
    ['Average precision', figures.prAuc === null ? 'none' : figures.prAuc.toFixed(2), `Guessing would have ${figures.guessing.toFixed(2)}`],
    ['Precision', percent(figures.precision), 'Of those called relevant, how many are'],
    ['Recall', percent(figures.recall), 'Of those that are relevant, how many were called so'],
    ['F1', figures.f1 === null ? 'none' : figures.f1.toFixed(2), 'Harmonic mean of precision and recall'],
    ['Accuracy', percent(figures.accuracy), 'Called rightly, of all'],
    ['Brier score', figures.brier.toFixed(3), 'Mean squared error of the probability; 0 is perfect, 0.25 is always saying one half'],
    ['Calibration error', percent(figures.calibrationError), 'How far probabilities are from what came true, on the mean'],
  ];
  return (
    <section className={classes.section} aria-label="Figures">
      <div className={classes.head}><h3 className={classes.title}>Model {model.version}: {model.title.toLowerCase()}</h3><span className={classes.dim}>{parametersText(model.parameters)}; {formatCount(model.features)} features</span></div>
      <p className={classes.sentence}>{figuresSentence(model)}. It learned from {formatCount(lineage.relevant)} relevant and {formatCount(lineage.notRelevant)} not relevant events.</p>
      <dl className={classes.figures}>{shown.map(([name, value, hint]) => <div key={name} title={hint}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <ul className={classes.cautions}>{cautions(model).map((text) => <li key={text}>{text}</li>)}</ul>
      <div className={classes.figures}>
        <table className={classes.table} aria-label="Called and true">
          <thead><tr><td /><th scope="col" className={classes.number}>called relevant</th><th scope="col" className={classes.number}>called not</th></tr></thead>
          <tbody>
            <tr><td className={classes.dim}>is relevant</td><td className={classes.number}>{formatCount(figures.truePositive)}</td><td className={classes.number}>{formatCount(figures.falseNegative)}</td></tr>
            <tr><td className={classes.dim}>is not</td><td className={classes.number}>{formatCount(figures.falsePositive)}</td><td className={classes.number}>{formatCount(figures.trueNegative)}</td></tr>
          </tbody>
        </table>
        <table className={classes.table} aria-label="Settings that were tried">
          <thead><tr><th scope="col">Tried</th><th scope="col">Settings</th><th scope="col" className={classes.number} title="Less is better; mean over folds">Log loss</th></tr></thead>
          <tbody>{figures.tried.slice(0, 6).map(({ kind, parameters, logLoss }) => <tr key={`${kind} ${parametersText(parameters)}`}><td>{kind}</td><td>{parametersText(parameters)}</td><td className={classes.number}>{logLoss.toFixed(3)}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Versions({ state, readOnly }: { state: TriageState; readOnly: boolean }) {
  const zone = useView((view) => view.zone);
  const file = useRef<HTMLInputElement>(null);
  const { versions } = state;
  const before = versions.find(({ current }) => current)?.version ?? null;
  const act = (title: string, redo: () => Promise<void>, undo: () => Promise<void>): void => void perform({ title, redo, undo }).catch((failure: unknown) => reportError(failure, title));
  const use = (version: number): void => act(`Use model ${version}`, () => engine.models.use({ version }), async () => void (before !== null && (await engine.models.use({ version: before }))));
  const remove = ({ version, current }: ModelVersion): void =>
    act(`Put model ${version} away`, () => engine.models.remove({ version }), async () => {
      await engine.models.restore({ version });
      if (current) await engine.models.use({ version });
    });
  const save = async (version: number): Promise<void> => {
    try {
      const { name, json, sha256 } = await engine.models.exportVersion({ version });
      const path = await shell.shell.pickSave({ title: `Export model ${version}`, suggestion: name, extensions: ['json'] });
      if (path === null) return;
      const { bytes } = await shell.shell.writeText({ path, text: json });
      notify({ title: `Model ${version} exported`, message: `${formatBytes(bytes)}, SHA-256 ${sha256.slice(0, 16)}… It names services, hosts and words of this case.` });
    } catch (error) {
      reportError(error, 'Exporting the model');
    }
  };
  const load = async (chosen: File): Promise<void> => {
    try {
      if (chosen.size > MAX_MODEL) throw new Error(`${chosen.name} is too large to be a model.`);
      const { version } = await engine.models.importVersion({ json: await chosen.text() });
      notify({ title: `Model ${version} imported`, message: 'It ranks now. Its figures are of the case it was trained in.' });
    } catch (error) {
      reportError(error, 'Importing the model');
    }
  };
  return (
    <section className={classes.section} aria-label="Versions">
      <div className={classes.head}>
        <h3 className={classes.title}>Versions</h3>
        <span className={classes.grow} />
        {readOnly ? null : (
          <>
            <input
              ref={file} type="file" accept=".json,application/json" hidden aria-label="Model file"
              onChange={(event) => {
                const [chosen] = event.currentTarget.files ?? [];
                if (chosen) void load(chosen);
                event.currentTarget.value = '';
              }}
            />
            <Button size="compact-xs" variant="default" onClick={() => file.current?.click()}>Import</Button>
            <TrainButton state={state} />
          </>
        )}
      </div>
      {versions.length === 0 ? <p className={classes.dim}>There is none yet.</p> : (
        <table className={classes.table}>
          <thead><tr><th scope="col">Version</th><th scope="col">Model</th><th scope="col">Made</th><th scope="col">By</th><th scope="col" className={classes.number}>Relevant</th><th scope="col" className={classes.number}>Not</th><th scope="col" className={classes.number}>ROC AUC</th><th scope="col">From</th><td /></tr></thead>
          <tbody>
            {versions.map((model) => (
              <tr key={model.version} aria-current={model.current || undefined}>
                <td>{model.version}{model.current ? ', used' : ''}</td>
                <td>{model.title}</td>
                <td>{formatTime(model.createdAt, zone, 'second')}</td>
                <td><SafeText inline text={model.createdBy} fold={40} /></td>
                <td className={classes.number}>{formatCount(model.lineage.relevant)}</td>
                <td className={classes.number}>{formatCount(model.lineage.notRelevant)}</td>
                <td className={classes.number}>{model.figures.rocAuc?.toFixed(2) ?? ''}</td>
                <td>{model.lineage.importedFrom === '' ? 'this case' : <SafeText inline text={`case ${model.lineage.case}`} fold={60} />}</td>
                <td>
                  {model.current || readOnly ? null : <button type="button" className={classes.action} onClick={() => use(model.version)}>Use</button>}
                  <button type="button" className={classes.action} onClick={() => void save(model.version)}>Export</button>
                  {readOnly ? null : <button type="button" className={classes.action} onClick={() => remove(model)}>Put away</button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
