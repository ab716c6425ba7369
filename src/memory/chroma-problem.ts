/** What is wrong when a request to Chroma fails: something that may pass, or something an operator must change. */

import { asSentence, MyceliaError, OperatorError, TransientError } from '../core/index.js'

/** A collection that holds vectors of another embedding. */
export class OtherEmbedding extends OperatorError {}

/** Refusals: the same request would be refused again. */
const refusals = new Set([
  'ChromaClientError',
  'ChromaValueError',
  'InvalidArgumentError',
  'ChromaUnauthorizedError',
  'ChromaForbiddenError',
  'ChromaQuotaExceededError',
])

/** `lateMs`: the limit of time that was passed. */
export function chromaProblem(error: unknown, lateMs?: number): Error {
  if (error instanceof MyceliaError) return error
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  if (lateMs !== undefined) return new TransientError(`Chroma did not answer within ${lateMs} ms.`, { cause: error })
  if (name === 'ChromaConnectionError') return new TransientError('Chroma cannot be reached.', { cause: error })
  if (refusals.has(name)) {
    const next = 'Look into the collection with: mycelia memory check'
    return new OperatorError({ what: `Chroma refuses a request (${message})`, next }, { cause: error })
  }
  return new TransientError(asSentence(`Chroma failed: ${message}`), { cause: error })
}
