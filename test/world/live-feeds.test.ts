/** A live run has a list of feeds: each by name, journalled, shown, and none of them able to end the run. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { FeedMessages, swarmScenario, TechnicalAnalysis } from '../../src/agents/index.js'
import type { FeedInput, InputFeed, WallClock } from '../../src/feed/index.js'
import { synthetic } from '../../src/market/index.js'
import type { LiveStatus } from '../../src/world/index.js'
import { live, replay } from '../../src/world/index.js'
import { FeedList } from '../../src/world/live/engine/feed-list.js'
import { listFeeds } from '../../src/world/live/engine/feeds.js'
import { decodeEntry } from '../../src/world/live/engine/journal-entry.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { lively, scenario } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

/** A feed that says a number every so often. */
class Numbers implements InputFeed {
  private readonly queue: FeedInput[] = []
  private said = 0
  constructor(private readonly clock: WallClock) {}
  start(): void {
    const next = () => {
      this.queue.push({ kind: 'message', message: { n: ++this.said } })
      this.cancel = this.clock.setTimer(700, next)
    }
    next()
  }
  take(max: number): FeedInput[] {
    return this.queue.splice(0, max)
  }
  state() {
    return { state: 'live', lastDataAt: this.clock.now() } as const
  }
  counters() {
    return { said: this.said }
  }
  async stop(): Promise<void> {
    this.cancel()
  }
  private cancel: () => void = () => undefined
}

/** An analyst that follows what such a feed says. */
class Listener extends TechnicalAnalysis {
  heard = 0
  override wire(): void {
    super.wire()
    this.on(FeedMessages, ({ feed, message }) => {
      if (feed === 'numbers') this.heard += (message as { n: number }).n
    })
  }
}

const listening = swarmScenario({
  name: 'listening',
  title: 'Analysts that hear another feed',
  market: synthetic(),
  analysts: { Listener },
  defaults: lively,
  feeds: ['kraken', 'numbers'],
})

function journalled(ledger: string) {
  const db = new Database(ledger, { readonly: true })
  onTestFinished(() => void db.close())
  const rows = db.prepare('SELECT inputs FROM journal ORDER BY tick').all() as { inputs: Uint8Array }[]
  return rows.flatMap(({ inputs }) => decodeEntry(inputs).inputs)
}

function run(feeds: Record<string, (options: { clock: WallClock }) => InputFeed>, of: typeof listening = listening) {
  const place = mkdtempSync(join(tmpdir(), 'mycelia-feeds-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const out = join(place, 'run')
  const clock = acceleratedClock(10, origin + 100_000)
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  const statuses: LiveStatus[] = []
  const notes: string[] = []
  const request = {
    scenario: of,
    timeframe: '1s',
    out,
    environment: {},
    forMs: 25_000,
    overrides: { clock, moats: undefined, feed },
  }
  const ended = live({ ...request, feeds, onStatus: s => statuses.push(s), onNote: n => notes.push(n) })
  return { out, ended, statuses, notes }
}

it('O6: a third feed’s messages reach agents, stand in the journal, are shown by name, and a replay hears them again', async () => {
  const { out, ended, statuses } = run({ numbers: ({ clock }) => new Numbers(clock) })
  const result = await ended
  const feeds = statuses.at(-1)?.feeds ?? []
  expect(feeds.map(({ name }) => name)).toEqual(['kraken', 'numbers'])
  const [, numbers] = feeds
  expect(numbers?.taken).toBeGreaterThan(3)
  expect(numbers).toMatchObject({ state: 'live', refused: 0, failure: null })
  const inputs = journalled(join(out, 'trades.db')).filter(({ kind }) => kind === 'feed')
  expect(inputs.length).toBeGreaterThan(0)
  expect(inputs.at(-1)).toMatchObject({ kind: 'feed', feed: 'numbers', message: { n: numbers?.taken } })
  const again = await replay(out, { scenario: listening })
  expect(again).toMatchObject({ agrees: true, difference: null, digest: result.digest })
})

it('O6: a feed that throws, or gives what no journal can hold, is left out or counted, and the run goes on', async () => {
  let asked = 0
  const hostile: InputFeed = {
    start: () => undefined,
    take: () => {
      if (++asked > 3) throw new Error('out of news')
      return [
        { kind: 'message', message: () => 1 },
        { kind: 'message', message: 'x'.repeat(70_000) },
        { kind: 'operator', command: { do: 'halt', reason: 'x' } } as unknown as FeedInput,
        null as unknown as FeedInput,
        { kind: 'message', message: 1 },
      ]
    },
    state: () => {
      throw new Error('no state')
    },
    counters: () => ({}),
    stop: () => Promise.reject(new Error('no end')),
  }
  const { ended, statuses, notes } = run({ numbers: () => hostile })
  const result = await ended
  expect(result.ended?.by).toBe('time')
  expect(result.steps).toBeGreaterThan(60)
  const hostileStatus = statuses.at(-1)?.feeds[1]
  expect(hostileStatus).toMatchObject({ name: 'numbers', state: 'failed', taken: 3, refused: 12, failure: 'out of news' })
  expect(statuses.at(-1)?.halts).toEqual([])
  expect(notes.filter(note => note.includes('out of news'))).toHaveLength(1)
})

it('feeds are asked in the order of the list, after the market', () => {
  const giving = (n: number): InputFeed => ({
    start: () => undefined,
    take: () => [{ kind: 'message', message: n }],
    state: () => ({ state: 'live', lastDataAt: null }),
    counters: () => ({}),
    stop: async () => undefined,
  })
  const market = { name: 'kraken', feed: { status: () => [], counters: () => ({ bars: 1 }) } }
  const list = new FeedList(market, [
    { name: 'b', feed: giving(1) },
    { name: 'a', feed: giving(2) },
  ])
  expect(list.take(10)).toEqual([
    { kind: 'feed', feed: 'b', message: 1 },
    { kind: 'feed', feed: 'a', message: 2 },
  ])
  expect(list.reports().map(({ name }) => name)).toEqual(['kraken', 'b', 'a'])
})

it('the list is the scenario’s, then the caller’s; unknown names and a list without the market are refused', () => {
  const make = () => ({}) as InputFeed
  expect(listFeeds(scenario).names).toEqual(['kraken', 'moats'])
  expect(listFeeds(scenario, { news: make }).names).toEqual(['kraken', 'moats', 'news'])
  expect(listFeeds(listening, { numbers: make })).toMatchObject({ names: ['kraken', 'numbers'], hasMoats: false })
  expect(() => listFeeds(listening)).toThrow(
    /the feed "numbers": expected one of kraken, moats, got "numbers".*Give it in `feeds`/,
  )
  const of = (feeds: unknown) => () => listFeeds({ name: 'mine', worlds: { live: { feeds } } } as never, { news: make })
  expect(of(['moats'])).toThrow(/the feeds of scenario mine: expected kraken, the market, among them/)
  expect(of('kraken')).toThrow(/the feeds of scenario mine/)
  expect(of(['kraken', 'Evil name'])).toThrow(/a name of small letters/)
})
