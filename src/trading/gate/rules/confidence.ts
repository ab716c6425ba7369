/** Ideas less sure than a limit are ignored. This is where memory acts. */

import * as z from 'zod'
import { higher } from '../limit.js'
import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const confidence = defineRule({
  code: 'lowConfidence',
  stage: 'signal',
  bindsExits: true,
  limits: { minConfidence: higher(z.number().min(0).max(1), 'least confidence of a signal that is acted on') },
  unit: 'confidence, 0 to 1',
  boundary: 'exactly the limit is enough',
  source: 'a threshold on the predicted probability',
  allows: ({ confidence }, _, { minConfidence = 0 }) => (confidence >= minConfidence ? all : none),
  measures: ({ confidence }) => confidence,
})
