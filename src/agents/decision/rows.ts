/** Small tables that a person writes: a header, rows of as many cells, and errors that name file, line and column. */

import { OperatorError } from '../../core/index.js'
import { Cells, shapeError } from '../../market/index.js'

const COMMA = 44

/** Most of one table. */
export interface TableBounds {
  readonly rows: number
  readonly characters: number
}

/** One row with its places. */
export class Row<C extends string> {
  constructor(
    private readonly text: string,
    readonly line: number,
    readonly file: string,
    private readonly columns: readonly C[],
    private readonly cells: Cells,
  ) {}

  cell(name: C): string {
    return this.cells.text(this.text, this.columns.indexOf(name))
  }

  column(name: C): number {
    return (this.cells.from[this.columns.indexOf(name)] ?? 0) + 1
  }

  wrong(name: C, expected: string): OperatorError {
    return shapeError(this.file, this.line, this.column(name), expected, this.cell(name) || 'nothing')
  }
}

/** Reads a table row by row; `take` may throw what its row is `wrong` in. @throws OperatorError with file:line:column. */
export function readRows<C extends string>(
  { text, file, columns, most }: { text: string; file: string; columns: readonly C[]; most: TableBounds },
  take: (row: Row<C>) => void,
): void {
  if (text.length > most.characters)
    throw new OperatorError({ what: file, expected: `at most ${most.characters} characters`, got: text.length })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const cells = new Cells()
  let rows = 0
  for (const [i, line] of lines.entries()) {
    if (line === '' && i > 0) continue
    if (!cells.cut(line, 0, line.length, COMMA) || cells.count !== columns.length)
      throw shapeError(file, i + 1, 1, `the columns ${columns.join(',')}`, line)
    cells.unquote(line)
    if (i === 0) {
      checkHeader(line, cells, file, columns)
      continue
    }
    if (++rows > most.rows) throw shapeError(file, i + 1, 1, `at most ${most.rows} rows`, 'one more')
    take(new Row(line, i + 1, file, columns, cells))
  }
}

function checkHeader(line: string, cells: Cells, file: string, columns: readonly string[]): void {
  columns.forEach((name, i) => {
    const got = cells.text(line, i)
    if (got !== name) throw shapeError(file, 1, (cells.from[i] ?? 0) + 1, `the column ${name}`, got || 'nothing')
  })
}
