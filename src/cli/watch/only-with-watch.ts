import { OperatorError } from '../../core/index.js'

/** Refuses the port of a page that is not served. `flag`: what serves it. */
export function onlyWithWatch({ watch, port }: { readonly watch?: boolean; readonly port?: number }, flag = '--watch'): void {
  if (port === undefined || watch === true) return
  throw new OperatorError({
    what: '--port',
    expected: `${flag} beside it`,
    got: port,
    next: `Add ${flag}, or leave --port out.`,
  })
}
