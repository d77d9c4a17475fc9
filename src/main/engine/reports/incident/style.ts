/** Print first: A4, light, legible in black and white; the same page reads well in a window. Ours alone, no data in it. */
export const STYLE = `
@page { size: A4; margin: 18mm 16mm 20mm; }
* { box-sizing: border-box; }
html { color-scheme: light; background: #fff; }
body { margin: 0 auto; max-width: 178mm; padding: 0; color: #1b2329; background: #fff;
  font: 9.5pt/1.42 Inter, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
@media screen { body { padding: 12mm 4mm; } }
h1 { margin: 2px 0 8px; font-size: 19pt; line-height: 1.2; font-weight: 600; }
h2 { margin: 22px 0 8px; padding-top: 5px; border-top: 1px solid #1b2329; font-size: 12pt; font-weight: 600; }
h3 { margin: 12px 0 5px; font-size: 9.5pt; font-weight: 600; }
h1, h2, h3, caption { break-after: avoid; break-inside: avoid; }
p { margin: 0 0 6px; orphans: 3; widows: 3; }
code, pre, .mono { font-family: 'JetBrains Mono', 'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace; font-size: 7.6pt; }
pre { margin: 0; padding: 5px 7px; border: 1px solid #dbe1e5; border-left: 3px solid #b4bfc6; background: #f5f7f8; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; tab-size: 4; orphans: 3; widows: 3; }
.kind { margin: 0; font-size: 8.5pt; letter-spacing: 0.08em; text-transform: uppercase; color: #0b6272; font-weight: 600; }
.dim, .faint, .address, .doubt { color: #55616b; }
svg text { font-size: 8px; fill: #1b2329; font-family: inherit; }
svg text.faint { fill: #55616b; }
svg text.pin-number { font-weight: 600; }
svg.severity { vertical-align: -1px; margin-right: 4px; }
svg.chart { display: block; width: 100%; height: auto; margin: 2px 0 10px; }
.mark { padding: 0 2px; margin: 0 1px; border: 1px solid #55616b; border-radius: 2px; font-family: 'DejaVu Sans Mono', monospace; font-size: 0.85em; color: #1b2329; background: #fff; unicode-bidi: isolate; }
.typed { white-space: pre-wrap; }
.facts { display: grid; grid-template-columns: 38mm 1fr 38mm 1fr; margin: 0; border-top: 1px solid #b4bfc6; }
.facts dt, .facts dd { margin: 0; padding: 3px 6px 3px 0; border-bottom: 1px solid #dbe1e5; }
.facts dt { color: #55616b; }
.facts .wide { grid-column: 2 / -1; }
.written { break-inside: auto; }
.written > :last-child { margin-bottom: 0; }
.written .heading { font-weight: 600; break-after: avoid; margin-top: 4px; }
.written ul, .written ol { margin: 0 0 6px; padding-left: 18px; }
.written li > p { margin: 0; }
.written blockquote { margin: 0 0 6px; padding-left: 8px; border-left: 2px solid #b4bfc6; }
.written hr { border: 0; border-top: 1px solid #b4bfc6; }
.written pre { margin-bottom: 6px; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; }
th { overflow-wrap: normal; }
thead { display: table-header-group; }
th { padding: 3px 8px 3px 0; border-bottom: 1px solid #1b2329; text-align: left; font-weight: 600; vertical-align: bottom; }
td { padding: 3px 8px 3px 0; border-bottom: 1px solid #dbe1e5; vertical-align: top; }
tr { break-inside: avoid; }
th:last-child, td:last-child { padding-right: 0; }
.figure { text-align: right; white-space: nowrap; width: 1%; }
.nowrap { white-space: nowrap; overflow-wrap: normal; }
td.bar, th.bar { width: 268px; }
td.bar svg { vertical-align: middle; }
.lead { break-after: avoid; }
.together { break-inside: avoid; }
td.bar, th.bar { padding-left: 8px; }
.pinned { padding: 7px 0 9px; border-bottom: 1px solid #b4bfc6; }
.pinned.whole { break-inside: avoid; }
.pinned > header { display: grid; grid-template-columns: 11mm 1fr auto; align-items: baseline; break-after: avoid; break-inside: avoid; margin-bottom: 3px; }
.pinned .ordinal { font-weight: 600; }
.pinned .moment { font-weight: 600; }
.pinned .moment .dim { font-weight: 400; }
.pinned .body { margin-left: 11mm; }
.pinned .body > * { margin-bottom: 4px; }
.pinned .body > :last-child { margin-bottom: 0; }
.pinned .who { text-align: right; }
.pinned .doubt, .pinned .origin { font-size: 8pt; color: #55616b; }
.said { padding: 2px 0 2px 8px; border-left: 3px solid #0b6b7a; }
.said > .by { font-size: 8pt; color: #55616b; margin: 0 0 2px; break-after: avoid; }
.note { padding: 6px 0; border-bottom: 1px solid #dbe1e5; }
.note.whole { break-inside: avoid; }
.note > .by { margin: 0 0 3px; font-size: 8.5pt; color: #55616b; break-after: avoid; }
.source td { border-bottom: 0; padding-bottom: 0; }
.source td.custody { border-bottom: 1px solid #dbe1e5; padding: 0 0 4px; font-size: 8pt; color: #55616b; }
tbody.source { break-inside: avoid; }
tfoot { display: table-row-group; }
tfoot td { font-weight: 600; border-bottom: 1px solid #1b2329; }
.equation { font-size: 10pt; font-weight: 600; break-after: avoid; }
.doubts td:first-child { width: 46%; }
.history { table-layout: fixed; }
.history th:nth-child(1) { width: 48mm; }
.history th:nth-child(2) { width: 20mm; }
.history th:nth-child(3) { width: 34mm; }
`;
