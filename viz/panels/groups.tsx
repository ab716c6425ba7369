/** Groups of a chart, with their colours; a click hides one. */

import { categoryColor } from '../../src/view/index.js'

export interface GroupsProps {
  readonly groups: readonly string[]
  readonly hidden: ReadonlySet<string>
  onTurn(group: string): void
}

export function Groups({ groups, hidden, onTurn }: GroupsProps) {
  if (groups.length === 0) return null
  return (
    <ul class="groups">
      {groups.map((group, i) => (
        <li key={group}>
          <button type="button" aria-pressed={!hidden.has(group)} onClick={() => onTurn(group)}>
            <span class="swatch" style={{ background: categoryColor(i) }} />
            {group}
          </button>
        </li>
      ))}
    </ul>
  )
}

export function turned(hidden: ReadonlySet<string>, group: string): Set<string> {
  const next = new Set(hidden)
  if (!next.delete(group)) next.add(group)
  return next
}
