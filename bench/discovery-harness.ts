/** The swarm's discovery without agents: plain loops over a made market, so that rates of false and true finds can be counted. */

import {
  type BookOutcome,
  beginConfirmations,
  type Candidate,
  type ConfirmationVerdict,
  cancelScreen,
  closeOverdue,
  confirmations,
  confirmerOf,
  contagionShare,
  dealOf,
  dealtTo,
  defaultSignals,
  expectShares,
  FinanceSignals,
  followKey,
  forsakeKey,
  judgeShares,
  KeySpace,
  KeyStage,
  keyBook,
  leadingPolicy,
  markConfirmed,
  mayScreen,
  mutateKey,
  observeBook,
  observeStudies,
  offerCandidate,
  openStudy,
  policyCensus,
  policyNumber,
  protocol,
  retireKey,
  type ShareReport,
  type Studies,
  screenKey,
  serveDuty,
  setStage,
  shareDesk,
  stageTable,
  standardise,
  standardiser,
  studies,
  Tape,
  takeReport,
  takeShare,
  watchApproved,
} from '../src/agents/discovery/index.js'
import { type Rng, rootOf, Stream } from '../src/core/index.js'
import { defaultPairs } from '../src/market/index.js'

/** A planted cause: the driver's value moves the pair's return `lag + 1` bars later. */
export interface PlantedCause {
  readonly driver: string
  readonly pair: string
  readonly lag: number
  readonly sign: 1 | -1
  /** Share of variance (dense), or effect of an event in sds of the pair's bars (sparse). */
  readonly strength: number
}

export interface HarnessOptions {
  readonly seed: number
  readonly steps: number
  readonly causes?: readonly PlantedCause[]
  /** Planted streams are events at 2 % of bars, ±1, in place of white noise. */
  readonly sparse?: boolean
  /** Pair noise: GARCH with fat tails, or white normal. */
  readonly noise?: 'garch' | 'white'
  /** First-order autocorrelation of the unplanted moat streams; 0 is white. */
  readonly persistence?: number
  readonly learners?: number
  /** Most confirmations begun per 5,000 bars. */
  readonly confirmationLimit?: number
  /** Chance that a learner follows an announced candidate. */
  readonly imitationRate?: number
  /** Receives what happens, for tests. */
  readonly log?: (event: string, key: number, step: number) => void
}

export interface Finding {
  readonly key: number
  readonly name: string
  readonly sign: 1 | -1
  readonly step: number
}

export interface HarnessResult {
  readonly approved: Finding[]
  readonly tested: number
  readonly candidates: number
  readonly begun: number
  readonly confirmed: number
  readonly studied: number
  readonly retired: number
  readonly maxContagion: number
  /** p of every finished share. */
  readonly ps: number[]
}

/** A made market: one common factor, 18 pairs, 20 moat streams. Values of the bar after `next()`. */
export function madeMarket(options: HarnessOptions, space: KeySpace) {
  const root = rootOf(options.seed)
  const rng = new Stream(root, 'market')
  const pairs = space.pairs.length
  const streams = space.drivers.filter(d => !d.startsWith('finance:'))
  const causes = options.causes ?? []
  const planted = new Set(causes.map(c => c.driver))
  const close = new Float64Array(pairs).fill(100)
  const volume = new Float64Array(pairs)
  const stream = new Float64Array(streams.length)
  const past: Float64Array[] = []
  const garch = options.noise !== 'white'
  const phi = options.persistence ?? 0
  let variance = 1
  let market = 0
  const effect = (c: PlantedCause) => {
    const driver = past[past.length - 1 - c.lag]?.[streams.indexOf(c.driver)] ?? 0
    return c.sign * driver * (options.sparse ? c.strength : Math.sqrt(c.strength / (1 - c.strength)))
  }
  return {
    close,
    volume,
    stream,
    streams,
    next(): void {
      variance = garch ? 0.03 + 0.12 * market * market + 0.85 * variance : 1
      const sigma = Math.sqrt(variance)
      const factor = garch ? studentT(rng) : rng.normal()
      market = sigma * factor
      for (let p = 0; p < pairs; p++) {
        const own = garch ? studentT(rng) : rng.normal()
        let r = Math.SQRT1_2 * (market + sigma * own)
        for (const c of causes) if (c.pair === space.pairs[p]) r += effect(c)
        close[p] = (close[p] as number) * Math.max(0.2, 1 + 0.01 * r)
        volume[p] = Math.exp(0.5 * Math.log(variance) + 0.2 * Math.abs(r) + rng.normal(0, 0.5))
      }
      past.push(stream.slice())
      if (past.length > 8) past.shift()
      for (let i = 0; i < streams.length; i++) stream[i] = nextStream(i)
      past[past.length - 1] = stream.slice()
    },
  }

  function nextStream(i: number): number {
    if (!planted.has(streams[i] as string)) return phi * (stream[i] as number) + rng.normal()
    if (!options.sparse) return rng.normal()
    return rng.chance(0.02) ? (rng.chance(0.5) ? 1 : -1) : 0
  }
}

/** Student t with 5 degrees of freedom, unit variance. */
function studentT(rng: Rng): number {
  let chi = 0
  for (let i = 0; i < 5; i++) chi += rng.normal() ** 2
  return (rng.normal() / Math.sqrt(chi / 5)) * Math.sqrt(3 / 5)
}

export function defaultSpace(): KeySpace {
  return new KeySpace({ signals: defaultSignals(), pairs: defaultPairs })
}

/** The whole discovery of a swarm. `step()` is one bar; its parts are timed apart by the script. */
export class DiscoverySwarm {
  readonly space: KeySpace
  readonly tape: Tape
  readonly learners: number
  readonly books
  readonly result: HarnessResult
  readonly market
  step = 0
  private readonly finance
  private readonly moats
  private readonly deal
  private readonly stages
  private readonly instigators = [0, 1, 2].map(() => confirmations())
  private readonly researchers = [0, 1, 2].map(i => studies(i))
  private readonly desk = shareDesk()
  private readonly rngs: Rng[]
  private readonly choice: Rng
  private readonly ids: number[]
  private readonly dealt = new Int32Array(64)
  private readonly leads: Int32Array
  private readonly census
  private readonly contagion = { leading: 0, share: 0, policy: -1 }
  private readonly lead = { key: -1, sign: 0, t: 0 }
  private outcomes: BookOutcome[] = []

  constructor(readonly options: HarnessOptions) {
    this.space = defaultSpace()
    this.learners = options.learners ?? 60
    this.tape = new Tape(this.space)
    this.finance = new FinanceSignals(this.space)
    this.market = madeMarket(options, this.space)
    this.moats = this.space.signals.map(() => standardiser())
    const root = rootOf(options.seed)
    this.deal = dealOf(this.space, new Stream(root, 'deal'))
    this.stages = stageTable(this.space)
    this.rngs = [0, 1, 2].map(i => new Stream(root, 'research', i))
    this.choice = new Stream(root, 'imitation')
    this.ids = Array.from({ length: this.learners }, (_, i) => i)
    this.books = this.ids.map(i => keyBook(this.space, i, this.learners))
    this.leads = new Int32Array(this.learners)
    this.census = policyCensus(this.space)
    const counts = { tested: 0, candidates: 0, begun: 0, confirmed: 0, studied: 0, retired: 0, maxContagion: 0 }
    this.result = { approved: [], ps: [], ...counts }
  }

  run(steps: number): HarnessResult {
    for (let i = 0; i < steps; i++) {
      this.sense()
      this.observe()
      this.decide()
    }
    return this.result
  }

  /** The bar reaches the tape. */
  sense(): void {
    this.step++
    const { market, space, tape } = this
    const before = market.stream.slice()
    market.next()
    for (let p = 0; p < space.pairs.length; p++) {
      const close = market.close[p] as number
      tape.putClose(p, close)
      this.finance.see(tape, p, close, market.volume[p] as number)
    }
    space.signals.forEach((signal, i) => {
      if (signal.moat === 'finance') return
      const s = market.streams.indexOf(signal.driver)
      const value = market.stream[s] as number
      const raw = signal.transform === 'level' ? value : value - (before[s] as number)
      tape.putZ(space.firstColumn[i] as number, standardise(this.moats[i] as ReturnType<typeof standardiser>, raw))
    })
    tape.advance(this.step)
  }

  /** Every book sees the bar. */
  observe(): void {
    this.outcomes.length = 0
    for (const book of this.books) observeBook(book, this.tape, this.outcomes)
  }

  /** Announcements, confirmations, approvals, the deal and the contagion count. */
  decide(): void {
    for (const outcome of this.outcomes) this.take(outcome)
    for (const instigator of this.instigators) this.instigate(instigator)
    this.research()
    this.dealKeys()
    for (let i = 0; i < this.learners; i++) {
      const lead = leadingPolicy(this.books[i] as (typeof this.books)[number], this.lead)
      this.leads[i] = policyNumber(this.space, lead)
    }
    contagionShare(this.census, this.leads, this.learners, this.contagion)
    if (this.contagion.leading >= 30)
      (this.result as Writable).maxContagion = Math.max(this.result.maxContagion, this.contagion.share)
  }

  private take(outcome: BookOutcome): void {
    const { space } = this
    const result = this.result as Writable
    if (outcome.kind === 'candidate') {
      result.candidates++
      this.options.log?.('candidate', outcome.key, outcome.step)
      this.imitate(outcome)
      const owner = this.instigators[outcome.key % 3] as (typeof this.instigators)[number]
      if (mayScreen(this.stages, outcome.key)) offerCandidate(owner, outcome)
    } else if (outcome.kind === 'fold') {
      const owner = this.instigators[outcome.key % 3] as (typeof this.instigators)[number]
      const verdict = takeReport(owner, space, outcome)
      if (verdict !== undefined) this.confirmed(verdict)
    } else {
      for (const book of this.books) retireKey(book, space, outcome.key)
      setStage(this.stages, outcome.key, KeyStage.free)
      result.retired++
      this.options.log?.('retired', outcome.key, this.step)
    }
  }

  /** Followers hold the key; some also screen a neighbour of it. */
  private imitate(candidate: Candidate): void {
    const rate = this.options.imitationRate ?? 0.05
    for (const book of this.books) {
      if (!this.choice.chance(rate)) continue
      followKey(book, this.space, candidate)
      const near = mutateKey(this.space, candidate.key, this.choice, this.pairNumbers)
      if (mayScreen(this.stages, near)) screenKey(book, this.space, near, this.step)
    }
  }

  private readonly pairNumbers = Array.from({ length: 18 }, (_, i) => i)

  private instigate(state: (typeof this.instigators)[number]): void {
    for (const verdict of closeOverdue(state, this.space, this.step)) this.confirmed(verdict)
    const limit = this.options.confirmationLimit ?? protocol.confirmations
    for (const { key, sign, stage } of beginConfirmations(state, this.step, 1 / 3, limit)) {
      setStage(this.stages, key, KeyStage.confirming)
      ;(this.result as Writable).begun++
      this.options.log?.('confirming', key, this.step)
      for (const book of this.books) cancelScreen(book, this.space, key)
      for (let fold = 0; fold < 3; fold++) {
        const id = confirmerOf(key, fold, this.ids)
        if (id !== undefined) serveDuty(this.books[id] as (typeof this.books)[number], this.space, key, sign, stage)
      }
    }
  }

  private confirmed({ key, sign, confirmed }: ConfirmationVerdict): void {
    this.options.log?.(confirmed ? 'confirmed' : 'rejected', key, this.step)
    if (!confirmed) return this.release(key)
    ;(this.result as Writable).confirmed++
    setStage(this.stages, key, KeyStage.studied)
    for (const book of this.books) markConfirmed(book, this.space, key)
    for (const researcher of this.researchers) openStudy(researcher, this.space, key, sign, this.step)
    expectShares(this.desk, key, this.step)
  }

  private research(): void {
    const reports: ShareReport[] = []
    for (let i = 0; i < 3; i++) {
      observeStudies(this.researchers[i] as Studies, this.space, this.tape, this.rngs[i] as Rng, reports)
    }
    for (const report of reports) {
      this.result.ps.push(report.p)
      takeShare(this.desk, report)
    }
    for (const verdict of judgeShares(this.desk, this.step)) {
      const { key, sign, step, approved } = verdict
      ;(this.result as Writable).studied++
      this.options.log?.(approved ? 'approved' : 'refused', key, step)
      if (!approved) {
        this.release(key)
        continue
      }
      setStage(this.stages, key, KeyStage.approved)
      this.result.approved.push({ key, name: this.space.nameOf(key), sign, step })
      for (let fold = 0; fold < 3; fold++) {
        const id = confirmerOf(key, fold, this.ids)
        if (id !== undefined) watchApproved(this.books[id] as (typeof this.books)[number], this.space, verdict)
      }
    }
  }

  private release(key: number): void {
    setStage(this.stages, key, KeyStage.free)
    for (const book of this.books) forsakeKey(book, this.space, key)
  }

  private dealKeys(): void {
    for (let i = 0; i < this.learners; i++) {
      const count = dealtTo(this.deal, this.step, i, this.learners, this.dealt)
      for (let k = 0; k < count; k++) {
        const key = this.dealt[k] as number
        if (mayScreen(this.stages, key)) screenKey(this.books[i] as (typeof this.books)[number], this.space, key, this.step)
      }
    }
  }
}

type Writable = { -readonly [K in keyof HarnessResult]: HarnessResult[K] }

/** True where a finding is the cause: driver, pair, sign and lag; any transform 'level' and horizon. */
export function isCause(space: KeySpace, finding: Finding, cause: PlantedCause): boolean {
  const { signal, lag, pair } = space.describe(finding.key)
  const same = signal.driver === cause.driver && pair === cause.pair && lag === cause.lag
  return same && signal.transform === 'level' && finding.sign === cause.sign
}

/** 95 % Wilson (1927) score interval of k of n. */
export function wilson(k: number, n: number): [number, number] {
  const z = 1.96
  const p = k / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}
