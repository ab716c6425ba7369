/** A failure as a person can use it: what failed, in which step, of which agent, at which line of the user's source. */

import { MyceliaError } from '../core/index.js'
import { AgentFailure } from '../model/index.js'
import { type RunError, StorageError } from '../storage/index.js'
import { placesOf } from './source-places.js'

/** Most calls of a stack that are kept. */
const mostCalls = 20

/** What is known of a failure before it is known how much could be kept. */
export type Failure = Omit<RunError, 'kept' | 'next'>

/** Names place and step, where the error's own sentence does not. */
export function failureOf(error: unknown, step: number, seed: number): Failure {
  const places = placesOf(error)
  const [first] = places
  const agent = agentOf(error)
  const said = sentenceOf(error, step, seed)
  return {
    message: first === undefined ? said : `${first.place}: ${said}`,
    step,
    ...(agent === undefined ? {} : { agent }),
    ...(first === undefined ? {} : { place: first.place }),
    ...(places.length === 0 ? {} : { calls: places.slice(0, mostCalls).map(({ call, place }) => `${call} ${place}`.trim()) }),
  }
}

function sentenceOf(error: unknown, step: number, seed: number): string {
  if (error instanceof AgentFailure || error instanceof StorageError) return error.message
  if (error instanceof MyceliaError) return `step ${step}, seed ${seed}: ${error.message}`
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `step ${step}, seed ${seed}: ${said.split('\n')[0]}`
}

function agentOf(error: unknown): string | undefined {
  if (error instanceof AgentFailure) return error.agent
  return error instanceof Error && error.cause !== undefined ? agentOf(error.cause) : undefined
}
