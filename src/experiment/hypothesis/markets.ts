/**
 * The markets in which the claim is tested, named before any run. The default market's strengths vary, each from 0: technical
 * structure (pairs that drift for days), causes (moat streams that move a pair), and their interaction (causes that act only with
 * the trend). Corners of this cube get 40 seeds, three of them 200.
 */

import { defaultMarket, type SyntheticOptions, synthetic } from '../../market/index.js'

/** Factors on the parts of the default market: 0 is without, 1 as it ships. */
export interface Strengths {
  readonly technical: number
  readonly causes: number
  readonly interaction: number
}

/** One market of the experiment, as plain data. */
export interface TestedMarket {
  readonly name: string
  /** Null: the null market, in which nothing can be predicted. */
  readonly strengths: Strengths | null
  readonly seeds: number
  readonly steps: number
  /** Why it was chosen; the named corners alone. */
  readonly why?: string
  /** Nobody has an edge there: it shows whether the comparison is fair. */
  readonly edgeless?: boolean
  /** Halts of the risk manager: off, unless said. */
  readonly halts?: boolean
}

const levels = { technical: [0, 1, 4], causes: [0, 1], interaction: [0, 1] } as const

/** The main job's length: what there is to be found is found by half of it. */
const wholeSteps = 10_000
/** Where nothing can be found, hypotheses are forced from the first bar, and a shorter run trades as often. */
const forcedSteps = 2_000

/** The three corners, and why: written down on 1 December 2026, before the first run. */
const named: readonly (Strengths & { readonly why: string })[] = [
  {
    technical: 1,
    causes: 1,
    interaction: 1,
    why: 'the default market as it ships: the question that the project asks',
  },
  {
    technical: 4,
    causes: 1,
    interaction: 0,
    why: 'two signals, each with an edge of its own and neither in need of the other: the case of the theory, which says that agreement pays',
  },
  {
    technical: 0,
    causes: 1,
    interaction: 0,
    why: 'causes alone: technical analysis has no edge here, and agreement with it can add nothing',
  },
]
/** Of each of the three. */
export const namedSeeds = 200
const otherSeeds = 40

/** The map's origin. */
const nothingToFind: Strengths = { technical: 0, causes: 0, interaction: 0 }

/** Every market of the map, halts off. */
export function mapMarkets(): TestedMarket[] {
  return levels.interaction.flatMap(interaction =>
    levels.causes.flatMap(causes => levels.technical.map(technical => marketOf({ technical, causes, interaction }))),
  )
}

export function nullMarket(): TestedMarket {
  return { name: 'null', strengths: null, edgeless: true, seeds: otherSeeds, steps: forcedSteps }
}

/** The named corners again, halts on, by the first of their seeds. */
export function haltedMarkets(): TestedMarket[] {
  const corners = mapMarkets().filter(({ why }) => why !== undefined)
  return corners.map(market => ({ ...market, name: `${market.name}, halts on`, halts: true, seeds: otherSeeds }))
}

function marketOf(strengths: Strengths): TestedMarket {
  const { technical, causes, interaction } = strengths
  const name = `technical ${technical}, causes ${causes}, interaction ${interaction}`
  const chosen = named.find(corner => sameStrengths(corner, strengths))
  const forced = isForced(strengths)
  return {
    name,
    strengths,
    seeds: chosen === undefined ? otherSeeds : namedSeeds,
    steps: forced ? forcedSteps : wholeSteps,
    ...(chosen === undefined ? {} : { why: chosen.why }),
    ...(sameStrengths(strengths, nothingToFind) ? { edgeless: true } : {}),
  }
}

function sameStrengths(a: Strengths, b: Strengths): boolean {
  return a.technical === b.technical && a.causes === b.causes && a.interaction === b.interaction
}

/** Without a cause the swarm finds nothing to trade: a fixed list of random hypotheses takes the place of what it would find. */
export function isForced(strengths: Strengths | null): boolean {
  return strengths === null || (strengths.causes === 0 && strengths.interaction === 0)
}

/** The market's description. */
export function described(strengths: Strengths | null): SyntheticOptions & { readonly kind: 'synthetic' } {
  if (strengths === null) return synthetic()
  const { technical, causes, interaction } = strengths
  return defaultMarket({ persistenceStrength: technical, strength: causes, trendStrength: interaction })
}
