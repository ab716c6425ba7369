/**
 * The catalogue of reason codes: a sentence for a person for every code that a decision, an order or a trade may have. Codes are
 * stable, because they stand in records and files; the sentences may change.
 */

import { type Figure, figurePair, figureText } from './figure-words.js'
import type { ExitReason } from './trade.js'

/** What a code says. */
export interface Reason {
  /** One sentence, true whatever the figures are. */
  readonly says: string
  /** What kind of number the rule measures. */
  readonly figure?: Figure
  /** The sentence with `{measured}` and `{limit}`, where the rule measures a number. */
  readonly measured?: string
}

const plain = (says: string): Reason => ({ says })

/** What a portfolio did. */
export const actionWords: Readonly<Record<string, string>> = {
  entry: 'An order to enter was placed.',
  renewal: 'An order was placed that extends the position at the end of its horizon; without the position it opens one.',
  exit: 'The signal was opposite to the position, so an order to close it was placed.',
  cancelsEntry: 'The signal was opposite to an entry that waited, so that entry was cancelled.',
}

/** Why nothing was done: codes of rules, kinds of locks, answers of the portfolio. */
export const refusalReasons: Readonly<Record<string, Reason>> = {
  // Rules that judge the signal.
  lowConfidence: {
    says: 'The signal is less sure than the limit.',
    figure: 'share',
    measured: 'The confidence was {measured}; the rule lowConfidence asks for at least {limit}.',
  },
  expired: {
    says: 'The idea is past its last instant, or its horizon is over.',
    figure: 'time',
    measured: 'The last instant at which the signal could be acted on, or the end of its horizon, was {measured} before.',
  },
  tooFewAgree: {
    says: 'Fewer independent signals agree than the limit.',
    figure: 'count',
    measured: 'Independent signals that agreed: {measured}; the rule tooFewAgree asks for at least {limit}.',
  },
  oldSignal: {
    says: 'The signal was decided longer ago than the limit.',
    figure: 'time',
    measured: 'The signal had been decided {measured} before; the limit of the rule oldSignal is {limit}.',
  },
  minHold: {
    says: 'The position is younger than it must be before an opposite signal closes it, or the horizon is shorter than that.',
    figure: 'time',
    measured: 'The position would have been held for {measured}; the rule minHold asks for at least {limit}.',
  },
  // Rules about the market and the pair.
  unwatched: plain('The risk manager is quarantined, so losses are not computed and nothing is entered.'),
  linkDown: plain('The link to the other processes of the run is in doubt, so messages may be missing.'),
  clockOff: plain(
    'The clock of the machine that hears the pair, or of the one that trades, is more than a bar away from the clock of the exchange.',
  ),
  stalePair: plain('The feed of the pair is silent, so its price may be old.'),
  forbiddenPair: plain('The pair is on the black list.'),
  unlistedPair: plain('The pair is not on the white list.'),
  flagged: plain('The last bar of the pair is an outlier or stale.'),
  noPrice: plain('A price that is needed is not known: of the pair, or of a position that is held.'),
  oldData: {
    says: 'The last bar of the pair ended longer ago than the limit, or its time is not known.',
    figure: 'time',
    measured: 'The last bar of the pair had ended {measured} before; the limit of the rule oldData is {limit}.',
  },
  priceAnomaly: plain('The price of the pair jumped, or too few of its bars are known, so the pair is paused.'),
  volumeAnomaly: plain('The volume of the pair jumped, or too few of its bars are known, so the pair is paused.'),
  cooldown: {
    says: 'A position of the pair was closed too short a time ago.',
    figure: 'time',
    measured: 'A position of the pair was closed {measured} before; the rule cooldown asks for {limit}.',
  },
  stopLossGuard: plain('Too many positions of the pair ended at their stop, so the pair is paused.'),
  losingStreak: plain('Too many trades of the pair lost in a row, so the pair is paused.'),
  tooLarge: {
    says: 'The quantity is too large to be counted exactly.',
    figure: 'quantity',
    measured: 'The quantity of {measured} is too large to be counted exactly.',
  },
  tooSmall: {
    says: 'What is left of the quantity is below the exchange’s minimum.',
    figure: 'quantity',
    measured: 'What was left was {measured}, which is below the exchange’s minimum.',
  },
  // Rules about the account.
  dailyLoss: plain('The loss of this UTC day has reached its limit; entries go on at 00:00 UTC.'),
  accuracyAlarm: plain('The share of trades that go the right way has fallen; entries pause for 24 hours.'),
  accuracy24h: plain('Too few trades of the last 24 hours went the right way; entries pause.'),
  equityFloor: plain('Equity is at or below its floor; an operator ends the lock.'),
  tradesPerDay: {
    says: 'This UTC day has had as many entries as the limit allows.',
    figure: 'count',
    measured: 'It would have been entry {measured} of the UTC day; the limit of the rule tradesPerDay is {limit}.',
  },
  openPositions: {
    says: 'With this entry there would be more positions and waiting entries than the limit.',
    figure: 'count',
    measured:
      'With this entry there would have been {measured} positions and waiting entries; the limit of the rule openPositions is {limit}.',
  },
  winRate: {
    says: 'Too few of the latest trades earned more than their costs.',
    figure: 'share',
    measured: 'Of the latest trades {measured} earned more than their costs; the rule winRate asks for at least {limit}.',
  },
  margin: {
    says: 'The margin of one position would be more than the limit.',
    figure: 'share',
    measured: 'The margin of the position would be {measured} of equity; the rule margin allows {limit}.',
  },
  reducedSize: {
    says: 'Entries are of a part of their size for now.',
    figure: 'share',
    measured: 'The entry would have been {measured} of what was wanted; the limit of the rule reducedSize is {limit}.',
  },
  largestTrade: {
    says: 'The trade would cost more than the largest trade that is allowed.',
    figure: 'usd',
    measured: 'The trade would have cost {measured}; the limit of the rule largestTrade is {limit}.',
  },
  kelly: {
    says: 'The finished trades of the strategy show too small an edge for such a stake, or there are too few of them.',
    figure: 'share',
    measured:
      'The stake would have been {measured} of equity, which is more than the rule kelly grants this strategy on its finished trades.',
  },
  grossLimit: {
    says: 'All positions together would be a larger share of equity than the limit.',
    figure: 'share',
    measured: 'All positions together would have been {measured} of equity; the limit of the rule grossLimit is {limit}.',
  },
  profitLock: {
    says: 'All positions together would be more than the part of equity that is not locked as profit.',
    figure: 'usd',
    measured: 'All positions together would have been {measured}, which is more than what is not locked as profit.',
  },
  pairLimit: {
    says: 'The position of the pair would be a larger share of equity than the limit.',
    figure: 'share',
    measured: 'The position of the pair would have been {measured} of equity; the limit of the rule pairLimit is {limit}.',
  },
  groupLimit: {
    says: 'The positions of a group of pairs would be a larger share of equity than the limit.',
    figure: 'share',
    measured: 'The positions of the group would have been {measured} of equity; the limit of the rule groupLimit is {limit}.',
  },
  clusterLimit: {
    says: 'The positions that move together with this one would be a larger share of equity than the limit.',
    figure: 'share',
    measured:
      'The positions that move together would have been {measured} of equity; the limit of the rule clusterLimit is {limit}.',
  },
  valueAtRisk: {
    says: 'The loss of a bad day would be larger than the limit, or too few days are known to estimate it.',
    figure: 'share',
    measured: 'One day in a hundred would have lost at least {measured} of equity; the limit of the rule valueAtRisk is {limit}.',
  },
  expectedShortfall: {
    says: 'The mean loss of the worst days would be larger than the limit, or too few days are known to estimate it.',
    figure: 'share',
    measured:
      'The worst 2.5 % of days would have lost {measured} of equity in the mean; the limit of the rule expectedShortfall is {limit}.',
  },
  smallestTrade: {
    says: 'The trade would cost less than the smallest trade that is allowed.',
    figure: 'usd',
    measured: 'The trade would have cost {measured}; the rule smallestTrade asks for at least {limit}.',
  },
  // Locks that no rule of the gate begins.
  drawdown: plain('The loss from the peak has reached its limit, so entries are halted.'),
  contagion: plain('Too many learners follow one policy, so entries are paused.'),
  operator: plain('The operator has halted all entries, or those of this pair.'),
  uncomputable: plain('The loss cannot be computed, because a held pair has no price.'),
  // Answers of the portfolio itself.
  unknownPair: plain('The portfolio does not trade the pair.'),
  sameDirection: plain('A position or a waiting order of the same direction is there already.'),
  leaving: plain('The position of the pair is being closed already.'),
  standing: plain('The baseline’s entry rule has acted on this view already, or it came too early to close the position.'),
  unpaid: plain('The move that the view expects is below the cost of a round trip.'),
}

/** Why an order was cancelled, or what was left of it. */
export const cancelWords: Readonly<Record<string, string>> = {
  late: 'The pair had no bar in time.',
  ideaExpired: 'The idea or its horizon was over before a price came.',
  fillBound: 'At the price of the fill it cost more than the rules of the gate had allowed at the order.',
  tradeSize: 'At the price of the fill the trade was beyond the limits of its size.',
  opposite: 'An idea of the opposite direction came first.',
  halted: 'A lock began that stops entries.',
  jump: 'The price had moved too far since the decision.',
  grossLimit: 'At the price of the fill there was no room under the gross limit, or not enough money.',
  closed: 'Another exit closed the position first, or the run ended.',
  extended: 'It renewed the position instead, without a trade.',
  operator: 'An operator cancelled it, or closed its pair.',
}

/** Why a position was closed. */
export const exitWords: Readonly<Record<string, string>> = {
  horizon: 'Its horizon was over.',
  opposite: 'An idea of the opposite direction came.',
  stop: 'The price reached the stop.',
  target: 'The price reached the target.',
  liquidation: 'Its margin no longer sufficed, and the exchange closed it.',
  end: 'The run ended.',
  'data-ended': 'The data of the pair ended.',
  operator: 'An operator closed it.',
} satisfies Readonly<Record<ExitReason, string>>

/** The sentence of a refusal, with what was measured and the limit where there are such; NaN: there is none. */
export function refusalSentence(code: string, measured: number, limit: number, unit?: string): string {
  const reason = refusalReasons[code]
  if (Number.isNaN(measured)) return reason?.says ?? `The rule ${code} refused it.`
  if (reason?.measured !== undefined) return filled(reason.measured, measured, limit, reason.figure ?? 'number')
  const bound = Number.isNaN(limit) ? '' : `; its limit is ${figureText(limit, 'number')}`
  return `The rule ${code} measured ${figureText(measured, 'number')}${unit === undefined ? '' : ` (${unit})`}${bound}.`
}

function filled(template: string, measured: number, limit: number, figure: Figure): string {
  const [value, bound] = Number.isNaN(limit) ? [figureText(measured, figure), ''] : figurePair(measured, limit, figure)
  return template.replace('{measured}', value).replace('{limit}', bound)
}
