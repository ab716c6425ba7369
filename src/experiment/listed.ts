/** The design that somebody else made: its points as they are. */

import { OperatorError } from '../core/index.js'
import type { Design, Point } from './design.js'

/** Points in their order, each with the same parameters. */
export function listed(points: readonly Point[]): Design {
  const [first] = points
  if (first === undefined) throw new OperatorError({ what: 'the points of a list', expected: 'at least one', got: 'none' })
  const parameters = Object.keys(first)
  const odd = points.findIndex(point => Object.keys(point).sort().join() !== [...parameters].sort().join())
  if (odd >= 0)
    throw new OperatorError({
      what: `point ${odd + 1} of a list`,
      expected: `values of ${parameters.join(', ')}`,
      got: Object.keys(points[odd] ?? {}).join(', '),
    })
  return { name: 'list', parameters, points: () => points }
}
