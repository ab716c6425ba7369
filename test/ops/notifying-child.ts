/** A sender of notices that is killed: sends from a number on, and says each number once the notice is kept. */

import { writeSync } from 'node:fs'
import { Notifier, noticePolicySchema, redactor, webhooksIn } from '../../src/ops/index.js'
import { acceleratedClock } from '../world/live-kit.js'

const { folder, from, to } = JSON.parse(process.argv[2] ?? '') as { folder: string; from: number; to: number }
const clock = acceleratedClock(100, Date.now())
const notifier = new Notifier({
  folder,
  channels: webhooksIn(process.env, 200),
  clock,
  redact: redactor(process.env),
  say: line => writeSync(1, `# ${line}\n`),
  policy: noticePolicySchema.parse({ perMinute: 1_000, p0EveryMs: 3_600_000, sameKeyMs: 86_400_000 }),
})
const leak = `${process.env.MYCELIA_SLACK_WEBHOOK} ${process.env.MYCELIA_TELEGRAM_TOKEN}`
const next = (i: number): void => {
  if (i < to) {
    const severity = i % 20 === 0 ? 'P0' : i % 2 === 0 ? 'P1' : 'P3'
    notifier.send({ severity, key: `event ${i}`, text: `event ${i} of ${leak}`, runId: 'r', time: clock.now() })
    writeSync(1, `${i}\n`)
    setImmediate(() => next(i + 1))
  }
}
next(from)
