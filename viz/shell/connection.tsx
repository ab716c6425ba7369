/** How the line to a run is, where it is not simply open. */

import type { Run } from './run.js'
import { useRun } from './use-run.js'

export function ConnectionBanner({ run }: { run: Run }) {
  useRun(run)
  const { state, reason } = run.source
  if (state === 'open') return null
  return (
    <p class={`connection ${state}`} role="status">
      {state === 'connecting' && 'Connecting…'}
      {state === 'lost' && 'The connection is lost. This is the last picture; trying again…'}
      {state === 'closed' && `This run is no longer shown${reason === undefined ? '.' : `: ${reason}`}`}
    </p>
  )
}
