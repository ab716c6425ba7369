/** Tables sorted by a click on a column's head; again turns the order round. */

export function makeSortable(table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll<HTMLTableCellElement>('thead th')]
  heads.forEach((head, column) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener('click', () => sortBy(table, heads, column))
  })
}

/** Numbers begin with the greatest, words with A. */
function sortBy(table: HTMLTableElement, heads: readonly HTMLTableCellElement[], column: number): void {
  const head = heads[column]
  const body = table.tBodies[0]
  if (head === undefined || body === undefined) return
  const rows = [...body.rows]
  const numeric = rows.every(row => !Number.isNaN(Number(keyOf(row, column))))
  const before = head.getAttribute('aria-sort')
  const down = before === null ? numeric : before === 'ascending'
  for (const other of heads) other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
  rows.sort((a, b) => compare(keyOf(a, column), keyOf(b, column), numeric) * (down ? -1 : 1))
  body.append(...rows)
}

function keyOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column]
  return cell?.dataset.by ?? cell?.textContent ?? ''
}

function compare(a: string, b: string, numeric: boolean): number {
  if (numeric) return Number(a) - Number(b)
  return a < b ? -1 : a > b ? 1 : 0
}
