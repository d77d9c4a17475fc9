#!/usr/bin/env node
// Who may import whom (docs: CONTRIBUTING, "layers"). oxlint holds the rules that name a package; this holds those
// that depend on where a path leads, that no module imports itself round a corner, and that every plug-in is reachable
// from its registry. It reads import statements as text: enough for a code base whose imports are all plain ones.

import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from './lib/paths.mjs';
import { filesBelow } from './lib/tree.mjs';

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {RegExp} files the first layer whose pattern matches a file is the file's; a group is what it calls its own:
 *   the folder x/, or the files x.ts and x.anything.ts
 * @property {(RegExp | 'own')[]} folders where its relative imports may lead
 * @property {(name: string) => boolean} packages
 */

const builtin = (/** @type {string} */ name) => name.startsWith('node:') || builtinModules.includes(name.split('/')[0]);
const electron = (/** @type {string} */ name) => name === 'electron' || name.startsWith('electron/');
const sqlite = (/** @type {string} */ name) => name.startsWith('better-sqlite3');
/** Packages that only make sense in Node; everything else the renderer may bundle. */
const nodeOnly = new Set(['pino', 'cockatiel', 'csv-parse', 'fzstd', 'unbzip2-stream', 'xz-decompress', 'yauzl', 'tar-stream']);
const inEngine = (/** @type {string} */ name) => !electron(name) && !sqlite(name);

const SHARED = /^src\/shared\//;
const ENGINE = /^src\/main\/engine\//;

/** @type {Layer[]} */
export const LAYERS = [
  { name: 'shared', files: SHARED, folders: [SHARED], packages: (name) => name === 'zod' || name.startsWith('zod/') },
  { name: 'preload', files: /^src\/preload\//, folders: [/^src\/preload\//, SHARED], packages: electron },
  {
    name: 'a panel',
    files: /^(src\/renderer\/panels\/[^/.]+)\//,
    folders: ['own', /^src\/renderer\/panels\/panel\.tsx?$/, /^src\/renderer\/(client|state|ui)\//, SHARED],
    packages: (name) => !builtin(name) && !electron(name) && !sqlite(name) && !nodeOnly.has(name),
  },
  {
    name: 'renderer',
    files: /^src\/renderer\//,
    folders: [/^src\/renderer\//, SHARED],
    packages: (name) => !builtin(name) && !electron(name) && !sqlite(name) && !nodeOnly.has(name),
  },
  {
    name: 'a format',
    files: /^(src\/main\/engine\/formats\/(?!(?:registry|recognise)\.ts$)[^/.]+)/,
    folders: ['own', /^src\/main\/engine\/formats\/format\.ts$/, /^src\/main\/engine\/formats\/lib\//, SHARED],
    packages: (name) => inEngine(name) && !builtin(name),
  },
  {
    name: 'a connector',
    files: /^(src\/main\/engine\/connectors\/(?!(?:registry|runner)\.ts$)[^/.]+)/,
    // What a connector cannot read it hands on in the way that formats know; a receiver of OTLP says at once whether a message is whole.
    folders: ['own', /^src\/main\/engine\/connectors\/connector\.ts$/, /^src\/main\/engine\/connectors\/lib\//, /^src\/main\/engine\/formats\/lib\/(?:undecodable\.ts|otlp\/(?:check|fields|wire)\.ts)$/, SHARED],
    packages: inEngine,
  },
  {
    name: 'the store',
    files: /^src\/main\/engine\/store\//,
    folders: [ENGINE, SHARED],
    packages: (name) => !electron(name),
  },
  { name: 'the engine', files: ENGINE, folders: [ENGINE, SHARED], packages: inEngine },
  { name: 'the command line', files: /^src\/main\/cli\//, folders: [/^src\/main\/cli\//, ENGINE, SHARED], packages: inEngine },
  {
    name: 'the shell',
    files: /^src\/main\//,
    folders: [/^src\/main\/(?!engine\/|cli\/)/, SHARED],
    packages: (name) => !sqlite(name),
  },
];

/** Folders whose files and subfolders are plug-ins, and what in them is not one. @type {[registry: string, except: RegExp][]} */
const REGISTRIES = [
  ['src/main/engine/formats/registry.ts', /^(format|recognise|declared|read-record)\.ts$|^lib$/],
  // Files are read by jobs (pipeline/ingest.ts), which end; the runner is for what has no end.
  ['src/main/engine/connectors/registry.ts', /^(connector|runner)\.ts$|^(lib|files)$/],
  ['src/main/engine/reports/registry.ts', /^(report|index)\.ts$|^(lib|export)$/],
  ['src/renderer/panels/registry.ts', /^panel\.tsx?$|^lib$/],
];

const TEST = /\.test\.tsx?$/;

/**
 * @typedef {{ from: string, line: number, name: string, to: string | undefined, typeOnly: boolean }} Import
 */

/** @param {string} file @param {(file: string) => string} read @returns {Import[]} */
function importsOf(file, read) {
  const text = read(file);
  const found = [];
  const patterns = [
    /^[ \t]*(?:import|export)\b([^'"`]*?)\bfrom\s*['"]([^'"]+)['"]/gm,
    /^[ \t]*import\s*()['"]([^'"]+)['"]/gm,
    /\bimport\(\s*()['"]([^'"]+)['"]\s*\)/g,
  ];
  for (const pattern of patterns) {
    for (const hit of text.matchAll(pattern)) {
      const [, clause, name] = hit;
      const typeOnly = /^\s*type\b/.test(clause);
      const line = text.slice(0, hit.index + hit[0].length).split('\n').length;
      const to = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name.replace(/\?.*$/, '')) : undefined;
      found.push({ from: file, line, name, to, typeOnly });
    }
  }
  return found;
}

/**
 * @param {string[]} files paths from the repository
 * @param {(file: string) => string} read
 * @returns {string[]} what is wrong, a line each
 */
export function checkLayers(files, read) {
  const known = new Set(files);
  const exists = (/** @type {string} */ file) => known.has(file);
  const code = files.filter((file) => /\.tsx?$/.test(file) && !TEST.test(file) && !file.endsWith('.d.ts'));
  const problems = [];
  /** @type {Map<string, Import[]>} */
  const graph = new Map();
  for (const file of code) {
    const imports = importsOf(file, read);
    graph.set(file, imports);
    const layer = LAYERS.find((candidate) => candidate.files.test(file));
    if (!layer) continue;
    const own = layer.files.exec(file)?.[1];
    for (const { name, to, line } of imports) {
      const at = `${file}:${line}`;
      if (to === undefined) {
        if (!layer.packages(name)) problems.push(`${at} imports '${name}': ${layer.name} may not.`);
        continue;
      }
      if (!exists(to)) {
        problems.push(`${at} imports '${name}', which is not there (relative imports carry their ending: .ts or .tsx).`);
        continue;
      }
      const allowed = layer.folders.some((folder) =>
        folder === 'own' ? own !== undefined && /^[/.]/.test(to.slice(own.length)) && to.startsWith(own) : folder.test(to),
      );
      if (!allowed) problems.push(`${at} imports ${to}: ${layer.name} may not.`);
    }
  }
  return [...problems, ...cycles(graph), ...unreachable(code, graph)];
}

/** Imports of types only cost nothing at run time and are left out. @param {Map<string, Import[]>} graph */
function cycles(graph) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const trail = [];
  const visit = (/** @type {string} */ file) => {
    state.set(file, 'open');
    trail.push(file);
    for (const { to, typeOnly } of graph.get(file) ?? []) {
      if (!to || typeOnly || !graph.has(to)) continue;
      if (state.get(to) === 'open') problems.push(`a cycle: ${[...trail.slice(trail.indexOf(to)), to].join(' -> ')}`);
      else if (!state.has(to)) visit(to);
    }
    trail.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return problems;
}

/** @param {string[]} code @param {Map<string, Import[]>} graph */
function unreachable(code, graph) {
  const problems = [];
  for (const [registry, except] of REGISTRIES) {
    if (!graph.has(registry)) continue;
    const folder = path.posix.dirname(registry);
    /** @type {Set<string>} */
    const reached = new Set();
    const queue = [registry];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      for (const { to } of graph.get(file) ?? []) if (to) queue.push(to);
    }
    const plugIn = (/** @type {string} */ file) => file.slice(folder.length + 1).split('/')[0];
    const inside = code.filter((file) => file.startsWith(`${folder}/`));
    const there = new Set(inside.map(plugIn).filter((name) => !except.test(name)));
    const used = new Set(inside.filter((file) => reached.has(file)).map(plugIn));
    for (const name of there) {
      if (!used.has(name)) problems.push(`${folder}/${name} is not reachable from ${registry}: nobody can use it.`);
    }
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = filesBelow('src');
  const problems = checkLayers(files, (file) => readFileSync(inRoot(file), 'utf8'));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(`layers: ${files.length} files, ${problems.length} problems\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
