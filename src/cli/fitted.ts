/** Text within the width of a terminal: sentences break between words, tables give up columns in a written order. */

/** A column of a table; `keep`: the greater, the longer it stays. */
export interface FittedColumn {
  readonly head: string
  readonly cells: readonly string[]
  readonly align: 'left' | 'right'
  readonly keep: number
}

const gap = '  '

/** A heading and its rows, no line longer than `width`: the columns with the least `keep` go first. */
export function fittedTable(columns: readonly FittedColumn[], width: number): string {
  let shown = [...columns]
  while (shown.length > 1 && widthOf(shown) > width) {
    const least = Math.min(...shown.map(({ keep }) => keep))
    shown = shown.filter(({ keep }) => keep !== least)
  }
  const rows = Math.max(0, ...shown.map(({ cells }) => cells.length))
  const lines = [shown.map(column => padded(column, column.head))]
  for (let row = 0; row < rows; row++) lines.push(shown.map(column => padded(column, column.cells[row] ?? '')))
  return lines.map(cells => `${cut(cells.join(gap).trimEnd(), width)}\n`).join('')
}

function widthOf(columns: readonly FittedColumn[]): number {
  return columns.reduce((sum, column) => sum + columnWidth(column), 0) + gap.length * (columns.length - 1)
}

function columnWidth({ head, cells }: FittedColumn): number {
  return Math.max(head.length, ...cells.map(cell => cell.length))
}

function padded(column: FittedColumn, cell: string): string {
  const width = columnWidth(column)
  return column.align === 'left' ? cell.padEnd(width) : cell.padStart(width)
}

/** Lines of at most `width` characters, of which there are more than the indent has; those after the first are indented. What would move the cursor becomes a space. */
export function wrapped(text: string, width: number, indent = '  '): string {
  return text
    .split('\n')
    .map(paragraph => wrappedParagraph(paragraph, width, indent))
    .join('')
}

function wrappedParagraph(text: string, width: number, indent: string): string {
  const words = printable(text)
    .split(' ')
    .flatMap(word => pieces(word, width - indent.length))
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = indent + word
    }
  }
  return [...lines, line].map(each => `${each}\n`).join('')
}

/** A word that is longer than a line in parts, so that nothing of it is lost. */
function pieces(word: string, most: number): string[] {
  const parts: string[] = []
  for (let at = 0; at < word.length; at += most) parts.push(word.slice(at, at + most))
  return parts
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
}
