/** Reads a question about past trades, such as `losing XBT longs at high RSI`: a small grammar, word by word. */

import { closest, OperatorError } from '../../core/index.js'
import { InstrumentTable, moats } from '../../market/index.js'
import type { Direction, PastTradeFeature } from '../../trading/index.js'

export interface TradeQuestion {
  readonly won: boolean | null
  readonly direction: Direction | null
  readonly pair: string | null
  /** 0 calm, 1 normal, 2 stormy. */
  readonly regime: number | null
  readonly moat: string | null
  readonly agent: string | null
  /** The features by which trades are ranked: high or low ones first. */
  readonly features: readonly { readonly name: PastTradeFeature; readonly high: boolean }[]
}

/** What a question may name of a run. */
export interface KnownNames {
  readonly pairs: ReadonlySet<string>
  readonly agents: ReadonlySet<string>
  readonly moats: ReadonlySet<string>
}

type Draft = { -readonly [K in keyof TradeQuestion]: TradeQuestion[K] }

const filler = new Set(
  'a an and any at by for from had has have in is it its made market markets of on or past that the their they trade trades was were when where which while with'.split(
    ' ',
  ),
)

const plainWords: Readonly<Record<string, Partial<TradeQuestion>>> = {
  ...words('winning won win wins winner winners profitable', { won: true }),
  ...words('losing lost lose loses loser losers loss losses', { won: false }),
  ...words('long longs buy buys bought', { direction: 1 }),
  ...words('short shorts sell sells sold', { direction: -1 }),
  calm: { regime: 0 },
  normal: { regime: 1 },
  stormy: { regime: 2 },
}

const featureNames: Readonly<Record<string, PastTradeFeature>> = {
  rsi: 'rsi',
  macd: 'macd',
  ...words('bollinger band', 'bollinger' as const),
  ...words('atr range volatility', 'atr' as const),
  volume: 'volume',
  ...words('prediction predicted predictions', 'prediction' as const),
  ...words('moats crossmoat', 'crossMoat' as const),
  ...words('trend trends', 'trend' as const),
}

/** Without what every object has. */
function ownOf<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined
}

function words<T>(list: string, means: T): Record<string, T> {
  return Object.fromEntries(list.split(' ').map(word => [word, means]))
}

/** Refuses a word that it does not know, with what it knows. */
export function readQuestion(text: string, known: KnownNames): TradeQuestion {
  const question: Draft = { won: null, direction: null, pair: null, regime: null, moat: null, agent: null, features: [] }
  const said = text.split(/[\s,;?.!"“”]+/).filter(word => word !== '')
  for (let i = 0; i < said.length; i++) {
    const word = (said[i] as string).toLowerCase()
    if (word === 'high' || word === 'low') {
      const next = said[++i]
      const name = ownOf(featureNames, next?.toLowerCase() ?? '')
      if (name === undefined) throw unknownFeature(word, next)
      question.features = [...question.features, { name, high: word === 'high' }]
    } else if (!filler.has(word)) Object.assign(question, meaningOf(said[i] as string, known))
  }
  return question
}

function meaningOf(word: string, known: KnownNames): Partial<TradeQuestion> {
  const lower = word.toLowerCase()
  const plain = ownOf(plainWords, lower)
  if (plain !== undefined) return plain
  const named = (names: Iterable<string>) => [...names].find(name => name.toLowerCase() === lower)
  const moat = named(known.moats)
  if (moat !== undefined) return { moat }
  const agent = named(known.agents)
  if (agent !== undefined) return { agent }
  const pair = named(known.pairs) ?? pairOf(word)
  if (pair !== undefined) return { pair }
  throw unknownWord(word, known)
}

/** A pair of the table by any of its names, such as `XBT`; a name of no table could be any word. */
function pairOf(word: string): string | undefined {
  const instrument = new InstrumentTable().read(word)?.instrument
  return instrument === undefined || instrument.generic ? undefined : instrument.pair
}

function unknownFeature(word: string, got: string | undefined): OperatorError {
  const names = Object.keys(featureNames)
  const near = got === undefined ? undefined : closest(got.toLowerCase(), names)
  return new OperatorError({
    what: `the question, after "${word}"`,
    expected: `a feature: ${names.join(', ')}`,
    got: got ?? 'nothing',
    ...(near !== undefined && { next: `Did you mean "${word} ${near}"?` }),
  })
}

function unknownWord(word: string, { pairs, agents, moats: ofRun }: KnownNames): OperatorError {
  const some = (names: ReadonlySet<string>) => [...names].sort().slice(0, 6).join(', ')
  const near = closest(word, [...Object.keys(plainWords), 'high', 'low', ...ofRun, ...pairs, ...agents])
  return new OperatorError({
    what: `Unknown word "${word}" in the question`,
    next: `${near === undefined ? '' : `Did you mean "${near}"? `}It knows winning, losing, longs, shorts, calm, normal, stormy, high or low before ${[...new Set(Object.values(featureNames))].length} features (${Object.keys(featureNames).join(', ')}), moats (${some(ofRun)}), pairs (${some(pairs)}) and agents (${some(agents)}).`,
  })
}

export const namedMoats: readonly string[] = moats
