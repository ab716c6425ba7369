/** The figures of the benchmark page, from bench/results.json as `npm run bench` wrote it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Replaces `<!-- bench:… -->` by tables; where nothing has been measured, by a sentence that says so. */
export function withFigures(text, root) {
  const file = join(root, 'bench', 'results.json')
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  return text.replace(/<!-- bench:(\w+) -->/g, (_, part) => parts[part]?.(results) ?? '')
}

const parts = {
  rows: results => (results.rows ? `${origin(results)}\n\n${rowsTable(results)}` : notMeasured('npm run bench')),
  market: results => (results.market ? marketTables(results) : notMeasured('npm run bench')),
  events: results => (results.events ? eventsTable(results) : notMeasured('npm run bench')),
  growth: ({ growth }) =>
    growth ? `${origin(growth)}\n\n${growth.curves.map(curveTable).join('\n\n')}` : notMeasured('npm run bench -- --growth'),
  sweep: ({ sweep }) => (sweep ? `${origin(sweep)}\n\n${sweepTable(sweep)}` : notMeasured('npm run bench -- --sweep')),
  pool: ({ pool }) => (pool ? `${origin(pool)}\n\n${poolTable(pool)}` : notMeasured('npm run bench -- --pool')),
  live: ({ live }) => (live ? `${origin(live)}\n\n${liveTable(live)}` : notMeasured('npm run bench -- --live')),
}

function notMeasured(command) {
  return `*Nothing has been measured in this copy yet: \`${command}\` does, and this page then shows its figures.*`
}

/** By which command, of what, when and where the figures were made. */
function origin({ command, commit, date, cpu, node }) {
  return `Measured by \`${command}\` · commit \`${commit}\` · ${date.slice(0, 10)} · ${cpu}, Node ${node}.`
}

function rowsTable({ rows, million }) {
  const lines = rows.map(({ model, size, ms, limitMs, ratio, reach, reached, limitCredible }) => [
    model,
    size,
    figure(ms),
    figure(limitMs),
    ratio.toFixed(2),
    `≤ ${reach}`,
    verdict(reached, limitCredible),
  ])
  const { ms, limitMs, ratio, maxMemoryMb } = million
  const large = ['wealth', `1,000,000 agents, at most ${figure(maxMemoryMb)} MB`, figure(ms), figure(limitMs), ratio.toFixed(2)]
  const head = ['model', 'size', 'ms', 'hand-written loop, ms', 'ratio', 'goal', '']
  return table(head, [...lines, [...large, '≤ 1.5', verdict(ratio <= 1.5, true)]])
}

function verdict(reached, limitCredible) {
  return [reached ? '' : 'missed', limitCredible ? '' : 'limit not credible'].filter(Boolean).join(', ')
}

function marketTables({ market, bus, candlesPerSecond }) {
  const rooms = Object.entries(market.rooms).map(([room, share]) => [room, `${(share * 100).toFixed(1)} %`])
  const speeds = bus.map(b => [b.subscribers, figure(b.publishedPerSecond), figure(b.deliveredPerSecond)])
  return [
    `The model of \`trifecta\` alone, without records: **${figure(market.stepsPerSecond)} steps a second**, of which`,
    table(['room', 'share of a step'], rooms),
    `Indicators (RSI, MACD, Bollinger, ATR): ${figure(candlesPerSecond)} candles a second. The bus in memory, messages a second:`,
    table(['subscribers', 'published', 'delivered'], speeds),
  ].join('\n\n')
}

function eventsTable({ events }) {
  const lines = events.map(({ waiting, perSecond, ratio }) => [figure(waiting), figure(perSecond), ratio.toFixed(1)])
  return table(['events that wait', 'fired and planned anew, a second', 'times the queue of objects'], lines)
}

function curveTable({ model, against, points, exponent, limitExponent }) {
  const loop = limitExponent === undefined ? '' : `, the hand-written loop’s ${limitExponent.toFixed(3)}`
  const lines = points.map(p => [figure(p.of), figure(p.ms), figure(p.limitMs)])
  const title = `**${model}**: time grows with ${against} to the power ${exponent.toFixed(3)}${loop}.`
  return `${title}\n\n${table([against, 'ms', 'hand-written loop, ms'], lines)}`
}

function poolTable({ speed }) {
  const { tasks, tasksPerSecond, dispatchMs, dispatchesPerSecond } = speed
  return table(
    ['', 'measured', 'goal'],
    [
      [`tiny tasks a second, ${figure(tasks)} of them`, figure(tasksPerSecond), '≥ 500'],
      [`a dispatch at ${dispatchesPerSecond} a second, p99, ms`, figure(dispatchMs.p99), '< 25'],
    ],
  )
}

function sweepTable({ speed: { runsPerSecond, twoAgainstOne, earlyMb, mostMb } }) {
  return table(
    ['', 'measured', 'goal'],
    [
      ['runs a second, two threads', figure(runsPerSecond), '≥ 2,000'],
      ['times one thread', twoAgainstOne.toFixed(2), '≥ 1.8'],
      ['memory in the first fifth of the runs, and at most after it', `${figure(earlyMb)} and ${figure(mostMb)} MB`, 'the same'],
    ],
  )
}

function liveTable({ transport, latency }) {
  const lines = [
    ['a trade’s stamp at the exchange → its paper fill on disk', ...waits(latency.fillMs), '< 25'],
    ['commit of a tick', ...waits(latency.commitMs), '< 10'],
    ['a tick', ...waits(latency.tickMs), ''],
  ]
  if (typeof transport === 'string') return `${waitsTable(lines)}\n\nThe transport was not measured: ${transport}.`
  const { barePerSecond, ratioOneTopic, ratioManyTopics, hopMs } = transport
  const speed = `The transport carries ${ratioOneTopic.toFixed(2)} times (one topic) and ${ratioManyTopics.toFixed(2)} times (121 topics) the messages of bare pipelined ioredis, ${figure(barePerSecond)} a second; the goal is 0.7.`
  return `${waitsTable([...lines, ['one hop through Redis', ...waits(hopMs), '< 5']])}\n\n${speed}`
}

function waitsTable(lines) {
  return table(['ms', 'number', 'p50', 'p99', 'longest', 'goal of p99'], lines)
}

function waits({ n, p50, p99, max }) {
  return [n, p50, p99, max].map(figure)
}

/** Columns of figures stand to the right. */
function table(head, lines) {
  const line = cells => `| ${cells.join(' | ')} |`
  const kinds = head.map((_, i) => (lines.every(cells => /^[\d.,–]+$/.test(String(cells[i]))) ? '---:' : '---'))
  return [line(head), line(kinds), ...lines.map(line)].join('\n')
}

/** Three significant digits, whole where large. */
function figure(x) {
  if (typeof x !== 'number') return '–'
  if (x === 0 || Math.abs(x) >= 1000) return Math.round(x).toLocaleString('en')
  return String(Number(x.toPrecision(3)))
}
