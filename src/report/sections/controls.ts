/** The controls: what chance would have made of the baseline's trades, and others' trades in place of the synthesized ones. */

import { type BaselineSummary, baselineSentence, type Controls, controlSentences } from '../../trading/index.js'
import type { ReportData } from '../data.js'
import { type Html, html } from '../html.js'
import { sectionOf } from '../parts.js'

/** Nothing for a run of an older version, which has no controls. */
export function controlsSection({ manifest }: ReportData): Html {
  const { baseline, controls } = manifest.summary as { baseline?: BaselineSummary; controls?: Controls }
  if (baseline === undefined) return html``
  return sectionOf({
    id: 'controls',
    title: 'Baseline and controls',
    lead: baselineSentence(baseline),
    body:
      controls === undefined
        ? html`<p class="empty">Controls are computed at the end of a finished simulated run.</p>`
        : comparisons(controls),
  })
}

function comparisons(controls: Controls): Html {
  const sentences = controlSentences(controls)
  if (sentences.length === 0) return html`<p class="empty">No finished trades to compare.</p>`
  return html`<ul>${sentences.map(sentence => html`<li>${sentence}</li>`)}</ul>
<p>Random entries keep each pair’s number of trades, directions, holding times and costs; only their moments are drawn. Thinnings draw, in each pair and direction, as many of the other portfolio’s trades as the synthesized portfolio made. Intervals take trades as independent, which trades that overlap are not.</p>`
}
