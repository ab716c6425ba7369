/** A chart drawn twice: as a picture, which every reader of a notebook shows, and as what a browser makes interactive. */

import { createHash } from 'node:crypto'
import { logger, parse, View } from 'vega'
import { type Config, compile, type TopLevelSpec } from 'vega-lite'
import type { Specification } from './axes.js'
import { type Chart, specificationOf } from './charts.js'
import { withoutHover } from './pointer.js'
import type { Cell, Row } from './query.js'

export interface ChartOptions {
  readonly width?: number
  readonly height?: number
}

const look: Config = {
  font: 'system-ui, sans-serif',
  background: 'white',
  view: { stroke: null },
  axis: {
    gridColor: '#e8e8e8',
    domainColor: '#999',
    tickColor: '#999',
    labelColor: '#333',
    titleColor: '#333',
    titleFontWeight: 500,
  },
  legend: { labelColor: '#333', titleColor: '#333', titleFontWeight: 500, labelLimit: 300 },
  bar: { color: '#30638e' },
  line: { color: '#30638e' },
  area: { color: '#30638e' },
  point: { color: '#30638e' },
  rule: { color: '#555' },
  range: { category: ['#30638e', '#d1495b', '#00798c', '#edae49', '#8d6a9f', '#66a182', '#8d96a3'] },
}

/** The chart as HTML: a picture, and a script that puts the living chart in its place where `interactive()` was called before. */
export async function chartHtml(rows: readonly Row[], chart: Chart, options: ChartOptions, about: string): Promise<string> {
  const specification = specificationOf(chart, rows)
  const svg = await draw(withoutHover(specification), rows, options)
  const live = JSON.stringify(compiled(specification, rows, options)).replace(/</g, '\\u003c')
  const id = `chart-${createHash('sha256').update(live).digest('hex').slice(0, 10)}`
  const picture = `<img alt="${about}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`
  return `<div id="${id}">${picture}</div>
<script>window.myceliaCharts?.then(draw => draw("${id}", ${live}))</script>`
}

/** The picture alone, as SVG. */
export async function draw(specification: Specification, rows: readonly Row[], options: ChartOptions = {}): Promise<string> {
  const view = new View(parse(compiled(specification, rows, options)), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

function compiled(specification: Specification, rows: readonly Row[], { width = 640, height = 260 }: ChartOptions) {
  const values = rows.map(row => Object.fromEntries(fieldsOf(specification, row).map(name => [name, plain(row[name] ?? null)])))
  const whole = { width, height, ...specification, data: { values } }
  return compile(whole as unknown as TopLevelSpec, { config: look, logger: logger(0) }).spec
}

/** Columns that the chart does not name stay out of the page. */
function fieldsOf(specification: Specification, row: Row): string[] {
  const text = JSON.stringify(specification)
  return Object.keys(row).filter(name => text.includes(JSON.stringify(name)) || text.includes(`datum.${name}`))
}

/** Six digits are more than a chart can show. */
function plain(cell: Cell): string | number | boolean | null {
  if (cell instanceof Date) return cell.getTime()
  return typeof cell === 'number' && Number.isFinite(cell) ? Number(cell.toPrecision(6)) : (cell as string | boolean | null)
}
