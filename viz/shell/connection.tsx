/** How the line to a run is, where it is not simply open. */

import type { FrameSource } from '../source/frame-source.js'

export function ConnectionBanner({ source }: { source: FrameSource }) {
  const { state, reason } = source
  if (state === 'open') return null
  return (
    <p class={`connection ${state}`} role="status">
      {state === 'connecting' && 'Connecting…'}
      {state === 'lost' && 'The connection is lost. This is the last picture; trying again…'}
      {state === 'closed' && `This run is no longer shown${reason === undefined ? '.' : `: ${reason}`}`}
    </p>
  )
}
