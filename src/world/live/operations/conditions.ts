/** Puts a status into words: each condition once, for line, panel, `status`, metrics and log alike. */

import { grouped } from '../../../core/index.js'
import { dataEndedSentence, figureText } from '../../../trading/index.js'
import type { LiveCondition, LiveConditionCode } from './condition.js'
import type { LiveFacts, LiveStatus } from './status.js'
import { patternsCondition, untradedReasons } from './untraded.js'
import { whyNotTraded } from './why-idle.js'

/** A clock that is further off is trouble, ms. */
const clockToleranceMs = 1_000
/** Names that a line lists before it counts the others. */
const namesInLine = 3

/** The status with its words. */
export function described(facts: LiveFacts): LiveStatus {
  return { ...facts, conditions: conditionsOf(facts), why: whyNotTraded(facts) }
}

/** What holds now; what is trouble stands first. */
export function conditionsOf(facts: LiveFacts): LiveCondition[] {
  const all = [state, link, stale, dataEnded, sources, halts, clock, memory, patternsCondition, notTraded, lastTrade].flatMap(
    of => of(facts) ?? [],
  )
  return [...all.filter(({ isTrouble }) => isTrouble), ...all.filter(({ isTrouble }) => !isTrouble)]
}

function state({ state: now }: LiveFacts): LiveCondition | undefined {
  if (now === 'live') return undefined
  const texts = {
    waiting: 'Waiting for the exchange: nothing is traded before it answers; live.log says what is tried.',
    warming: 'Warming up: bars of the past are stepped through, and nothing is traded on them.',
    stopped: 'Stopped: nothing is traded.',
    failed: 'Failed: nothing is traded; live.log says why.',
  }
  return trouble('state', null, now, texts[now])
}

function link({ linkDownSince, updatedAt }: LiveFacts): LiveCondition | undefined {
  if (linkDownSince === null) return undefined
  const lasting = lastingOf(linkDownSince, updatedAt)
  return trouble('link', linkDownSince, `link down${lasting}`, `Link down${lasting}: exits only.`)
}

function stale({ stalePairs, lastDataAt, updatedAt }: LiveFacts): LiveCondition | undefined {
  if (stalePairs.length === 0) return undefined
  const ages = stalePairs.map(({ pair, since }) => ({ pair, since: since ?? lastDataAt[pair] ?? null }))
  const named = ages.map(({ pair, since }) => `${pair}${lastingOf(since, updatedAt)}`)
  const listed = stalePairs.map(({ pair, state: how }, i) => `${pair} (${how}${lastingOf(ages[i]?.since ?? null, updatedAt)})`)
  const short = `${counted(stalePairs.length, 'pair')} stale (${shortList(named)})`
  return trouble('stale', earliest(ages.map(({ since }) => since)), short, `No entries in ${listed.join(', ')}.`)
}

function dataEnded({ dataEnded: ended, dataEndedLoss }: LiveFacts): LiveCondition | undefined {
  if (ended.length === 0) return undefined
  const short = `data ended: ${shortList(ended.map(({ pair }) => pair))}`
  return trouble('dataEnded', null, short, dataEndedSentence(ended, dataEndedLoss))
}

function sources({ failedSources, updatedAt }: LiveFacts): LiveCondition | undefined {
  if (failedSources.length === 0) return undefined
  const named = failedSources.map(({ source, since }) => `${source}${lastingOf(since, updatedAt)}`)
  const listed = failedSources.map(({ source, since, reason }) => `${source}${lastingOf(since, updatedAt)} (${reason})`)
  const since = earliest(failedSources.map(failed => failed.since))
  return trouble('sources', since, `sources failing: ${shortList(named)}`, `Sources that fail: ${listed.join(', ')}.`)
}

function halts({ halts: all }: LiveFacts): LiveCondition | undefined {
  if (all.length === 0) return undefined
  const named = all.map(({ portfolio, pair, kind }) => `${portfolio} (${kind}${pair === null ? '' : ` in ${pair}`})`)
  const listed = all.map(
    ({ id, portfolio, pair, reason, ends }) =>
      `HALTED ${portfolio}${pair === null ? '' : ` in ${pair}`}: ${reason}. Ends: ${ends}. Lock ${id}.`,
  )
  return trouble('halts', earliest(all.map(({ time }) => time)), `HALTED: ${shortList(named)}`, listed.join('\n'))
}

/** Nothing is lost: what waits is in the ledger. */
function memory({ memory: now }: LiveFacts): LiveCondition | undefined {
  if (now === null || now.trouble === null) return undefined
  const some = now.waiting === 0 ? '' : ` ${counted(now.waiting, 'finished trade')} wait for it.`
  const waiting = `${some}${now.behind ? ' It may lack others, which come from the ledger.' : ''}`
  const text = `Memory at ${now.url} fails: ${now.trouble} Ideas go out without it.${waiting}`
  return trouble('memory', null, 'memory away', text)
}

function clock({ clockOffsetMs }: LiveFacts): LiveCondition | undefined {
  if (clockOffsetMs === null) return undefined
  const off = `${figureText(Math.abs(Math.round(clockOffsetMs)), 'time')} ${clockOffsetMs < 0 ? 'behind' : 'ahead'}`
  const isTrouble = Math.abs(clockOffsetMs) > clockToleranceMs
  return { code: 'clock', isTrouble, since: null, short: `clock ${off}`, text: `The clock is ${off} of the exchange's.` }
}

function notTraded(facts: LiveFacts): LiveCondition | undefined {
  const { total, signals, reasons } = untradedReasons(facts.portfolios)
  if (signals === 0) return undefined
  const top = shortList(reasons.map(({ code, count }) => `${code} ${grouped(count)}`))
  const head = `${grouped(total)} of ${counted(signals, 'signal')} not traded`
  return {
    code: 'notTraded',
    isTrouble: false,
    since: null,
    short: total === 0 ? head : `${head} (${top})`,
    text: `Not traded: ${grouped(total)} of ${counted(signals, 'signal')}. ${reasons
      .map(({ code, count, says }) => `${grouped(count)} ${code}: ${says}`)
      .join(' ')}`.trim(),
  }
}

function lastTrade({ lastTrade: trade, portfolios, updatedAt }: LiveFacts): LiveCondition | undefined {
  if (Object.keys(portfolios).length === 0) return undefined
  const code = 'lastTrade'
  if (trade === null)
    return { code, isTrouble: false, since: null, short: 'no trade yet', text: 'No trade has been finished yet.' }
  const { portfolio, pair, time, pnlUsd, reason, tradeId } = trade
  const ago = `${figureText(Math.max(0, updatedAt - time), 'time')} ago`
  const pnl = `${pnlUsd > 0 ? '+' : ''}${grouped(pnlUsd, 2)} USD`
  return {
    code,
    isTrouble: false,
    since: time,
    short: `last trade ${portfolio} ${pair} ${pnl} ${ago}`,
    text: `Last trade: ${pair} of the ${portfolio} portfolio, ${pnl} (${reason}), ${ago}: ${tradeId}.`,
  }
}

function trouble(code: LiveConditionCode, since: number | null, short: string, text: string): LiveCondition {
  return { code, isTrouble: true, since, short, text }
}

/** ` for 3 min`; nothing where the begin is not known. */
function lastingOf(since: number | null, now: number): string {
  return since === null || since <= 0 ? '' : ` for ${figureText(Math.max(0, now - since), 'time')}`
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter(time => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

function shortList(names: readonly string[]): string {
  const more = names.length > namesInLine ? ` and ${names.length - namesInLine} more` : ''
  return names.slice(0, namesInLine).join(', ') + more
}

function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`
}
