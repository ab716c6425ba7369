/** A way to people: a webhook that takes a text by POST. No sentence here holds its address. */

import { OperatorError, type Severity } from '../../core/index.js'

/** `later`: another try may succeed. `refused`: it would not. */
export type Delivered = 'sent' | 'later' | 'refused'

export interface Channel {
  readonly name: string
  send(text: string, until: AbortSignal, severity: Severity): Promise<Delivered>
}

export interface WebhookOptions {
  readonly name: string
  readonly url: string
  readonly body: (text: string) => object
  /** How long an answer is waited for, ms. */
  readonly withinMs: number
}

export function webhook({ name, url, body, withinMs }: WebhookOptions): Channel {
  return { name, send: (text, until) => post(url, body(text), AbortSignal.any([until, AbortSignal.timeout(withinMs)])) }
}

async function post(url: string, body: object, signal: AbortSignal): Promise<Delivered> {
  const headers = { 'content-type': 'application/json' }
  try {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error', signal })
    await answer.body?.cancel()
    if (answer.ok) return 'sent'
    return answer.status === 429 || answer.status >= 500 ? 'later' : 'refused'
  } catch {
    return 'later'
  }
}

/** The environment variables that name webhooks, and the body that each service expects. */
const services = [
  { name: 'Slack', variable: 'MYCELIA_SLACK_WEBHOOK', body: (text: string) => ({ text }) },
  { name: 'Discord', variable: 'MYCELIA_DISCORD_WEBHOOK', body: (content: string) => ({ content }) },
] as const

/** The webhooks that the environment names. Throws where one is not an http address. */
export function webhooksIn(environment: Readonly<Record<string, string | undefined>>, withinMs: number): Channel[] {
  return services.flatMap(({ name, variable, body }) => {
    const url = environment[variable]
    if (!url) return []
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [webhook({ name, url, body, withinMs })]
    throw new OperatorError({ what: variable, expected: 'the http address of a webhook', got: 'something else' })
  })
}
