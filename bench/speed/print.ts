/** The figures as tables for people. */

import type { BusSpeed } from './bus.js'
import type { Curve } from './growth.js'
import type { MarketSpeed } from './market.js'
import type { Million } from './million.js'

/** A measured row of the table. */
export interface MeasuredRow {
  readonly model: string
  readonly size: string
  readonly ms: number
  readonly limitMs: number
  readonly ratio: number
  readonly limitCredible: boolean
  readonly reach: number
  readonly reached: boolean
  /** The page's limit, and the same scaled to this machine's speed today. */
  readonly pageMs: number
  readonly pageScaledMs: number
}

export interface Results {
  readonly commit: string
  readonly date: string
  readonly node: string
  readonly cpu: string
  readonly slowness: number
  readonly rows: readonly MeasuredRow[]
  readonly million?: Million & { readonly maxMemoryMb: number }
  readonly market?: MarketSpeed
  readonly bus?: readonly BusSpeed[]
  readonly candlesPerSecond?: number
  readonly growth?: readonly Curve[]
}

export function printed(results: Results): string {
  const { commit, date, node, cpu, slowness } = results
  const parts = [
    `${date} · commit ${commit} · node ${node} · ${cpu} · ${slowness.toFixed(2)}× the time of the reference machine`,
    tableOf(results.rows),
  ]
  const { million, market, bus, candlesPerSecond, growth } = results
  if (million !== undefined) parts.push(millionText(million))
  if (market !== undefined) parts.push(marketText(market))
  if (bus !== undefined) parts.push(`Bus in memory, messages a second\n${bus.map(busText).join('\n')}`)
  if (candlesPerSecond !== undefined)
    parts.push(`Indicators (RSI, MACD, Bollinger, ATR): ${count(candlesPerSecond)} candles a second`)
  for (const curve of growth ?? []) parts.push(curveText(curve))
  return `${parts.join('\n\n')}\n`
}

function tableOf(rows: readonly MeasuredRow[]): string {
  const head = ['model', 'size', 'time', 'limit', 'ratio', 'reach', '', 'page’s limit', 'scaled', '']
  const cells = rows.map(r => [
    r.model,
    r.size,
    time(r.ms),
    time(r.limitMs),
    `${r.ratio.toFixed(2)}×`,
    `≤ ${r.reach}×`,
    r.reached ? 'reached' : 'MISSED',
    time(r.pageMs),
    time(r.pageScaledMs),
    r.limitCredible ? '' : 'limit not credible',
  ])
  return aligned([head, ...cells])
}

function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, c) => Math.max(...lines.map(line => [...(line[c] ?? '')].length)))
  return lines
    .map(line =>
      line
        .map((cell, c) => cell.padEnd(widths[c] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function millionText({ ms, setUpMs, limitMs, ratio, maxMemoryMb }: Million & { maxMemoryMb: number }): string {
  const reach = ratio <= 1.5 && maxMemoryMb < 400 ? 'reached' : 'MISSED'
  return `1,000,000 wealth agents, set-up and 10 steps: ${time(ms)} (set-up ${time(setUpMs)}), bare loop ${time(limitMs)}, ratio ${ratio.toFixed(2)}× (≤ 1.5×), at most ${Math.round(maxMemoryMb)} MB (< 400 MB): ${reach}`
}

function marketText({ stepsPerSecond, rooms }: MarketSpeed): string {
  const lines = Object.entries(rooms).map(([room, share]) => [`  ${room}`, `${(share * 100).toFixed(1)} %`])
  return `The 121-agent market: ${count(stepsPerSecond)} steps a second; where a step’s time goes\n${aligned(lines)}`
}

function busText({ subscribers, publishedPerSecond, deliveredPerSecond }: BusSpeed): string {
  return `  ${subscribers} subscriber${subscribers === 1 ? '' : 's'}: ${count(publishedPerSecond)} published, ${count(deliveredPerSecond)} delivered`
}

function curveText({ model, against, points, exponent, limitExponent }: Curve): string {
  const lines = points.map(p => [`  ${count(p.of)}`, time(p.ms), p.limitMs === undefined ? '' : `bare loop ${time(p.limitMs)}`])
  const beside = limitExponent === undefined ? '' : `, the bare loop’s ${limitExponent.toFixed(3)}`
  return `${model}, time against ${against}: exponent ${exponent.toFixed(3)}${beside}\n${aligned(lines)}`
}

function time(ms: number): string {
  if (ms < 0.1) return `${(ms * 1_000).toFixed(2)} µs`
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${ms.toFixed(1)} ms`
}

function count(n: number): string {
  return Math.round(n).toLocaleString('en-US')
}
