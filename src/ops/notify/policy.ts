/** How notices are delivered: parameters with defaults. */

import * as z from 'zod'

const ms = z.number().int().positive()

export const noticePolicySchema = z.strictObject({
  sameKeyMs: ms
    .default(600_000)
    .describe('a key that was told is not told again for so long; then the newest of its notices is, ms'),
  perMinute: z.number().int().positive().max(1_000).default(20).describe('notices that one channel gets in a minute'),
  tries: z.number().int().positive().max(100).default(5).describe('tries of one channel before the next takes over'),
  withinMs: ms.default(5_000).describe('how long a channel may take to answer, ms'),
  p0EveryMs: ms.default(300_000).describe('a P0 that nobody acknowledged is told again after so long, ms'),
  p0ForMs: ms.default(86_400_000).describe('and for so long at most, ms'),
  order: z
    .array(z.enum(['Slack', 'Discord', 'Telegram']))
    .default(['Slack', 'Discord', 'Telegram'])
    .describe('P2 and P3 go to the first of these that takes them; P0 and P1 to all'),
})

export type NoticePolicy = z.output<typeof noticePolicySchema>
