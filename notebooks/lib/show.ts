/** A table shown in a notebook: an interactive chart of it and its rows, in one call. */

import type { Chart } from './charts.js'
import { type ChartOptions, chartHtml } from './picture.js'
import type { Row } from './query.js'
import { escapeHtml, htmlTable, type TableOptions, textTable } from './table.js'

export interface ShowOptions extends ChartOptions, TableOptions {
  /** What is to be seen. */
  readonly title?: string
}

/** One output in the forms that a front end can choose from. */
export type Bundle = Readonly<Record<string, string>>

/** Rows printed under a chart. */
const besideChart = 6

/** Shows rows as a chart, where one is given, and as a table; `rows: 0` leaves the table out. */
export async function show(rows: readonly Row[], ...how: [Chart, ShowOptions?] | [ShowOptions?]): Promise<void> {
  await display(await bundleOf(rows, ...how))
}

export async function bundleOf(rows: readonly Row[], ...how: [Chart, ShowOptions?] | [ShowOptions?]): Promise<Bundle> {
  const [chart, options = {}] = isChart(how[0]) ? [how[0], how[1]] : [undefined, how[0] as ShowOptions | undefined]
  const { title = '', rows: most = chart === undefined ? 10 : besideChart } = options
  const heading = title === '' ? '' : `<p><b>${escapeHtml(title)}</b></p>\n`
  const picture = chart === undefined ? '' : await chartHtml(rows, chart, options, escapeHtml(title))
  const table = (as: typeof htmlTable) => (most === 0 ? '' : as(rows, { rows: most }))
  return {
    'text/html': `${heading}${picture}${table(htmlTable)}`,
    'text/plain': [title, table(textTable)].filter(text => text !== '').join('\n'),
  }
}

/** Options have neither marks nor layers. */
function isChart(given: Chart | ShowOptions | undefined): given is Chart {
  return (
    typeof given === 'function' ||
    (given !== undefined && ['mark', 'layer', 'hconcat', 'vconcat', 'facet', 'repeat'].some(key => key in given))
  )
}

/** What the notebook has shown, in one sentence. */
export async function learnt(sentence: string): Promise<void> {
  const html = `<blockquote><b>What was learnt.</b> ${escapeHtml(sentence)}</blockquote>`
  await display({ 'text/html': html, 'text/plain': `What was learnt: ${sentence}` })
}

interface Kernel {
  display(bundle: Bundle, options: { raw: true }): Promise<void>
}

/** In a notebook the kernel shows it; elsewhere, as in `deno run`, its text is printed. */
export async function display(bundle: Bundle): Promise<void> {
  const kernel = kernelOf()
  if (kernel === undefined) console.log(bundle['text/plain'])
  else await kernel.display(bundle, { raw: true })
}

function kernelOf(): Kernel | undefined {
  try {
    return (globalThis as { Deno?: { jupyter?: Kernel } }).Deno?.jupyter
  } catch {
    return undefined // outside a kernel Deno throws
  }
}
