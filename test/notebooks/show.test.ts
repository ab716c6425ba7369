/** What a notebook shows: rows as a printed table, and as a chart that is a picture everywhere and reacts where scripts run. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bars, type Chart, candles, heatmap, histogram, line, points, specificationOf } from '../../notebooks/lib/charts.js'
import { draw } from '../../notebooks/lib/picture.js'
import { withoutHover } from '../../notebooks/lib/pointer.js'
import { query, type Row } from '../../notebooks/lib/query.js'
import { bundleOf } from '../../notebooks/lib/show.js'
import { htmlTable, textTable } from '../../notebooks/lib/table.js'

const folder = mkdtempSync(join(tmpdir(), 'mycelia-notebooks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a printed table', () => {
  it('has the digits of a column under each other, times as text, and a dash where nothing is known', () => {
    const rows: Row[] = [
      { pair: 'SOLUSD', trades: 1_234, bp: 12.345, at: new Date(Date.UTC(2024, 0, 2, 3, 4)) },
      { pair: 'ADAUSD', trades: 5, bp: null, at: new Date(Date.UTC(2024, 0, 2)) },
    ]
    expect(textTable(rows).split('\n')).toEqual([
      'pair    trades     bp  at',
      'SOLUSD   1,234  12.35  2024-01-02 03:04',
      'ADAUSD       5      –  2024-01-02 00:00',
    ])
  })

  it('shows the first and the last of many rows, and says how many there are', () => {
    const rows = Array.from({ length: 1_000 }, (_, step) => ({ step }))
    const lines = textTable(rows, { rows: 4 }).split('\n')
    expect(lines.map(text => text.trim())).toEqual(['step', '0', '1', '…', '998', '999'])
    expect(htmlTable(rows, { rows: 4 })).toContain('4 of 1,000 rows')
  })
})

describe('a table of a file', () => {
  it('has its integers as numbers and its times as dates', async () => {
    const file = join(folder, 'runs.csv')
    writeFileSync(file, 'seed,at,gini\n1,2024-01-02 03:04:05,0.5\n2,2024-01-03 00:00:00,\n')
    expect(await query(`FROM '${file}'`)).toEqual([
      { seed: 1, at: new Date(Date.UTC(2024, 0, 2, 3, 4, 5)), gini: 0.5 },
      { seed: 2, at: new Date(Date.UTC(2024, 0, 3)), gini: null },
    ])
    expect(await query(`SELECT sum(seed) AS n FROM '${file}'`)).toEqual([{ n: 3 }])
  })
})

const rows: Row[] = [0, 1, 2].flatMap(x =>
  ['a', 'b'].map((kind, i) => ({
    x,
    kind,
    y: x + i + 1,
    low: x,
    high: x + 3,
    time: new Date(x * 3_600_000),
    open: x,
    close: x + 1,
  })),
)
const one = rows.filter(row => row.kind === 'a')

/** Each kind, and the marks that three or six rows make. */
const kinds: readonly [name: string, chart: Chart, rows: readonly Row[], mark: RegExp, count: number][] = [
  ['line', line('x', 'y', { color: 'kind' }), rows, /aria-roledescription="line mark"/g, 2],
  ['line of columns', line('x', ['y', 'high']), one, /aria-roledescription="line mark"/g, 2],
  ['line with a band', line('x', 'y', { band: ['low', 'high'] }), one, /aria-roledescription="area mark"/g, 1],
  ['points', points('x', 'y', { color: 'kind' }), rows, /aria-roledescription="point"/g, 6],
  ['points with intervals', points('x', 'y', { interval: ['low', 'high'] }), one, /aria-roledescription="rule mark"/g, 3],
  ['bars', bars('kind', 'y'), rows.slice(0, 2), /aria-roledescription="bar"/g, 2],
  ['bars on a logarithmic axis', bars('kind', 'y', { yLog: true }), rows.slice(0, 2), /aria-roledescription="bar"/g, 2],
  ['histogram', histogram('y', { at: { here: 2 } }), one, /aria-roledescription="bar"/g, 3],
  ['heatmap', heatmap('x', 'kind', 'y', { middle: 2 }), rows, /aria-roledescription="rect mark"/g, 6],
  ['candles', candles(), one, /aria-roledescription="bar"/g, 3],
  [
    'a Vega-Lite specification',
    { mark: 'tick', encoding: { x: { field: 'x', type: 'quantitative' } } },
    one,
    /aria-roledescription="tick"/g,
    3,
  ],
]

describe('a chart', () => {
  it.each(kinds)('of kind %s draws its marks', async (_, chart, given, mark, count) => {
    const svg = await draw(withoutHover(specificationOf(chart, given)), given)
    expect(svg.match(mark) ?? []).toHaveLength(count)
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('comes with its table from one call: a picture, the living chart, the rows, and their text', async () => {
    const bundle = await bundleOf(one, line('x', 'y'), { title: 'How y grows' })
    const html = bundle['text/html'] ?? ''
    const svg = Buffer.from(/base64,([^"]+)/.exec(html)?.[1] ?? '', 'base64').toString()
    expect(svg).toContain('<svg')
    expect(html).toMatch(/<script>window\.myceliaCharts\?\.then\(draw => draw\("chart-\w{10}", \{/)
    expect(html).toContain('<td style="text-align:right">3</td>')
    expect(bundle['text/plain']).toMatch(/^How y grows\nx +kind +y/)
  })

  it('holds the columns that it draws, and no others', async () => {
    const { 'text/html': html } = await bundleOf(one, line('x', 'y'), { rows: 0 })
    expect(html).toContain('"values":[{"x":0,"y":1}')
    expect(html).not.toContain('close')
  })

  it('lets no text of a table become markup or script', async () => {
    const evil = '</script><img src=x onerror=alert(1)>'
    const told = await bundleOf([{ name: evil, n: 1 }], bars('name', 'n'), { title: evil })
    expect(told['text/html']?.match(/<img/g)).toHaveLength(1)
    expect(told['text/html']?.match(/<\/script>/g)).toHaveLength(1)
  })
})
