/** The limits that profiles chosen by name give one of the two portfolios. */

import { OperatorError } from '../../core/index.js'
import { brokerSchema, type Limits, limitsOf, riskSchema } from '../../trading/index.js'
import type { SpotFuturesParameters } from './parameters.js'

/** Throws where a profile limits drawdown: there is no risk manager here that would watch it. */
export function profileLimits(parameters: SpotFuturesParameters, of: 'profiles' | 'futuresProfiles'): Limits {
  const { maxDrawdown, forbiddenPairs } = riskSchema.parse({})
  const { minConfidence, grossLimit } = brokerSchema.parse({})
  const limits = limitsOf({
    ...parameters,
    profiles: parameters[of],
    minConfidence,
    grossLimit,
    maxDrawdown,
    forbiddenPairs,
  })
  if (limits.maxDrawdown === undefined) return limits
  throw new OperatorError({
    what: `\`${of}\``,
    expected: 'profiles without a limit of drawdown, which nobody watches here',
    got: parameters[of].map(chosen => (typeof chosen === 'string' ? chosen : chosen.name)).join(', '),
    next: 'Choose spot, futures, micro or user, or write one of your own.',
  })
}
