/** What a launch run writes down: launches, trades, graduations, and scores with what came of them. */

import { type ReadColumns, strictly } from '../../core/index.js'
import { SOL } from '../../exchange/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import { Decisions, decisionColumns, riskFeatureNames } from '../../trading/index.js'
import { commandColumns, OperatorActions } from '../mycelial/operator.js'
import type { LaunchModel } from './launch-model.js'
import {
  type ConsentGiven,
  Consents,
  type Graduation,
  Graduations,
  type Launch,
  Launches,
  type LaunchTrade,
  LaunchTrades,
  type MaturedDecision,
  MaturedDecisions,
  type ModelVersion,
  ModelVersions,
  Reviewed,
  type SkipCount,
  Skips,
  type TokenScore,
  TokenScores,
  type TradeAlert,
  TradeAlerts,
  type UserDecision,
  UserDecisions,
  type UserTrade,
  UserTrades,
} from './topics.js'

const sol = 'SOL'
const lamports = '1e-9 SOL'

const modelColumns = {
  time: { type: 'time', meaning: 'The model’s clock: the slot.', read: m => m.now },
  launched: { type: 'integer', meaning: 'Tokens launched so far.', read: m => m.launched },
  living: { type: 'integer', meaning: 'Tokens that are still traded.', read: m => m.living.length },
  graduated: { type: 'integer', meaning: 'Curves that have sold their last token so far.', read: m => m.graduated },
  trades: { type: 'integer', meaning: 'Trades so far.', read: m => m.trades },
  on_curves: {
    type: 'real',
    unit: sol,
    meaning: 'What lies in the curves and pools of tokens that are still traded.',
    read: m => m.living.reduce((sum, { curve }) => sum + curve.realLamports, 0) / SOL,
  },
} satisfies ReadColumns<LaunchModel>

const launchColumns = {
  pair: { type: 'text', meaning: 'The token.', read: l => l.pair },
  creator: { type: 'text', meaning: 'Who launched it, by `roster.key`.', read: l => l.creator },
  time: { type: 'time', meaning: 'When.', read: l => l.time },
  multi_launch: {
    type: 'boolean',
    meaning: 'Whether its creator had launched another within ten minutes.',
    read: l => l.multiLaunch,
  },
  dormant: {
    type: 'boolean',
    meaning: 'Whether its creator had launched before, and nothing for an hour.',
    read: l => l.dormant,
  },
} satisfies ReadColumns<Launch>

const tradeColumns = {
  time: { type: 'time', meaning: 'The slot.', read: t => t.time },
  pair: { type: 'text', meaning: 'The token.', read: t => t.pair },
  account: {
    type: 'text',
    meaning: 'The trader by `roster.key`; a further wallet has / and its number behind.',
    read: t => t.account,
  },
  side: { type: 'text', meaning: '`buy` or `sell`.', read: t => t.side },
  tokens: { type: 'integer', unit: '1e-6 tokens', meaning: 'Quantity.', read: t => t.tokens },
  lamports: { type: 'integer', unit: lamports, meaning: 'What went to the curve or came from it.', read: t => t.lamports },
  fee: { type: 'integer', unit: lamports, meaning: 'The program’s fee.', read: t => t.fee },
  price: { type: 'real', unit: sol, meaning: 'Price of a token after the trade.', read: t => t.price * 1e-3 },
  phase: { type: 'text', meaning: '`early`, `mid`, `late` or `graduated`, after the trade.', read: t => t.phase },
} satisfies ReadColumns<LaunchTrade>

const graduationColumns = {
  time: { type: 'time', meaning: 'The slot in which the last token was sold.', read: g => g.time },
  pair: { type: 'text', meaning: 'The token.', read: g => g.pair },
  raised: { type: 'integer', unit: lamports, meaning: 'What its curve had raised.', read: g => g.raised },
} satisfies ReadColumns<Graduation>

const featureColumns = Object.fromEntries(
  riskFeatureNames.map(name => [
    name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
    { type: 'real', meaning: `Reading \`${name}\` of the risk, 0 to 1.`, read: (s: TokenScore) => s.features[name] },
  ]),
) as ReadColumns<TokenScore>

const scoreColumns = {
  pair: { type: 'text', meaning: 'The token.', read: s => s.pair },
  time: { type: 'time', meaning: 'When its features were read.', read: s => s.time },
  age_ms: { type: 'integer', unit: 'ms', meaning: 'Its age then.', read: s => s.ageMs },
  phase: { type: 'text', meaning: 'Its phase then.', read: s => s.phase },
  score: { type: 'real', meaning: 'The risk score, 0 to 1.', read: s => s.score },
  creator_bought: {
    type: 'real',
    meaning: 'Share of all tokens that the creator had bought.',
    read: s => s.creatorBought,
  },
  launch_buyers: { type: 'integer', meaning: 'Accounts that bought in the slot of the launch.', read: s => s.launchBuyers },
  price: { type: 'real', unit: sol, meaning: 'Price of a token then.', read: s => s.price * 1e-3 },
  lowest: { type: 'real', meaning: 'Lowest price within the horizon, as a share of that.', read: s => s.lowest },
  collapsed: { type: 'boolean', meaning: 'Whether it fell by `collapse`.', read: s => s.collapsed },
  kind: { type: 'text', meaning: 'The truth, which no trader knows.', read: s => s.kind },
  ...featureColumns,
} satisfies ReadColumns<TokenScore>

const skipColumns = {
  time: { type: 'time', meaning: 'When it was decided.', read: s => s.time },
  cycle: { type: 'integer', meaning: 'Of which cycle.', read: s => s.cycle },
  reason: { type: 'text', meaning: 'The first reason against an entry.', read: s => s.reason },
  count: { type: 'integer', meaning: 'Users and tokens for which it was the first.', read: s => s.count },
} satisfies ReadColumns<SkipCount>

const reviewColumns = {
  review_id: { type: 'text', meaning: 'Names it in an order.', read: r => r.id },
  time: { type: 'time', meaning: 'When it began to wait, or ended.', read: r => r.time },
  token: { type: 'text', meaning: 'The token.', read: r => r.pair },
  kind: { type: 'text', meaning: '`lowConfidence` or `paused`.', read: r => r.kind },
  confidence: {
    type: 'real',
    nullable: true,
    meaning: 'Calibrated chance of a gain; of a paused token null.',
    read: r => r.confidence,
  },
  status: { type: 'text', meaning: '`waiting`, `approved`, `refused` or `expired`.', read: r => r.status },
} satisfies ReadColumns<Reviewed>

const alertColumns = {
  time: { type: 'time', meaning: 'When.', read: a => a.time },
  cycle: { type: 'integer', meaning: 'In which cycle.', read: a => a.cycle },
  code: { type: 'text', meaning: '`staleNews`, `breaker` or `paused`.', read: a => a.code },
  about: { type: 'text', meaning: 'What an operator should know.', read: a => a.about },
} satisfies ReadColumns<TradeAlert>

const consentColumns = {
  user_id: { type: 'text', meaning: 'The user, by `roster.key`.', read: c => c.user },
  category: { type: 'text', meaning: 'A token, a phase, or `all`.', read: c => c.category },
  from: { type: 'time', meaning: 'From when on.', read: c => c.from },
  until: {
    type: 'time',
    nullable: true,
    meaning: 'Until when; null: until it is withdrawn.',
    read: c => (c.until === Number.MAX_SAFE_INTEGER ? null : c.until),
  },
  source: { type: 'text', meaning: 'Where it was given: `form`, `operator`.', read: c => c.source },
} satisfies ReadColumns<ConsentGiven>

const modelVersionColumns = {
  time: { type: 'time', meaning: 'When it went into the shadow, or left it.', read: v => v.time },
  version: { type: 'integer', meaning: 'Its number; 0 is the model that a run begins with.', read: v => v.version },
  status: { type: 'text', meaning: '`shadow`, `promoted` or `rejected`.', read: v => v.status },
  sha256: { type: 'text', meaning: 'SHA-256 of its weights as canonical JSON.', read: v => v.digest },
  trained_at: { type: 'time', meaning: 'When it was trained, on outcomes known until then.', read: v => v.trainedAt },
  outcomes: { type: 'integer', meaning: 'Outcomes that it was trained on, the last ones.', read: v => v.outcomes },
  features: { type: 'text', meaning: 'What it reads, with spaces between.', read: v => v.features.join(' ') },
  brier: { type: 'real', meaning: 'Mean squared error of its chances on these outcomes.', read: v => v.brier },
  champion_brier: { type: 'real', meaning: 'That of the champion.', read: v => v.championBrier },
  cycles: { type: 'integer', meaning: 'Cycles in the shadow that were compared.', read: v => v.cycles },
  mean_difference: {
    type: 'real',
    nullable: true,
    meaning: 'What it gained more than the champion in a cycle on paper, in entries; in the shadow null.',
    read: v => v.meanDifference,
  },
} satisfies ReadColumns<ModelVersion>

const userDecisionColumns = {
  decision_id: { type: 'text', meaning: '`cycle:user:token`, by `decisions.idea_id`.', read: d => d.id },
  time: { type: 'time', meaning: 'When it was decided.', read: d => d.time },
  user_id: { type: 'text', meaning: 'The user, by `roster.key`.', read: d => d.user },
  token: { type: 'text', meaning: 'The token.', read: d => d.pair },
  inputs_sha256: { type: 'text', meaning: 'SHA-256 of `inputs`.', read: d => d.inputsDigest },
  inputs: {
    type: 'text',
    meaning: 'Everything the decision was made of, as canonical JSON: it can be made again.',
    read: d => d.inputs,
  },
  sources: { type: 'text', meaning: 'How old snapshot and news were, ms, as JSON.', read: d => d.sources },
  nodes: { type: 'text', meaning: 'What each node of the graph wrote, and its reasons, as JSON.', read: d => d.nodes },
  outcome: { type: 'text', meaning: '`entry`, or the code of the rule of the gate that refused it.', read: d => d.outcome },
  reasons: { type: 'text', meaning: 'The first five reasons, with spaces between.', read: d => d.reasons },
} satisfies ReadColumns<UserDecision>

const maturedColumns = {
  time: { type: 'time', meaning: 'When it was decided.', read: d => d.time },
  due: { type: 'time', meaning: 'When it was judged.', read: d => d.due },
  token: { type: 'text', meaning: 'The token.', read: d => d.pair },
  user_id: { type: 'text', meaning: 'The user, by `roster.key`: of each token one, each user in turn.', read: d => d.user },
  momentum: { type: 'real', meaning: 'Change of the price over five minutes, as a share.', read: d => d.momentum },
  flow: { type: 'integer', unit: lamports, meaning: 'What flows in, decayed over half a minute.', read: d => d.flow },
  progress: { type: 'real', meaning: 'Part of the curve that was sold.', read: d => d.progress },
  phase: { type: 'text', meaning: '`early`, `mid`, `late` or `graduated`.', read: d => d.phase },
  mentions: {
    type: 'integer',
    nullable: true,
    meaning: 'How often it was named in the minute before; null in its first one.',
    read: d => d.mentions,
  },
  multi_launch: { type: 'boolean', nullable: true, meaning: 'As in `launches`.', read: d => d.multiLaunch },
  dormant: { type: 'boolean', nullable: true, meaning: 'As in `launches`.', read: d => d.dormant },
  risk: { type: 'real', meaning: 'Chance of a collapse, as it was known.', read: d => d.risk },
  profile: { type: 'text', meaning: 'The user’s: `scalper` or `swing`.', read: d => d.profile },
  base_size: { type: 'integer', unit: lamports, meaning: 'What an entry of the user is worth at first.', read: d => d.baseSize },
  min_confidence: { type: 'real', meaning: 'Confidence from which on is bought.', read: d => d.minConfidence },
  exposure: { type: 'real', meaning: 'Share of what the user had that lay in tokens.', read: d => d.exposure },
  profit: { type: 'real', meaning: 'What the user had gained, as a share of the stake.', read: d => d.profit },
  model_vote: { type: 'real', meaning: 'Of the model, −1 to 1.', read: d => d.modelVote },
  news_vote: { type: 'real', meaning: 'Of the news, −1 to 1.', read: d => d.newsVote },
  score: { type: 'real', meaning: 'Both, weighted.', read: d => d.score },
  confidence: { type: 'real', meaning: 'Calibrated chance of a gain.', read: d => d.confidence },
  action: { type: 'text', meaning: 'What the graph decided: `buy` or `none`.', read: d => d.action },
  reason: { type: 'text', meaning: 'Its first reason.', read: d => d.reason },
  gain: {
    type: 'real',
    meaning: 'What a purchase would have gained by `due` after both fees, as a share; −1 where the token is gone.',
    read: d => d.gain,
  },
} satisfies ReadColumns<MaturedDecision>

const historicalColumns = {
  user_id: { type: 'text', meaning: 'The user, by `roster.key`.', read: t => t.user },
  token_mint: { type: 'text', meaning: 'The token.', read: t => t.pair },
  action: { type: 'text', meaning: '`buy` or `sell`.', read: t => t.action },
  amount: { type: 'integer', unit: '1e-6 tokens', meaning: 'Quantity.', read: t => t.tokens },
  price: {
    type: 'real',
    unit: sol,
    meaning: 'Paid or received for a token, fee included.',
    read: t => (t.lamports / t.tokens) * 1e-3,
  },
  timestamp: { type: 'time', meaning: 'The slot.', read: t => t.time },
  pnl: {
    type: 'integer',
    unit: lamports,
    nullable: true,
    meaning: 'Of a sale: what it gained; of a purchase null.',
    read: t => t.pnl,
  },
  slippage: { type: 'integer', unit: lamports, meaning: 'What it cost that the order moved the price.', read: t => t.slippage },
  holding_period: {
    type: 'integer',
    unit: 'ms',
    nullable: true,
    meaning: 'Of a sale: time since the entry; of a purchase null.',
    read: t => t.heldMs,
  },
  risk_score: { type: 'real', meaning: 'Chance of a collapse, as it was known at the entry.', read: t => t.risk },
  confidence: { type: 'real', meaning: 'Calibrated chance of a gain at the entry.', read: t => t.confidence },
  decision_id: { type: 'text', meaning: 'The decision of the entry, by `user_decisions.decision_id`.', read: t => t.decision },
  reason: {
    type: 'text',
    meaning: '`entry`; of a sale `stop`, `trailingStop`, `horizon`, `insiders` or `operator`.',
    read: t => t.reason,
  },
} satisfies ReadColumns<UserTrade>

/** What a launch run writes down. */
export const launchCollect: Collect<LaunchModel> = {
  model: strictly(modelColumns),
  messages: {
    launches: rowsOf({ topics: [Launches], columns: strictly(launchColumns) }),
    launch_trades: rowsOf({ topics: [LaunchTrades], columns: strictly(tradeColumns) }),
    graduations: rowsOf({ topics: [Graduations], columns: strictly(graduationColumns) }),
    commands: rowsOf({ topics: [OperatorActions], columns: strictly(commandColumns) }),
    reviews: rowsOf({ topics: [Reviewed], columns: strictly(reviewColumns) }),
    models: rowsOf({ topics: [ModelVersions], columns: strictly(modelVersionColumns) }),
    alerts: rowsOf({ topics: [TradeAlerts], columns: strictly(alertColumns) }),
    consents: rowsOf({ topics: [Consents], columns: strictly(consentColumns) }),
    skips: rowsOf({ topics: [Skips], columns: strictly(skipColumns) }),
    user_decisions: rowsOf({ topics: [UserDecisions], columns: strictly(userDecisionColumns) }),
    decisions: rowsOf({ topics: [Decisions], columns: strictly(decisionColumns), isChained: true }),
    historical_trades: rowsOf({ topics: [UserTrades], columns: strictly(historicalColumns) }),
    matured_decisions: rowsOf({ topics: [MaturedDecisions], columns: strictly(maturedColumns) }),
    scores: rowsOf({ topics: [TokenScores], columns: strictly(scoreColumns) }),
  },
  roster: true,
}
