/** The figures as tables for people. */

import type { LiveLatency } from '../live/latency.js'
import type { Quantiles } from '../live/quantiles.js'
import type { TransportSpeed } from '../live/transport.js'
import type { BusSpeed } from './bus.js'
import type { EventSpeed } from './events.js'
import type { Curve } from './growth.js'
import type { MarketSpeed } from './market.js'
import type { Million } from './million.js'
import type {
  BookTable,
  GateCost,
  Growth,
  LaunchTable,
  Live,
  MeasuredRow,
  MemoryTable,
  Origin,
  PoolTable,
  RecordTable,
  SweepTable,
  Table,
  ViewTable,
} from './results.js'

export function printedTable(table: Table): string {
  const { rows, million, market, bus, events, candlesPerSecond } = table
  return paragraphs(
    originText(table),
    tableOf(rows),
    millionText(million),
    marketText(market),
    `Bus in memory, messages a second\n${bus.map(busText).join('\n')}`,
    `Planned events, fired and planned anew\n${events.map(eventText).join('\n')}`,
    `Indicators (RSI, MACD, Bollinger, ATR): ${count(candlesPerSecond)} candles a second`,
  )
}

export function printedBook(table: BookTable): string {
  const { operationsPerSecond, day, crowds, bareUs } = table.speed
  const drift = Math.abs(day.lastHour / day.firstHour - 1) * 100
  const lines = [
    ['  the engine alone', `${count(operationsPerSecond)} operations a second (≥ 5,000,000)`],
    [
      '  a day',
      `${count(day.messages)} messages in ${day.seconds.toFixed(2)} s: ${count(day.messages / day.seconds)} a second (≥ 400,000)`,
    ],
    [
      '  first and last hour',
      `${count(day.firstHour)} and ${count(day.lastHour)} a second, ${drift.toFixed(0)} % apart (≤ 10 %)`,
    ],
    ...crowds.map(({ times, usPerMessage }) => [
      `  ${times} times the agents`,
      `${usPerMessage.toFixed(2)} µs a message, ${(usPerMessage / (crowds[0]?.usPerMessage ?? 1)).toFixed(2)} times as much${times === 10 ? ' (≤ 1.2)' : times === 100 ? ' (≤ 1.6)' : ''}`,
    ]),
    ['  an event alone', `${bareUs.toFixed(2)} µs`],
  ]
  return paragraphs(originText(table), `The order book\n${aligned(lines)}`)
}

export function printedGrowth(growth: Growth): string {
  return paragraphs(originText(growth), ...growth.curves.map(curveText))
}

export function printedGate(gate: GateCost): string {
  const head = ['  intent', 'exposures as before', 'changed', '']
  const lines = gate.rows.map(({ intent, cachedUs, changedUs }) => {
    const reach = Math.max(cachedUs, changedUs) <= 20 ? 'reached' : 'MISSED'
    return [`  ${intent}`, `${cachedUs.toFixed(1)} µs`, `${changedUs.toFixed(1)} µs`, `(≤ 20 µs) ${reach}`]
  })
  return paragraphs(originText(gate), `The gate, ${gate.rules} rules, an intent\n${aligned([head, ...lines])}`)
}

export function printedLaunch(table: LaunchTable): string {
  const { arithmeticPerSecond, venuePerSecond } = table.speed
  const lines = [
    ['  the curve alone', `${count(arithmeticPerSecond)} a second`],
    ['  orders through the venue', `${count(venuePerSecond)} a second (≥ 1,000,000)`],
  ]
  const { users, tokens, decidedMs, gatedMs } = table.decisions
  const cycle = [
    ['  nothing reaches the gates', `${decidedMs.toFixed(0)} ms (≤ 250)`],
    ['  five tokens a user do, with their record', `${gatedMs.toFixed(0)} ms`],
  ]
  return paragraphs(
    originText(table),
    `Trades on bonding curves\n${aligned(lines)}`,
    `A cycle of the trade-agent, ${count(users)} users, ${tokens} tokens\n${aligned(cycle)}`,
  )
}

export function printedLive(live: Live): string {
  const { transport, latency } = live
  return paragraphs(originText(live), transportText(transport), latencyText(latency))
}

export function printedMemory(table: MemoryTable): string {
  const { embedding, trades, embeddedMs, chromaMs, chromaRecall, flood } = table.cost
  const perSecond = (speed: number | string) =>
    typeof speed === 'string' ? `not measured, ${speed}` : `${count(speed)} a second`
  const within = (times: Quantiles | string, ms: number) =>
    typeof times === 'string' ? `not measured, ${times}` : `${quantileText(times)} (p99 < ${ms} ms)`
  const lines = [
    ['  embedded by their features', `${perSecond(embedding.features)} (≥ 200)`],
    ['  embedded by the shipped model', `${perSecond(embedding.sentences)} (≥ 200)`],
    [`  a question among ${count(trades)}, embedded store`, within(embeddedMs, 20)],
    ['  the same, Chroma', within(chromaMs, 50)],
    [
      '  answers of the embedded store that Chroma gives',
      typeof chromaRecall === 'string' ? chromaRecall : chromaRecall.toFixed(3),
    ],
    [`  after ${count(flood.trades)} trades`, `${count(flood.kept)} kept, ${Math.round(flood.heapMb)} MB of heap`],
  ]
  return paragraphs(originText(table), `Memory of trades\n${aligned(lines)}`)
}

export function printedRecord(table: RecordTable): string {
  const { steps, decisions, withoutUs, withUs, ratio, wholeRatio } = table.cost
  const part = (r: number) => `${((r - 1) * 100).toFixed(1)} %`
  const lines = [
    ['  a step without it', `${withoutUs.toFixed(1)} µs`],
    ['  a step with it', `${withUs.toFixed(1)} µs, ${part(ratio)} more (≤ 5 %)`],
    ['  files at the end included', `${part(wholeRatio)} more`],
  ]
  return paragraphs(
    originText(table),
    `The decision record, ${count(decisions)} rows in ${count(steps)} steps, CPU time\n${aligned(lines)}`,
  )
}

export function printedPool(table: PoolTable): string {
  const { tasks, tasksPerSecond, dispatchMs, dispatchesPerSecond } = table.speed
  const lines = [
    ['  tasks a second, from dispatch to result', `${count(tasksPerSecond)} (≥ 500)`],
    [
      `  a dispatch at ${dispatchesPerSecond} a second, p50 and p99`,
      `${dispatchMs.p50.toFixed(1)} ms, ${dispatchMs.p99.toFixed(1)} ms (< 25 ms)`,
    ],
  ]
  return paragraphs(originText(table), `The compute pool, ${count(tasks)} tiny tasks\n${aligned(lines)}`)
}

export function printedSweep(table: SweepTable): string {
  const { runs, runsPerSecond, twoAgainstOne, twoAgainstOneOfLong, earlyMb, mostMb } = table.speed
  const lines = [
    ['  runs a second, two threads', `${count(runsPerSecond)} (≥ 2,000)`],
    ['  times one thread', twoAgainstOne.toFixed(2)],
    ['  the same, of runs of 1,000 agents and 2,500 steps', `${twoAgainstOneOfLong.toFixed(2)} (≥ 1.8)`],
    ['  memory in the first fifth, and at most after it', `${count(earlyMb)} MB, ${count(mostMb)} MB`],
  ]
  return paragraphs(originText(table), `Sweeps of ${count(runs)} runs of wealth, 100 agents and 100 steps\n${aligned(lines)}`)
}

export function printedView(table: ViewTable): string {
  const { slices, aloneUs, oneRatio, slowRatio, slowViewers, framesSent } = table.viewers
  const [toOne, toSlow] = framesSent
  const part = (r: number) => `${((r - 1) * 100).toFixed(1)} %`
  const lines = [
    ['  a step nobody looks at', `${aloneUs.toFixed(1)} µs`],
    ['  beside one viewer', `${part(oneRatio)} more (< 2 %), ${count(toOne)} frames sent`],
    [`  beside ${count(slowViewers)} slow viewers`, `${part(slowRatio)} more (< 5 %), ${count(toSlow)} frames sent`],
  ]
  return paragraphs(
    originText(table),
    `Flocking as fast as it goes, three runs in turns, ${slices} slices each\n${aligned(lines)}`,
    framesText(table.frames),
  )
}

function framesText(frames: ViewTable['frames']): string {
  if (typeof frames === 'string') return `Pictures in a browser: ${frames}`
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const lines = frames.map(({ what, workMs, betweenMs, frames: count, heapMb: [begin, end] }) => [
    `  ${what}`,
    `${ms(workMs)} of work, ${ms(betweenMs)} between two (p95 of ${count}), heap ${begin.toFixed(0)} → ${end.toFixed(0)} MB`,
  ])
  const peer = 'Published beside it: Mesa draws a Schelling grid of 80 × 80 in 80 ms (its pull request 1819, 2023).'
  return `Pictures in headless Chromium without a GPU, 20 charts of 10,000 points beside\n${aligned(lines)}\n${peer}`
}

function paragraphs(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}

function originText({ date, commit, node, cpu, slowness }: Origin): string {
  return `${date} · commit ${commit} · node ${node} · ${cpu} · ${slowness.toFixed(2)}× the time of the reference machine`
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

function eventText({ waiting, perSecond, ratio }: EventSpeed): string {
  return `  ${count(waiting)} waiting: ${count(perSecond)} a second, ${ratio.toFixed(1)}× the queue of objects`
}

function curveText({ model, against, points, exponent, limitExponent }: Curve): string {
  const lines = points.map(p => [`  ${count(p.of)}`, time(p.ms), p.limitMs === undefined ? '' : `bare loop ${time(p.limitMs)}`])
  const beside = limitExponent === undefined ? '' : `, the bare loop’s ${limitExponent.toFixed(3)}`
  return `${model}, time against ${against}: exponent ${exponent.toFixed(3)}${beside}\n${aligned(lines)}`
}

function transportText(transport: TransportSpeed | string): string {
  if (typeof transport === 'string') return `Transport: not measured, ${transport}`
  const { barePerSecond, ratioOneTopic, ratioManyTopics, hopMs } = transport
  const lines = [
    ['  bare pipelined ioredis', `${count(barePerSecond)} messages/s`],
    ['  transport ÷ bare, 1 topic', `${ratioOneTopic.toFixed(2)}× (≥ 0.7×)`],
    ['  transport ÷ bare, 121 topics', `${ratioManyTopics.toFixed(2)}× (≥ 0.7×)`],
    ['  one hop', `${quantileText(hopMs)} (p99 < 5 ms)`],
  ]
  return `Transport\n${aligned(lines)}`
}

function latencyText({ seconds, fillMs, commitMs, tickMs }: LiveLatency): string {
  const lines = [
    ['  trade stamped → paper fill committed', `${quantileText(fillMs)} (p99 < 25 ms)`],
    ['  commit of a tick', `${quantileText(commitMs)} (p99 < 10 ms)`],
    ['  tick', quantileText(tickMs)],
  ]
  return `The whole roster live for ${seconds} s\n${aligned(lines)}`
}

function quantileText({ n, p50, p99, max }: Quantiles): string {
  return `p50 ${time(p50)}, p99 ${time(p99)}, max ${time(max)} of ${count(n)}`
}

function time(ms: number): string {
  if (ms < 0.1) return `${(ms * 1_000).toFixed(2)} µs`
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${ms.toFixed(1)} ms`
}

function count(n: number): string {
  return Math.round(n).toLocaleString('en-US')
}
