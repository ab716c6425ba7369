/** The configuration of a supervisor: its children, intervals and thresholds, each with its default. */

import * as z from 'zod'
import { OperatorError } from '../../core/index.js'
import { opsLimits } from '../limits.js'
import { noticePolicySchema } from '../notify/policy.js'

const ms = z.number().int().positive()
const share = z.number().positive().max(1)

const thresholdsSchema = z.strictObject({
  beatAgeMs: ms.default(10_000).describe('a child that is silent for so long hangs, ms'),
  startMs: ms.default(60_000).describe('and one that has not been heard at all, after its start, ms'),
  journalAgeMs: ms.default(180_000).describe('age of the last write to the ledger, ms'),
  rssBytes: z.number().positive().default(2e9).describe('memory of the process, bytes'),
  files: z.number().int().positive().default(2_000).describe('open files'),
  loopDelayMs: ms.default(1_000).describe('longest delay of the event loop, ms'),
  freeBytes: z.number().nonnegative().default(500e6).describe('free room on the disk of the run, bytes'),
})

const restartsSchema = z.strictObject({
  firstMs: ms.default(1_000).describe('pause before the first restart; each further one doubles it, ms'),
  longestMs: ms.default(60_000).describe('the longest pause, ms'),
  jitter: z.number().min(0).max(1).default(0.25).describe('by which share of itself a pause is longer or shorter at most'),
  most: z.number().int().nonnegative().default(5).describe('restarts within `windowMs`; then the child stays down'),
  windowMs: ms.default(600_000).describe('ms'),
  termMs: ms.default(2_000).describe('how long a child that hangs may take to end before it is killed, ms'),
  stopMs: ms.default(20_000).describe('how long one that is asked to stop may take to reach a checkpoint, ms'),
})

const probeSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('where the model takes a question by POST'),
  body: z.unknown().describe('the question, as JSON'),
  answer: z.array(z.number()).min(1).max(10_000).describe('the right answer, numbers in a JSON array'),
  tolerance: z.number().nonnegative().default(1e-3).describe('by which each number may differ'),
})

const childSchema = z.strictObject({
  verb: z.literal('live').default('live'),
  scenario: z.string().min(1).optional().describe('for a run that begins'),
  args: z.array(z.string()).max(100).default([]).describe('further options of `mycelia live`'),
  out: z.string().min(1).optional().describe('its run directory'),
  sources: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(20)
    .default([])
    .describe('addresses that must answer'),
  model: probeSchema.optional(),
})

export const superviseSchema = z.strictObject({
  children: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), childSchema).default({}),
  watchMs: ms.default(1_000).describe('how often it is looked whether a child hangs, ms'),
  checkMs: ms.default(60_000).describe('how often health is checked as a whole, ms'),
  aliveNoticeMs: ms.default(86_400_000).describe('how often people hear that all is well, ms'),
  thresholds: thresholdsSchema.prefault({}),
  restarts: restartsSchema.prefault({}),
  notices: noticePolicySchema.prefault({}),
  halfSize: share.default(0.5).describe('share of the wanted quantity that entries have at half size'),
})

export type SuperviseSettings = z.output<typeof superviseSchema>
export type ChildSettings = SuperviseSettings['children'][string]
export type Thresholds = SuperviseSettings['thresholds']
export type RestartSettings = SuperviseSettings['restarts']
export type ModelProbe = z.output<typeof probeSchema>

/** Throws an `OperatorError` for the first thing that is wrong. */
export function superviseSettings(value: unknown): SuperviseSettings {
  const parsed = superviseSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const what = ['configuration of the supervisor', ...(issue?.path ?? [])].join('.')
    throw new OperatorError({ what, expected: issue?.message ?? 'another value', next: 'docs/supervise.md lists every setting.' })
  }
  const n = Object.keys(parsed.data.children).length
  if (n >= 1 && n <= opsLimits.children) return parsed.data
  throw new OperatorError({
    what: 'children of the supervisor',
    expected: `1 to ${opsLimits.children}`,
    got: n,
    next: 'Try: mycelia supervise live:main=trifecta.',
  })
}
