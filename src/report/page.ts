/** The whole page: one file that holds its style, its script and its data, and may fetch nothing. */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import type { Parts } from '../view/index.js'
import type { ReportHead } from './head.js'
import { escaped, plainPage } from './plain-page.js'
import type { ReportParts } from './report-parts.js'

/** The page as text; the same for the same data. */
export function reportPage({ parts, sections }: ReportParts): string {
  const head = parts.json('report') as ReportHead
  const bundle = pageBundle()
  const { script, style } = bundle ?? { script: '', style: '' }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(head.name)} · Mycelia</title>
<style>${style}</style>
</head>
<body>
<div id="app">${plainPage(head, sections, bundle === undefined)}</div>
<script type="text/plain" id="frame">${embedded(parts)}</script>
${script === '' ? '' : `<script>${script}</script>`}
</body>
</html>
`
}

/** One frame of all parts, deflated, in base64: no letter of it can end the script. */
function embedded(parts: Parts): string {
  const frame = parts.frame(() => -1) ?? new Uint8Array(0)
  return deflateRawSync(frame, { level: 9 }).toString('base64')
}

/** As they were bundled; undefined in a source tree that was not built. */
function pageBundle(): { script: string; style: string } | undefined {
  const at = (name: string) =>
    ['../../viz/', '../../dist/viz/']
      .map(folder => fileURLToPath(new URL(folder + name, import.meta.url)))
      .find(path => existsSync(path))
  const [script, style] = [at('report.js'), at('report.css')]
  if (script === undefined || style === undefined) return undefined
  return { script: readFileSync(script, 'utf8').replaceAll('</script', '<\\/script'), style: readFileSync(style, 'utf8') }
}

/** Forbids the page to fetch anything, and to run scripts or apply styles other than its own. */
function policy(script: string, style: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return `default-src 'none'; script-src ${script === '' ? "'none'" : hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`
}
