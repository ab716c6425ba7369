/**
 * How often the discovery machinery finds what is not there, and what is; without the kernel.
 * `node dist/bench/discovery-monte-carlo.js [null|dense|sparse|speed] [runs] [first seed] [confirmations per 5,000 bars]`
 */

import { fileURLToPath } from 'node:url'
import { defaultPairs, moatStreams, moats } from '../src/market/index.js'
import { DiscoverySwarm, type HarnessOptions, isCause, type PlantedCause, wilson } from './discovery-harness.js'

/** A seeded cause: the seed picks stream, pair, lag and sign. */
export function causeOf(seed: number, n: number, strength: number): PlantedCause {
  const moat = moats[(seed + n) % 4] as (typeof moats)[number]
  const stream = moatStreams[moat][(seed * 3 + Math.floor(n / 4)) % 5] as string
  const pair = defaultPairs[(seed * 7 + n * 5) % defaultPairs.length] as string
  return { driver: `${moat}:${stream}`, pair, lag: (seed + n) % 3, sign: (seed + n) % 2 === 0 ? 1 : -1, strength }
}

const share = (k: number, n: number) => {
  const [low, high] = wilson(k, n)
  return `${k}/${n} (95 % ${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %)`
}

function nullRuns(runs: number, first: number, limit: number | undefined): void {
  for (const [noise, persistence] of [
    ['garch', 0],
    ['garch', 0.9],
    ['white', 0],
  ] as const) {
    const sum = { any: 0, approved: 0, tested: 0, candidates: 0, begun: 0, confirmed: 0, studied: 0, low: 0, shares: 0 }
    for (let seed = first; seed < first + runs; seed++) {
      const r = new DiscoverySwarm({ seed, steps: 5_000, noise, persistence, ...limited(limit) }).run(5_000)
      if (r.approved.length > 0) sum.any++
      sum.approved += r.approved.length
      for (const name of ['tested', 'candidates', 'begun', 'confirmed', 'studied'] as const) sum[name] += r[name]
      sum.shares += r.ps.length
      sum.low += r.ps.filter(p => p <= 0.05).length
    }
    const per = (n: number) => (n / runs).toFixed(2)
    console.log(
      `null ${noise} persistence ${persistence}: runs with an approval ${share(sum.any, runs)}; per run: candidates ${per(sum.candidates)}` +
        ` begun ${per(sum.begun)} confirmed ${per(sum.confirmed)} studied ${per(sum.studied)} approved ${per(sum.approved)};` +
        ` shares with p ≤ .05 ${share(sum.low, sum.shares)}`,
    )
  }
}

function plantedRuns(runs: number, first: number, sparse: boolean, count: number, extra: Partial<HarnessOptions>): void {
  let by5 = 0
  let by10 = 0
  let others = 0
  let retired = 0
  let contagion = 0
  for (let seed = first; seed < first + runs; seed++) {
    const causes = Array.from({ length: count }, (_, n) => causeOf(seed, n, sparse ? 1 : 0.02))
    const swarm = new DiscoverySwarm({ seed, steps: 10_000, causes, sparse, ...extra })
    const { approved, ...r } = swarm.run(10_000)
    const hits = causes.map(c => approved.filter(f => isCause(swarm.space, f, c)).map(f => f.step)[0] ?? Infinity)
    by5 += hits.filter(step => step <= 5_000).length
    by10 += hits.filter(step => step <= 10_000).length
    others += approved.filter(f => !causes.some(c => f.name.startsWith(`${c.driver}|`) && f.name.includes(c.pair))).length
    retired += r.retired
    contagion = Math.max(contagion, r.maxContagion)
  }
  const total = runs * count
  console.log(
    `planted ${sparse ? 'sparse' : 'dense'} × ${count} ${JSON.stringify(extra)}: by 5,000 ${share(by5, total)}; by 10,000 ${share(by10, total)};` +
      ` approvals of other driver or pair ${others}; retired ${retired}; largest leading share ${contagion.toFixed(2)}`,
  )
}

/** Microseconds a step of the tape, the books and the rest: medians over 120-bar stretches, so that a busy machine counts little. */
function speed(): void {
  const swarm = new DiscoverySwarm({ seed: 1, steps: 20_000 })
  swarm.run(4_000)
  const stretches: number[][] = [[], [], []]
  const parts = [() => swarm.sense(), () => swarm.observe(), () => swarm.decide()]
  for (let stretch = 0; stretch < 100; stretch++) {
    const spent = [0, 0, 0]
    for (let i = 0; i < 120; i++) for (const [k, part] of parts.entries()) timed(part, k, spent)
    spent.forEach((ms, k) => {
      stretches[k]?.push((1000 * ms) / 120)
    })
  }
  const [sense, observe, decide] = stretches.map(all => all.sort((x, y) => x - y)[50]?.toFixed(1))
  const held = (lanes: 'screens' | 'duties' | 'policies' | 'patterns') =>
    swarm.books.reduce((sum, book) => sum + book[lanes].reduce((n, lane) => n + lane.count, 0), 0)
  console.log(
    `µs a step: made market + tape ${sense}, 60 books ${observe}, decisions + deal + contagion ${decide};` +
      ` held: screens ${held('screens')}, duties ${held('duties')}, policies ${held('policies')}, patterns ${held('patterns')}`,
  )
}

function timed(part: () => void, k: number, spent: number[]): void {
  const before = performance.now() // nondeterminism-ok: a measurement
  part()
  spent[k] = (spent[k] ?? 0) + performance.now() - before // nondeterminism-ok: a measurement
}

function limited(limit: number | undefined): Partial<HarnessOptions> {
  return limit === undefined ? {} : { confirmationLimit: limit }
}

function main([what = 'all', runs = '40', first = '1', limit]: string[]): void {
  const cap = limit === undefined ? undefined : Number(limit)
  const n = Number(runs)
  if (what === 'null' || what === 'all') nullRuns(n, Number(first), cap)
  if (what === 'dense' || what === 'all') plantedRuns(n, Number(first), false, 1, limited(cap))
  if (what === 'sparse' || what === 'all') plantedRuns(n, Number(first), true, 12, limited(cap))
  if (what === 'speed' || what === 'all') speed()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2))
