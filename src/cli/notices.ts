/** The ways to people that the environment names, and the notifier of a live run on them. */

import type { Severity } from '../core/index.js'
import { systemClock } from '../feed/index.js'
import { type Channel, Notifier, noticePolicySchema, redactor, webhook, webhooksIn } from '../ops/index.js'
import { messageBody, methodUrl, type NoticeOpener, telegramIn } from '../world/index.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Throws where one that is named makes no sense. */
export function channelsIn(environment: Environment, withinMs: number): Channel[] {
  const telegram = telegramIn(environment)
  const hooks = webhooksIn(environment, withinMs)
  if (telegram === undefined) return hooks
  const url = methodUrl(telegram, 'sendMessage')
  return [...hooks, webhook({ name: 'Telegram', url, body: text => messageBody(telegram, text), withinMs })]
}

/** Tells people of a live run, from its own directory. */
export function noticesOf(environment: Environment, say: (line: string, severity: Severity) => void): NoticeOpener {
  const policy = noticePolicySchema.parse({})
  const channels = channelsIn(environment, policy.withinMs)
  return {
    channels: channels.map(({ name }) => name),
    open: ({ path }) =>
      new Notifier({ folder: path, channels, policy, clock: systemClock(), redact: redactor(environment), say }),
  }
}
