/** Online logistic regression: one step of its gradient an outcome, by AdaGrad (Duchi 2011), so that rare features learn as fast. */

import { math } from '../core/index.js'

/** Weights of the features, the constant last, as plain data. */
export interface Logistic {
  readonly weights: number[]
  /** Sums of squared gradients. */
  readonly seen: number[]
  outcomes: number
}

/** Step of the first gradient. */
const STEP = 0.3

export function newLogistic(features: number): Logistic {
  return { weights: new Array<number>(features + 1).fill(0), seen: new Array<number>(features + 1).fill(1e-6), outcomes: 0 }
}

/** The probability that it gives. */
export function logisticOf({ weights }: Logistic, features: readonly number[]): number {
  let sum = weights[features.length] ?? 0
  for (let i = 0; i < features.length; i++) sum += (weights[i] as number) * (features[i] as number)
  return 1 / (1 + math.exp(-sum))
}

/** Learns one outcome. */
export function learnLogistic(model: Logistic, features: readonly number[], came: boolean): void {
  const error = Number(came) - logisticOf(model, features)
  model.outcomes++
  for (let i = 0; i < model.weights.length; i++) {
    const gradient = error * (features[i] ?? 1)
    const seen = (model.seen[i] as number) + gradient * gradient
    model.seen[i] = seen
    model.weights[i] = (model.weights[i] as number) + (STEP * gradient) / Math.sqrt(seen)
  }
}
