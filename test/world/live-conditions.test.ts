/** What a status says in words: each condition once, and in one sentence why nothing is traded. */

import { describe, expect, it } from 'vitest'
import { conditionsOf, described } from '../../src/world/live/operations/conditions.js'
import type { LiveFacts } from '../../src/world/live/operations/status.js'
import { facts, minutes, now, portfolio } from './live-facts.js'

const said = (given: Partial<LiveFacts>, code: string) => conditionsOf(facts(given)).find(condition => condition.code === code)
const why = (given: Partial<LiveFacts> = {}) => described(facts(given)).why
const search = facts().search
const lock = (portfolio: string, kind: string) => ({
  id: `${portfolio}:${kind}:all:1`,
  portfolio,
  pair: null,
  kind,
  on: true,
  time: now - minutes(5),
  until: null,
  reason: 'lunch',
  ends: 'the operator resumes trading',
})

describe('a condition', () => {
  it('says since when the link is down, which pairs are stale, and which sources fail and how', () => {
    expect(said({ linkDownSince: now - minutes(3) }, 'link')).toMatchObject({
      isTrouble: true,
      since: now - minutes(3),
      short: 'link down for 3 min',
    })
    const stalePairs = [
      { pair: 'SOLUSD', state: 'stale', since: now - minutes(2) },
      { pair: 'ADAUSD', state: 'offline', since: null },
    ]
    expect(said({ stalePairs, lastDataAt: { ADAUSD: now - minutes(7) } }, 'stale')).toMatchObject({
      since: now - minutes(7),
      short: '2 pairs stale (SOLUSD for 2 min, ADAUSD for 7 min)',
      text: 'No entries in SOLUSD (stale for 2 min), ADAUSD (offline for 7 min).',
    })
    const failedSources = [{ source: 'sec', since: now - minutes(61), reason: 'http 503' }]
    expect(said({ failedSources }, 'sources')?.text).toBe('Sources that fail: sec for 1 h 1 min (http 503).')
  })

  it('counts over all portfolios why signals led to nothing, with a sentence for each reason', () => {
    const portfolios = {
      baseline: portfolio({ signals: 40, ignored: { standing: 25, stalePair: 5 } }),
      mycelial: portfolio({ signals: 3, ignored: { stalePair: 1 } }),
    }
    const untraded = said({ portfolios }, 'notTraded')
    expect(untraded?.short).toBe('31 of 43 signals not traded (standing 25, stalePair 6)')
    expect(untraded?.text).toContain('6 stalePair: The feed of the pair is silent, so its price may be old.')
    expect(untraded?.isTrouble).toBe(false)
  })

  it('says how many patterns are in force, and where there are none how far the search has come', () => {
    const short = (given: Partial<typeof search>) => said({ search: { ...search, ...given } }, 'patterns')?.short
    expect(short({})).toBe('no pattern in force: bar 412 of the 2,883 that a search takes at least')
    const long = { bars: 9_000, tested: 5_544 }
    expect(short(long)).toBe('no pattern in force: 5,544 hypotheses screened, none stood out')
    expect(short({ ...long, candidates: 9, rejected: 4 })).toBe('no pattern in force: 9 candidates, none confirmed, 4 rejected')
    expect(short({ ...long, candidates: 9, confirmed: 2 })).toBe('no pattern in force: 9 candidates, 2 confirmed, none approved')
    expect(short({ ...long, candidates: 9, approved: 3 })).toBe('no pattern in force: all 3 approved were retired')
    expect(short({ ...long, inForce: 3, traded: 2 })).toBe('3 patterns in force, 2 of them traded')
  })

  it('shows the clock’s offset where it was compared, and calls more than a second trouble', () => {
    expect(said({}, 'clock')).toBeUndefined()
    expect(said({ clockOffsetMs: 120 }, 'clock')).toMatchObject({ isTrouble: false, short: 'clock 120 ms ahead' })
    expect(said({ clockOffsetMs: -2_000 }, 'clock')).toMatchObject({ isTrouble: true, short: 'clock 2 s behind' })
  })

  it('shows the last trade: pair, P&L and when', () => {
    const lastTrade = {
      tradeId: 't1',
      portfolio: 'baseline',
      pair: 'SOLUSD',
      time: now - minutes(12),
      pnlUsd: -3.2,
      reason: 'stop',
    }
    expect(said({ lastTrade }, 'lastTrade')?.short).toBe('last trade baseline SOLUSD -3.20 USD 12 min ago')
    expect(said({}, 'lastTrade')?.short).toBe('no trade yet')
  })

  it('that is trouble stands before those that are none', () => {
    const codes = conditionsOf(facts({ linkDownSince: now, clockOffsetMs: 5_000 })).map(({ code }) => code)
    expect(codes).toEqual(['link', 'clock', 'patterns', 'notTraded', 'lastTrade'])
  })
})

describe('why nothing is traded', () => {
  it('is what stops everything, where something does', () => {
    expect(why({ state: 'waiting' })).toMatch(/the exchange has not answered/)
    expect(why({ state: 'warming' })).toMatch(/bars of the past are stepped through first/)
    expect(why({ linkDownSince: now - minutes(3) })).toBe(
      'Nothing is entered: the link to the other processes is down for 3 min.',
    )
    expect(why({ halts: [lock('all', 'operator')] })).toBe(
      'Nothing is entered: halted (operator): lunch. Ends: the operator resumes trading.',
    )
    const stalePairs = ['SOLUSD', 'ADAUSD'].map(pair => ({ pair, state: 'stale', since: now - minutes(2) }))
    const lastDataAt = { SOLUSD: now - minutes(2), ADAUSD: now - minutes(3) }
    expect(why({ stalePairs, lastDataAt })).toBe('Nothing is entered: no pair has fresh data for 2 min.')
    expect(why({ clockOffsetMs: 61_000 })).toMatch(/the clock is 1 min 1 s off/)
    const quarantined = [{ agent: 'RiskManagement-0', step: 3, reason: 'threw' }]
    expect(why({ quarantined })).toBe('Nothing is entered: RiskManagement-0 is quarantined (threw).')
    expect(why({ portfolios: {} })).toBe('Nothing is traded here: Trading runs in another process.')
  })

  it('is otherwise an answer for each portfolio', () => {
    const baseline = portfolio({ signals: 40, ignored: { standing: 25, lowConfidence: 5 } })
    const answer = why({ portfolios: { baseline, mycelial: portfolio(), synthesized: portfolio() } })
    expect(answer).toContain('baseline: 40 signals, 10 acted on; of the others 25 standing: the baseline’s entry rule')
    expect(answer).toContain('mycelial: no idea: no pattern in force (bar 412 of the 2,883 that a search takes at least).')
    expect(answer).toContain('synthesized: no idea of the swarm has met one of the baseline that agrees.')
  })

  it('names the halt of one portfolio, and of all of them', () => {
    const halted = portfolio({ halted: true })
    const halts = [lock('mycelial', 'drawdown')]
    expect(why({ portfolios: { baseline: portfolio(), mycelial: halted }, halts })).toContain('mycelial: halted (drawdown)')
    expect(why({ portfolios: { mycelial: halted }, halts })).toBe('Nothing is entered: every portfolio is halted (drawdown).')
  })
})
