/** The keys of the page. */

import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icons.js'
import { keyMeanings } from './shortcuts.js'

export function HelpSheet({ onClose }: { onClose(): void }) {
  const sheet = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    sheet.current?.showModal()
  }, [])
  return (
    <dialog ref={sheet} class="sheet" onClose={onClose} aria-labelledby="keys-title">
      <header>
        <h2 id="keys-title">Keys</h2>
        <button type="button" class="icon" onClick={() => sheet.current?.close()} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <dl class="keys">
        {keyMeanings.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(/ +/).map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        In the world: drag to shift it, wheel or two fingers to zoom, click an agent to follow it. Or reach the world by Tab:
        arrow keys go from agent to agent, Enter follows one.
      </p>
    </dialog>
  )
}
