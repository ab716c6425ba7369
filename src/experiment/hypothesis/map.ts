/** The map as a picture: a square a market, what agreement adds there, and how often collisions were right beside the theory. */

import type { HypothesisResult, MarketResult } from './experiment.js'
import { isForced } from './markets.js'
import { percent, verdictOf, withInterval } from './words.js'

const cell = { width: 262, height: 128 }
const margin = { left: 140, top: 64, bottom: 78 }
const colors = {
  paper: '#ffffff',
  holds: '#cfe3f1',
  fails: '#f3e3c8',
  unjudged: '#eeeeee',
  line: '#8a8a8a',
  text: '#222222',
  faint: '#555555',
  mark: '#30638e',
}

/** A scalable vector graphic: technical strength from left to right, causes and their interaction with the trend from top to bottom. */
export function hypothesisMap({ map }: HypothesisResult): string {
  const columns = distinct(map.map(columnOf))
  const rows = distinct(map.map(rowOf))
  const width = margin.left + columns.length * cell.width + 10
  const below = margin.top + rows.length * cell.height
  const height = below + margin.bottom
  const xOf = (column: string) => margin.left + columns.indexOf(column) * cell.width
  const yOf = (row: string) => margin.top + rows.indexOf(row) * cell.height
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="${colors.paper}"/>`,
    text(12, 24, 'Where a collision is worth more than either signal', { bold: true, size: 15 }),
    ...columns.map(column => text(xOf(column) + cell.width / 2, margin.top - 12, column, { anchor: 'middle', bold: true })),
    ...rows.flatMap(row =>
      row.split(', ').map((line, i) => text(12, yOf(row) + cell.height / 2 - 12 + 17 * i, line, { bold: i < 2 })),
    ),
    ...map.flatMap(market => cellOf(market, xOf(columnOf(market)), yOf(rowOf(market)))),
    ...keyOf(below + 20),
    '</svg>\n',
  ].join('\n')
}

function columnOf({ strengths }: MarketResult): string {
  return `technical ${strengths?.technical}`
}

function rowOf({ strengths }: MarketResult): string {
  const nothing = isForced(strengths) ? ', the swarm’s ideas, are random' : ''
  return `causes ${strengths?.causes}, interaction ${strengths?.interaction}${nothing}`
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)]
}

function cellOf({ claim, agreement, why, seeds }: MarketResult, x: number, y: number): string[] {
  const fill = claim.holds === null ? colors.unjudged : claim.holds ? colors.holds : colors.fails
  const edge = why === undefined ? `stroke="${colors.line}" stroke-width="0.7"` : `stroke="${colors.text}" stroke-width="2.4"`
  const lines = [
    text(x + 10, y + 20, `the claim ${verdictOf(claim)}`, { bold: true, size: 13 }),
    text(x + 10, y + 40, `over the swarm: ${withInterval(claim.overMycelial)}`),
    text(x + 10, y + 56, `over technical: ${withInterval(claim.overBaseline)}`),
  ]
  const right = agreement === null ? [] : accuracyOf(agreement, x, y)
  const counted = text(x + cell.width - 8, y + cell.height - 6, `${claim.enough} of ${seeds} seeds`, {
    anchor: 'end',
    size: 10,
    color: colors.faint,
  })
  return [
    `<rect x="${x + 1}" y="${y + 1}" width="${cell.width - 2}" height="${cell.height - 2}" fill="${fill}" ${edge}/>`,
    ...lines,
    ...right,
    counted,
  ]
}

/** A scale from 40 to 100 % right: open marks for either signal alone, a bar for the theory, a dot for what was measured. */
function accuracyOf(
  { technical, mycelial, theory, measured }: NonNullable<MarketResult['agreement']>,
  x: number,
  y: number,
): string[] {
  const at = (share: number) => (x + 12 + (Math.max(0.4, share) - 0.4) * ((cell.width - 24) / 0.6)).toFixed(1)
  const line = y + 96
  return [
    text(x + 10, y + 78, `right: ${percent(measured)}, by theory ${percent(theory)}`, { color: colors.text }),
    `<path d="M${at(0.4)} ${line}H${at(1)}" stroke="${colors.line}"/>`,
    `<path d="M${at(0.5)} ${line - 4}V${line + 4}" stroke="${colors.line}"/>`,
    `<circle cx="${at(technical)}" cy="${line}" r="4" fill="${colors.paper}" stroke="${colors.text}"/>`,
    `<path d="M${at(mycelial)} ${line - 5}l5 9h-10z" fill="${colors.paper}" stroke="${colors.text}"/>`,
    `<path d="M${at(theory)} ${line - 8}V${line + 8}" stroke="${colors.mark}" stroke-width="2.5"/>`,
    `<circle cx="${at(measured)}" cy="${line}" r="4.5" fill="${colors.mark}"/>`,
  ]
}

const key = [
  'Differences in basis points net a trade, with 95 % intervals, from as many trades that agreed with nothing. Thick frame: a corner named beforehand.',
  'Scale from 40 to 100 % of directions right, with a tick at 50 %: ○ technical views alone, △ the swarm’s ideas alone,',
  '| where both agree, by the theory of independent signals, ● where both agree, as measured.',
]

function keyOf(y: number): string[] {
  return key.map((line, i) => text(12, y + 17 * i, line, { size: 11, color: colors.faint }))
}

interface TextStyle {
  readonly anchor?: 'middle' | 'end'
  readonly bold?: boolean
  readonly size?: number
  readonly color?: string
}

function text(x: number, y: number, said: string, { anchor, bold = false, size, color = colors.text }: TextStyle = {}): string {
  const style = `${anchor === undefined ? '' : ` text-anchor="${anchor}"`}${bold ? ' font-weight="600"' : ''}${size === undefined ? '' : ` font-size="${size}"`}`
  return `<text x="${x}" y="${y}" fill="${color}"${style}>${said}</text>`
}
