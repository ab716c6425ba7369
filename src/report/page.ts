/** The whole page: one file that holds its style, its script and its data, and may fetch nothing. */

import { createHash } from 'node:crypto'
import { clientBundle } from './client-bundle.js'
import { clientData } from './client-data.js'
import type { ReportData } from './data.js'
import { Html, html, inlineJson } from './html.js'
import { agentsSection } from './sections/agents.js'
import { commandsSection } from './sections/commands.js'
import { controlsSection } from './sections/controls.js'
import { decisionsSection } from './sections/decisions.js'
import { edgeSection } from './sections/edge.js'
import { memorySection } from './sections/memory.js'
import { moatsSection } from './sections/moats.js'
import { modelSection, spreadSection } from './sections/model.js'
import { overview } from './sections/overview.js'
import { patternsSection } from './sections/patterns.js'
import { countersSection, parametersSection, realismSection } from './sections/run.js'
import { contagionSection, equitySection, priceSection } from './sections/trading.js'
import { style } from './style.js'

/** The page as text; the same for the same data. */
export function reportPage(data: ReportData): string {
  const client = clientBundle()
  const [script, css] = 'missing' in client ? ['', style] : [client.script, client.style + style]
  const sections = sectionsOf(data)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${data.manifest.scenario}, seed ${data.manifest.seed} · Mycelia</title>
<style>${new Html(css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<nav aria-label="Sections">${navigation(sections)}</nav>
<div class="page">
${overview(data)}
${'missing' in client && html`<p class="missing">The charts are missing: ${client.missing}. The figures and tables are complete. Run npm install and then “mycelia report” again.</p>`}
<main id="main">
${sections}
</main>
<footer>Written by Mycelia ${data.manifest.versions.mycelia ?? ''} from ${data.manifest.runId}. Paper money only.</footer>
</div>
<script type="application/json" id="report-data">${inlineJson(clientData(data))}</script>
${script !== '' && html`<script>${new Html(script)}</script>`}
</body>
</html>
`.markup
}

function sectionsOf(data: ReportData): Html[] {
  const { trading, patterns } = data
  if (trading === null)
    return [modelSection(data), spreadSection(data), realismSection(data), countersSection(data), parametersSection(data)]
  const all = { ...data, trading }
  return [
    equitySection(all),
    priceSection(all),
    controlsSection(data),
    decisionsSection(all),
    commandsSection(all),
    patterns === null ? html`` : patternsSection({ ...data, patterns }),
    trading.edge === undefined ? html`` : edgeSection({ ...data, edge: trading.edge }),
    memorySection(all),
    contagionSection(all),
    moatsSection(all),
    agentsSection(all),
    realismSection(data),
    countersSection(data),
    parametersSection(data),
  ]
}

/** Links are made from the sections themselves, so that every link has its target. */
function navigation(sections: readonly Html[]): Html {
  const heads = sections.flatMap(({ markup }) => /<section id="([^"]+)"[^>]*>\s*<h2[^>]*>([^<]*)</.exec(markup) ?? [])
  const links = Array.from({ length: heads.length / 3 }, (_, i) => html`<a href="#${heads[i * 3 + 1]}">${heads[i * 3 + 2]}</a>`)
  return html`<a class="home" href="#top">Mycelia</a>${links}`
}

/** Forbids the page to fetch anything, and to run scripts or apply styles other than its own. */
function policy(script: string, css: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return `default-src 'none'; script-src ${script === '' ? "'none'" : hash(script)}; style-src ${hash(css)}; img-src data:; base-uri 'none'; form-action 'none'`
}
