/** Rows of cells: sorted by a click on a heading, searched, and opened where a row has details. */

import type { ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useState } from 'preact/hooks'
import type { RowOrder, TableRow } from '../../src/model/index.js'
import { shownCell } from './numbers.js'
import { field, type PanelProps } from './panel.js'
import { TakesOrders } from './row-order.js'
import { onSearch, searchIn } from './searches.js'
import { Spark } from './spark.js'

const shownRows = 200

export function Table({ description, parts, name, version, offer }: PanelProps) {
  const rows = useMemo(() => rowsOf(parts, name), [parts.json(`${name}/value`), parts.json(`${name}/cells`)])
  const { title, links = {}, min = -1, max = 1 } = description
  const columns = description.columns ?? Object.keys(rows[0]?.cells ?? {})
  const sparks = field<readonly (readonly number[])[]>(parts, name, 'sparks')
  const sparkOf = sparks && new Map(rows.map((row, i) => [row, sparks[i] ?? []]))
  const [sort, setSort] = useState<{ column: string; down: boolean }>()
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<string>()
  const take = useContext(TakesOrders)
  const takesOrders = take !== undefined && rows.some(({ order }) => order !== undefined)
  const found = useMemo(
    () =>
      sorted(
        rows.filter(row => holds(row, search)),
        sort,
      ),
    [rows, search, sort],
  )
  useEffect(() => onSearch(title, setSearch), [title])
  useEffect(
    () => offer({ rows: () => ({ columns, rows: found.map(({ cells }) => columns.map(column => cells[column])) }) }),
    [version, search, sort],
  )
  if (rows.length === 0) return <p class="empty">{description.empty ?? 'Nothing here yet.'}</p>
  const turn = (column: string) => setSort(sort?.column === column ? { column, down: !sort.down } : { column, down: true })
  return (
    <div class="table-panel">
      {(rows.length > 8 || search !== '') && (
        <input
          type="search"
          placeholder="Search rows"
          aria-label={`Search ${title}`}
          value={search}
          onInput={event => setSearch(event.currentTarget.value)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section class="table-scroll" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              {columns.map(column => (
                <th
                  key={column}
                  class={typeof rows[0]?.cells[column] === 'number' ? 'number' : undefined}
                  aria-sort={sort?.column === column ? (sort.down ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" onClick={() => turn(column)}>
                    {column}
                    <span aria-hidden="true">{sort?.column === column ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              ))}
              {sparkOf !== undefined && <th>{`from ${min} to ${max}`}</th>}
              {takesOrders && <th class="hidden-head">Order</th>}
            </tr>
          </thead>
          <tbody>
            {withKeys(found.slice(0, shownRows), columns).map(([key, row]) => {
              return (
                <Row
                  key={key}
                  row={row}
                  columns={columns}
                  isOpen={open === key}
                  onTurn={() => setOpen(open === key ? undefined : key)}
                  links={links}
                  spark={
                    sparkOf && (
                      <Spark values={sparkOf.get(row) ?? []} label={String(row.cells[columns[0] ?? ''])} range={[min, max]} />
                    )
                  }
                  {...(takesOrders && { onOrder: take })}
                />
              )
            })}
          </tbody>
        </table>
      </section>
      {found.length > shownRows && (
        <p class="note">
          The first {shownRows} of {found.length}. Search, or save all as CSV.
        </p>
      )}
    </div>
  )
}

interface RowProps {
  readonly row: TableRow
  readonly columns: readonly string[]
  readonly isOpen: boolean
  onTurn(): void
  /** Columns whose cells lead to another panel. */
  readonly links: Readonly<Record<string, string>>
  readonly spark: ComponentChildren
  /** Present where the rows of this table offer orders. */
  onOrder?(order: RowOrder): void
}

function Row({ row, columns, isOpen, onTurn, links, spark, onOrder }: RowProps) {
  const opens = row.detail !== undefined && row.detail.length > 0
  return (
    <>
      <tr class={opens ? 'opens' : undefined} {...(opens && { onClick: onTurn })}>
        {columns.map((column, i) => {
          const cell = row.cells[column]
          return (
            <td key={column} class={typeof cell === 'number' ? 'number' : undefined}>
              {opens && i === 0 ? (
                <button type="button" class="opener" aria-expanded={isOpen}>
                  {shownCell(cell)}
                </button>
              ) : (
                <Cell cell={cell} panel={links[column]} />
              )}
            </td>
          )
        })}
        {spark !== undefined && <td>{spark}</td>}
        {onOrder !== undefined && <td>{row.order !== undefined && <OrderButton order={row.order} onOrder={onOrder} />}</td>}
      </tr>
      {isOpen && opens && (
        <tr class="row-detail">
          <td colSpan={columns.length + (onOrder === undefined ? 0 : 1) + (spark === undefined ? 0 : 1)}>
            {row.detail?.map(line => (
              <p key={line}>{line}</p>
            ))}
          </td>
        </tr>
      )}
    </>
  )
}

/** What is known of elsewhere leads there. */
function Cell({ cell, panel }: { cell: unknown; panel: string | undefined }) {
  if (panel === undefined || typeof cell !== 'string' || cell === '') return <>{shownCell(cell)}</>
  const click = (event: Event) => {
    event.stopPropagation()
    searchIn(panel, `"${cell}"`)
  }
  return (
    <button type="button" class="opener" onClick={click} title={`Look for it in “${panel}”`}>
      {cell}
    </button>
  )
}

/** Rows as they are, or, where there are many, by column: `cells`, and `details` by row. */
function rowsOf(parts: PanelProps['parts'], name: string): readonly TableRow[] {
  const cells = field<Readonly<Record<string, TableRow['cells'][string][]>>>(parts, name, 'cells')
  if (cells === undefined) return field<readonly TableRow[]>(parts, name, 'value') ?? []
  const details = field<readonly (readonly string[] | null)[]>(parts, name, 'details') ?? []
  const columns = Object.entries(cells)
  return (columns[0]?.[1] ?? []).map((_, i) => ({
    cells: Object.fromEntries(columns.map(([column, values]) => [column, values[i] ?? null])),
    ...(details[i] && { detail: details[i] }),
  }))
}

function OrderButton({ order, onOrder }: { order: RowOrder; onOrder(order: RowOrder): void }) {
  const click = (event: Event) => {
    event.stopPropagation()
    onOrder(order)
  }
  return (
    <button type="button" class="row-order" onClick={click} title={order.says}>
      {order.label}
    </button>
  )
}

/** A row stays open while others come before it: it is known by what it says, and equal ones by their order. */
function withKeys(rows: readonly TableRow[], columns: readonly string[]): [string, TableRow][] {
  const seen = new Map<string, number>()
  return rows.map(row => {
    const said = columns
      .slice(0, 4)
      .map(column => String(row.cells[column]))
      .join('|')
    const count = seen.get(said) ?? 0
    seen.set(said, count + 1)
    return [`${said}#${count}`, row]
  })
}

/** In quotes: a whole cell. */
function holds({ cells }: TableRow, search: string): boolean {
  const wanted = search.trim().toLowerCase()
  const whole = /^"(.*)"$/.exec(wanted)?.[1]
  if (whole !== undefined) return Object.values(cells).some(cell => String(cell).toLowerCase() === whole)
  return wanted === '' || Object.values(cells).some(cell => String(cell).toLowerCase().includes(wanted))
}

function sorted(rows: readonly TableRow[], sort: { column: string; down: boolean } | undefined): readonly TableRow[] {
  if (sort === undefined) return rows
  const sign = sort.down ? -1 : 1
  return [...rows].sort((a, b) => sign * compared(a.cells[sort.column], b.cells[sort.column]))
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a ?? '').localeCompare(String(b ?? ''), 'en')
}
