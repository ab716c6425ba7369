import { OperatorError } from '../../core/index.js'

/** Refuses the port of a page that is not served. */
export function onlyWithWatch({ watch, port }: { readonly watch?: boolean; readonly port?: number }): void {
  if (port === undefined || watch === true) return
  throw new OperatorError({ what: '--port', expected: '--watch beside it', got: port, next: 'Add --watch, or leave --port out.' })
}
