/** Questions to the outside that a check asks: whether an address answers, and whether a model answers right. */

import { Breaker } from '../breaker.js'
import type { Clock } from '../clock.js'
import type { ModelAnswer } from './checks.js'
import type { ModelProbe } from './settings.js'

/** How long an answer is waited for, ms. */
const withinMs = 5_000
/** Characters of an answer that are read. */
const longestAnswer = 1 << 20
/** An address that failed so often is left alone for a while, and counts as away. */
const breaking = { failures: 3, openMs: 300_000 } as const

/** The sources of one child. */
export class SourceReach {
  private readonly breakers: ReadonlyMap<string, Breaker>

  constructor(urls: readonly string[], clock: Clock) {
    this.breakers = new Map(urls.map(url => [url, new Breaker(breaking, clock)]))
  }

  /** Any answer counts but one that says that the service is down. */
  async ask(until: AbortSignal): Promise<Record<string, boolean>> {
    const answers = [...this.breakers].map(async ([url, breaker]) => [url, await reaches(url, breaker, until)] as const)
    return Object.fromEntries(await Promise.all(answers))
  }
}

async function reaches(url: string, breaker: Breaker, until: AbortSignal): Promise<boolean> {
  if (!breaker.allows()) return false
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([until, AbortSignal.timeout(withinMs)]) })
    await answer.body?.cancel()
    if (answer.status < 500) {
      breaker.succeeded()
      return true
    }
  } catch {
    // counted below
  }
  breaker.failedOnce()
  return false
}

/** Asks a model a question whose answer is known. */
export async function askModel({ url, body, answer, tolerance }: ModelProbe, until: AbortSignal): Promise<ModelAnswer> {
  try {
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.any([until, AbortSignal.timeout(withinMs)])
    const said = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
    const text = await said.text()
    if (!said.ok || text.length > longestAnswer) return { state: 'silent', detail: `it answers with status ${said.status}` }
    return compared(JSON.parse(text), answer, tolerance)
  } catch {
    return { state: 'silent', detail: 'it does not answer' }
  }
}

function compared(said: unknown, right: readonly number[], tolerance: number): ModelAnswer {
  if (!Array.isArray(said) || said.length !== right.length)
    return { state: 'wrong', detail: `it answers with something else than ${right.length} numbers` }
  const off = said.findIndex((value, i) => !(Math.abs(Number(value) - (right[i] ?? Number.NaN)) <= tolerance))
  return off < 0
    ? { state: 'right' }
    : { state: 'wrong', detail: `number ${off} of its answer is ${said[off]}, not ${right[off]}` }
}
