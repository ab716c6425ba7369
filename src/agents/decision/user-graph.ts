/**
 * The decision for one user and one token, as a graph: what is loaded and prepared, the user's rules, the votes of model and news, their
 * combination to a confidence, the risk, and what is to be done. Rules and risk veto; model and news vote.
 */

import { MINUTE_MS, type TimeMs } from '../../core/index.js'
import { riskModifier } from '../../trading/index.js'
import type { Facts } from './condition.js'
import { type Arrival, freshnessOf } from './freshness.js'
import { graph, nodesOf } from './graph.js'
import { type Ruling, ruleFor, type UserRule } from './rules.js'

/** What is known of a user. */
export interface UserData {
  readonly user: string
  readonly profile: 'scalper' | 'swing'
  readonly cash: number
  /** What an entry is worth before it is made smaller, in lamports. */
  readonly baseSize: number
  readonly holdsToken: boolean
  /** Whether there is a consent to trade this token now. */
  readonly consents: boolean
  /** When all this was fetched. */
  readonly snapshot: Arrival | null
}

/** What was fetched of a token, and when. */
export interface TokenData {
  readonly pair: string
  readonly fetchedAt: TimeMs
  readonly form: Arrival['form']
  readonly ageMs: number
  readonly phase: string
  readonly progress: number
  readonly buyers: number
  readonly reputation: number
  /** The creator's share of all tokens; null: not known. */
  readonly creatorShare: number | null
  /** Whether its creator launched others shortly before, and whether he had launched none for long; null: not known. */
  readonly multiLaunch: boolean | null
  readonly dormant: boolean | null
  /** Why it may not be entered, as a code: a stop, a pause, the breaker, the blacklist; null: it may. */
  readonly stopped: string | null
  /** Whether a reviewer let it pass. */
  readonly approved: boolean
  /** Probability of a collapse. */
  readonly risk: number
  /** Probability of a gain that the model gives. */
  readonly gain: number
  /** What the news say, −1 to 1, and when they were written; null: there are none. */
  readonly news: (Arrival & { readonly mood: number }) | null
  /** How often it was named in the last minute that is over; null: nobody counts. */
  readonly social: (Arrival & { readonly mentions: number }) | null
}

/** What a decision is made of; all of it is recorded, so that it can be made again. */
export interface DecisionInputs {
  readonly userData: UserData
  readonly tokenData: TokenData | null
  readonly time: TimeMs
  /** Weights of model and news. */
  readonly weights: readonly number[]
  /** From which score on which confidence. */
  readonly calibration: { readonly from: readonly number[]; readonly share: readonly number[] }
}

/** What is to be done. */
export interface TradeDecision {
  readonly action: 'buy' | 'none'
  /** In lamports, fee included. */
  readonly amount: number
  readonly confidence: number
  /** The first reason is that of the outcome; at most five. */
  readonly reasons: readonly string[]
}

interface DecisionState extends DecisionInputs {
  readonly loaded: string | null
  readonly facts: Facts
  readonly ruling: Ruling
  readonly modelVote: number
  readonly newsVote: number
  readonly newsSize: number
  readonly newsVeto: string | null
  readonly score: number
  readonly confidence: number
  readonly riskSize: number
  readonly decision: TradeDecision
}

/** What a decision may ask: the rules, and how sure it must be. */
export interface DecisionPorts {
  readonly rules: readonly UserRule[]
  readonly minConfidence: number
  /** How sure where a reviewer let the token pass. */
  readonly reviewConfidence: number
  confidence(calibration: DecisionInputs['calibration'], score: number): number
}

/** The fields that rules may name. */
export const ruleFields = [
  'profile',
  'cash',
  'age',
  'phase',
  'progress',
  'buyers',
  'reputation',
  'creator_share',
  'risk',
  'gain',
  'news',
  'social',
  'multi_launch',
  'dormant',
] as const

/** Lamports of a SOL, for the field `cash`. */
const SOL = 1e9

const node = nodesOf<DecisionState, DecisionPorts>()

const loadUserData = node({
  name: 'LoadUserData',
  reads: ['userData', 'tokenData', 'time'],
  writes: ['loaded'],
  run({ userData, tokenData, time }) {
    const market = tokenData === null ? null : { time: tokenData.fetchedAt, form: tokenData.form }
    const fresh = [freshnessOf('snapshot', market, time), freshnessOf('user', userData.snapshot, time)]
    const noted = fresh.flatMap(({ reason }) => (reason === null ? [] : [reason]))
    const loaded = fresh.find(({ action }) => action === 'none')?.reason ?? troubleOf(userData, tokenData)
    return { wrote: { loaded }, reasons: loaded === null || noted.includes(loaded) ? noted : [...noted, loaded] }
  },
})

/** Why nothing is decided for a user; null: it is. */
function troubleOf({ consents, holdsToken }: UserData, token: TokenData | null): string | null {
  if (token !== null && token.stopped !== null) return token.stopped
  if (!consents) return 'noConsent'
  return holdsToken ? 'holds' : null
}

const preprocess = node({
  name: 'Preprocess',
  reads: ['userData', 'tokenData', 'time'],
  writes: ['facts'],
  run({ userData, tokenData, time }) {
    const { profile, cash } = userData
    if (tokenData === null) return { wrote: { facts: { profile, cash: cash / SOL } } }
    const { ageMs, phase, progress, buyers, reputation, creatorShare, risk, gain, news, multiLaunch, dormant, social } = tokenData
    const heard = freshnessOf('social', social, time)
    const facts = {
      profile,
      cash: cash / SOL,
      age: ageMs / MINUTE_MS,
      phase,
      progress,
      buyers,
      reputation,
      creator_share: creatorShare ?? undefined,
      risk,
      gain,
      news: news?.mood,
      social: heard.action === 'use' ? social?.mentions : undefined,
      multi_launch: yesOrNo(multiLaunch),
      dormant: yesOrNo(dormant),
    }
    return { wrote: { facts }, reasons: heard.reason === null ? [] : [heard.reason] }
  },
})

function yesOrNo(flag: boolean | null): 'yes' | 'no' | undefined {
  return flag === null ? undefined : flag ? 'yes' : 'no'
}

const ruleCheck = node({
  name: 'RuleCheck',
  reads: ['facts', 'time'],
  writes: ['ruling'],
  run({ facts, time }, { rules }) {
    const ruling = ruleFor(rules, facts, time)
    return { wrote: { ruling }, reasons: ruling.id === null ? [] : [`rule:${ruling.id}`] }
  },
})

const mlSignal = node({
  name: 'MLSignal',
  reads: ['tokenData'],
  writes: ['modelVote'],
  run({ tokenData }) {
    const modelVote = tokenData === null ? 0 : 2 * tokenData.gain - 1
    return { wrote: { modelVote }, reasons: modelVote > 0 ? ['modelRises'] : modelVote < 0 ? ['modelFalls'] : [] }
  },
})

/** What the news come to: a vote, what they leave of the size, and a veto. */
function newsOf(newsVote: number, newsSize: number, newsVeto: string | null, reasons: readonly string[]) {
  return { wrote: { newsVote, newsSize, newsVeto }, reasons }
}

const sentiment = node({
  name: 'Sentiment',
  reads: ['tokenData', 'time'],
  writes: ['newsVote', 'newsSize', 'newsVeto'],
  run({ tokenData, time }) {
    const news = tokenData?.news ?? null
    const { action, reason } = freshnessOf('news', news, time)
    if (action === 'none' || news === null) return newsOf(0, 1, reason, [reason ?? 'missingNews'])
    if (action === 'half') return newsOf(0, 0.5, null, [reason ?? 'oldNews'])
    const said = news.mood < 0 ? 'badNews' : 'goodNews'
    return newsOf(news.mood, 1, null, reason === null ? [said] : [reason, said])
  },
})

const featureCombiner = node({
  name: 'FeatureCombiner',
  reads: ['modelVote', 'newsVote', 'weights', 'calibration'],
  writes: ['score', 'confidence'],
  run({ modelVote, newsVote, weights, calibration }, { confidence }) {
    const score = (weights[0] ?? 0) * modelVote + (weights[1] ?? 0) * newsVote
    return { wrote: { score, confidence: confidence(calibration, score) } }
  },
})

const riskManager = node({
  name: 'RiskManager',
  reads: ['tokenData', 'ruling', 'newsSize'],
  writes: ['riskSize'],
  run({ tokenData, ruling, newsSize }) {
    const riskSize = riskModifier(tokenData?.risk ?? 1) * ruling.size * newsSize
    return { wrote: { riskSize }, reasons: riskSize === 0 ? ['risk'] : [] }
  },
})

const execution = node({
  name: 'Execution',
  reads: ['userData', 'tokenData', 'loaded', 'ruling', 'newsVeto', 'confidence', 'riskSize'],
  writes: ['decision'],
  run({ userData, tokenData, loaded, ruling, newsVeto, confidence, riskSize }, { minConfidence, reviewConfidence }) {
    const isApproved = tokenData?.approved === true
    const enough = isApproved ? Math.min(minConfidence, reviewConfidence) : minConfidence
    const amount = Math.floor(userData.baseSize * riskSize)
    const against: string[] = []
    if (loaded !== null) against.push(loaded)
    if (ruling.refuses) against.push(`rule:${ruling.id}`)
    if (newsVeto !== null) against.push(newsVeto)
    if (riskSize === 0) against.push('risk')
    if (confidence < enough) against.push('lowConfidence')
    if (userData.cash < amount) against.push('noCash')
    const reasons = against.length === 0 ? (isApproved ? ['entry', 'approved'] : ['entry']) : against.slice(0, 5)
    const decision: TradeDecision =
      against.length === 0 ? { action: 'buy', amount, confidence, reasons } : { action: 'none', amount: 0, confidence, reasons }
    return { wrote: { decision }, reasons }
  },
})

/** The graph of a decision for one user and one token. */
export const userGraph = graph<DecisionState, DecisionPorts, keyof DecisionInputs>(
  ['userData', 'tokenData', 'time', 'weights', 'calibration'],
  [loadUserData, preprocess, ruleCheck, mlSignal, sentiment, featureCombiner, riskManager, execution],
)
