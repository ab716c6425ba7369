/** The agents of a type, a page at a time: sorted and searched where the run is. */

import { useEffect, useState } from 'preact/hooks'
import { type AgentPage, question } from '../../src/view/index.js'
import type { Run } from './run.js'
import { searchText } from './search-text.js'
import { countText, valueText } from './text.js'
import { useQuestions, useRun } from './use-run.js'

const rowsOfPage = 50
/** A search is asked once the reader pauses, ms. */
const typing = 300

interface AgentTableProps {
  readonly run: Run
  readonly chosen: number | undefined
  onChoose(id: number): void
}

export function AgentTable({ run, chosen, onChoose }: AgentTableProps) {
  useRun(run)
  const counts = (run.parts.json('types') ?? {}) as Record<string, number>
  const types = Object.keys(counts)
  const [picked, setType] = useState<string>()
  const [sort, setSort] = useState({ column: '', descending: false })
  const [from, setFrom] = useState(0)
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const [kept, setKept] = useState<AgentPage>()
  useEffect(() => {
    const timer = setTimeout(() => {
      setSearch(searchText(typed))
      setFrom(0)
    }, typing)
    return () => clearTimeout(timer)
  }, [typed])

  const type = picked !== undefined && types.includes(picked) ? picked : (types[0] ?? '')
  const name = question('page', type, sort.column, sort.descending ? 'desc' : 'asc', from, rowsOfPage, search)
  useQuestions(run, type === '' ? [] : [name])
  const now = run.parts.json(name) as AgentPage | undefined
  useEffect(() => now && setKept(now), [now])
  const page = now ?? kept
  const choose = (next: string) => {
    setType(next)
    setSort({ column: '', descending: false })
    setFrom(0)
    setKept(undefined)
  }
  if (types.length === 0) return <p class="quiet">There are no agents yet.</p>
  return (
    <section class="agent-table" aria-label="Agents">
      <div class="controls">
        {types.length > 1 && (
          <select value={type} onChange={event => choose(event.currentTarget.value)} aria-label="Type of agents">
            {types.map(each => (
              <option key={each} value={each}>
                {each} ({countText(counts[each] ?? 0)})
              </option>
            ))}
          </select>
        )}
        <input
          type="search"
          value={typed}
          placeholder={`Search ${type}`}
          aria-label="Search agents"
          onInput={event => setTyped(event.currentTarget.value)}
        />
      </div>
      {page === undefined ? (
        <p class="quiet">Loading…</p>
      ) : (
        <>
          <Rows page={page} isOld={now === undefined} sort={sort} onSort={setSort} chosen={chosen} onChoose={onChoose} />
          <Pages from={from} found={page.found} onFrom={setFrom} />
        </>
      )}
    </section>
  )
}

interface Sort {
  readonly column: string
  readonly descending: boolean
}

interface RowsProps {
  readonly page: AgentPage
  readonly isOld: boolean
  readonly sort: Sort
  onSort(sort: Sort): void
  readonly chosen: number | undefined
  onChoose(id: number): void
}

function Rows({ page, isOld, sort, onSort, chosen, onChoose }: RowsProps) {
  if (page.found === 0) return <p class="quiet">No agent is like that.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reached by keyboard
    <section class="rows" tabIndex={0} aria-label="Rows of agents" aria-busy={isOld}>
      <table>
        <thead>
          <tr>
            {['key', ...page.columns].map(column => (
              <Heading key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {page.rows.map(([id, key, ...values]) => (
            <tr key={String(id)} class={id === chosen ? 'chosen' : ''}>
              <th scope="row">
                <button type="button" class="plain" onClick={() => onChoose(Number(id))}>
                  {String(key)}
                </button>
              </th>
              {values.map((value, i) => (
                <td key={i} class={typeof value === 'number' ? 'number' : ''}>
                  {valueText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Heading({ column, sort, onSort }: { column: string; sort: Sort; onSort(sort: Sort): void }) {
  const isSorted = sort.column === column
  return (
    <th scope="col" aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="plain" onClick={() => onSort({ column, descending: isSorted && !sort.descending })}>
        {column}
        <span aria-hidden="true">{isSorted ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
}

function Pages({ from, found, onFrom }: { from: number; found: number; onFrom(from: number): void }) {
  const to = Math.min(found, from + rowsOfPage)
  return (
    <nav class="pages" aria-label="Pages of agents">
      <button type="button" disabled={from === 0} onClick={() => onFrom(Math.max(0, from - rowsOfPage))}>
        Previous
      </button>
      <span>
        {found === 0 ? 0 : countText(Math.min(from + 1, found))}–{countText(to)} of {countText(found)}
      </span>
      <button type="button" disabled={to >= found} onClick={() => onFrom(from + rowsOfPage)}>
        Next
      </button>
    </nav>
  )
}
