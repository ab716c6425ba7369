/** A link shows another picture than the run does now: the reader says which it shall be. */

import type { AddressState } from './use-address.js'

export function RestoreBar({ address, canControl }: { address: AddressState; canControl: boolean }) {
  const { offered, beginsAnew, foreign, follow, stay } = address
  if (offered === undefined && foreign === undefined) return null
  return (
    <div class="restore" role="alert">
      {foreign !== undefined ? (
        <p>
          The link is of the scenario <b>{foreign}</b>, which does not run here.
        </p>
      ) : (
        <p>
          The link shows <b>{offered}</b>.{' '}
          {!canControl
            ? 'Only who has control can bring the run there.'
            : beginsAnew
              ? 'The run would begin anew for it.'
              : 'The run would stop at that step.'}
        </p>
      )}
      {offered !== undefined && canControl && (
        <button type="button" onClick={follow}>
          Show it
        </button>
      )}
      <button type="button" class="plain" onClick={stay}>
        Stay with this run
      </button>
    </div>
  )
}
