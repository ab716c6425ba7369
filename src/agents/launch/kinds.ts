/** What a launch secretly is, and how it looks: the kind decides when its creator sells, the manner what traders can see before. */

import type { Rng } from '../../core/index.js'

/** The latent kinds. All but the first are rugs, told apart by who sells: the creator slowly, at once, through hidden wallets, or after made-up volume. */
export const launchKinds = ['honest', 'slowRug', 'instantRug', 'bundled', 'farmed'] as const
export type LaunchKind = (typeof launchKinds)[number]

export function isRug(kind: LaunchKind): boolean {
  return kind !== 'honest'
}

/** How often each kind is launched, as weights. */
export type KindWeights = Readonly<Record<LaunchKind, number>>

/** Draws a kind by its weight. */
export function drawKind(weights: KindWeights, rng: Rng): LaunchKind {
  let left = rng.float() * launchKinds.reduce((sum, kind) => sum + weights[kind], 0)
  for (const kind of launchKinds) {
    left -= weights[kind]
    if (left < 0) return kind
  }
  return 'honest'
}

/** What of a launch can be seen from its first minutes. */
export interface Manner {
  /** What the creator buys in the launch itself, in SOL: least and most. */
  readonly devSol: readonly [number, number]
  /** Wallets of one owner that buy in the slot of the launch. */
  readonly bundledWallets: number
  /** Whether wallets of the creator trade with each other, so that there is volume. */
  readonly washes: boolean
  /** How rare it is that people like it: its appeal is a uniform number to this power. */
  readonly dullness: number
  /** Standard deviation of what is said of it, from minute to minute. */
  readonly moodSd: number
  /** How often a minute it is named because somebody is paid for it. */
  readonly boughtMentions: number
}

/** The manner of each kind, where the kind shows. */
export const manners: Readonly<Record<LaunchKind, Manner>> = {
  honest: { devSol: [0.1, 1.5], bundledWallets: 0, washes: false, dullness: 2, moodSd: 0.2, boughtMentions: 0 },
  slowRug: { devSol: [1, 4], bundledWallets: 0, washes: false, dullness: 5, moodSd: 0.3, boughtMentions: 1 },
  instantRug: { devSol: [1.5, 5], bundledWallets: 0, washes: false, dullness: 5, moodSd: 0.4, boughtMentions: 1 },
  bundled: { devSol: [0.2, 1], bundledWallets: 6, washes: false, dullness: 5, moodSd: 0.35, boughtMentions: 2 },
  farmed: { devSol: [0.5, 2], bundledWallets: 2, washes: true, dullness: 5, moodSd: 0.45, boughtMentions: 4 },
}
