import { OperatorError } from '../core/index.js'

/** What a reader is told of an error. Why something broke inside may name paths, which are nobody's business but the operator's. */
export function sentenceOf(error: unknown): string {
  return error instanceof OperatorError ? error.message : 'This could not be done: something failed inside.'
}
