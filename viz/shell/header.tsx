/** The head of the page: what runs here, and the page's own switches. */

import type { About } from '../../src/view/index.js'
import type { FrameSource } from '../source/frame-source.js'
import { Icon, type IconName } from './icons.js'
import { switchTheme } from './theme.js'

interface HeaderProps {
  readonly about: About | undefined
  readonly source: FrameSource
  readonly isComparing: boolean
  onCompare?(): void
  onCopy(): void
  onHelp(): void
}

export function Header({ about, source, isComparing, onCompare, onCopy, onHelp }: HeaderProps) {
  return (
    <header class="top">
      <span class="brand" aria-hidden="true">
        <Mark />
      </span>
      <h1>{about?.title ?? 'Mycelia'}</h1>
      {about !== undefined && (
        <span class="seed">
          seed <b>{String(about.seed)}</b>
        </span>
      )}
      {source.state === 'open' && !source.canControl && (
        <span class="notice" title="Open the page by the link with the control token to command the run">
          you are watching
        </span>
      )}
      <span class="grow" />
      {onCompare !== undefined && (
        <IconButton
          name={isComparing ? 'close' : 'compare'}
          label={isComparing ? 'Close the second run' : 'Show a second run'}
          onClick={onCompare}
        />
      )}
      <IconButton name="link" label="Copy a link to this picture" onClick={onCopy} />
      <IconButton name="theme" label="Dark or light (d)" onClick={switchTheme} />
      <IconButton name="help" label="Keys (?)" onClick={onHelp} />
    </header>
  )
}

function IconButton({ name, label, onClick }: { name: IconName; label: string; onClick(): void }) {
  return (
    <button type="button" class="icon" onClick={onClick} aria-label={label} title={label}>
      <Icon name={name} />
    </button>
  )
}

/** Threads that meet. */
function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 21v-6M12 15 5 9M12 15l7-6M12 15V6M5 9V4M19 9V4" />
      <circle cx="12" cy="15" r="2.2" />
      <circle cx="5" cy="4" r="1.7" />
      <circle cx="12" cy="5" r="1.7" />
      <circle cx="19" cy="4" r="1.7" />
    </svg>
  )
}
