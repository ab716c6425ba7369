/** So many independent signals must agree: the moats behind an idea, and an idea of the other kind. */

import * as z from 'zod'
import { higher } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const agreement = defineRule({
  code: 'tooFewAgree',
  stage: 'signal',
  limits: { minAgreeing: higher(z.number().int().min(1).max(10), 'signals that must agree, at least') },
  unit: 'signals',
  boundary: 'exactly the limit is enough',
  source: 'voting ensembles',
  allows: ({ agreeing }, _, { minAgreeing = 1 }) => (agreeing >= minAgreeing ? all : none),
  measures: ({ agreeing }) => agreeing,
})
