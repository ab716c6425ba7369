/** An idea is good until its last instant, and only before the end of its horizon. */

import { all, none } from '../quantity.js'
import { defineRule } from '../rule.js'

export const expiry = defineRule({
  code: 'expired',
  stage: 'signal',
  bindsExits: true,
  limits: {},
  unit: 'ms since its last instant',
  boundary: 'at its last instant it still holds; at the end of its horizon no longer',
  source: 'good-till-date orders',
  allows: ({ time, expiresAt, closesAt }) => (time <= expiresAt && time < closesAt ? all : none),
  measures: ({ time, expiresAt, closesAt }) => Math.max(time - expiresAt, time - closesAt),
})
