/** Edges as a table: a line an edge, its ends in the columns `source` and `target`, its attributes in the others. */

import papaparse from 'papaparse'
import { OperatorError } from '../core/index.js'
import type { Attributes, Edge, NamedGraph } from '../space/index.js'
import { assertSimple } from './graphology.js'

export function readCsv(text: string, directed: boolean): NamedGraph {
  const { data, errors, meta } = papaparse.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  const [problem] = errors.filter(({ type }) => type !== 'Delimiter')
  if (problem !== undefined)
    throw new OperatorError({ what: `Line ${(problem.row ?? 0) + 2} of the table of edges: ${problem.message}` })
  const columns = meta.fields ?? []
  if (!(columns.includes('source') && columns.includes('target')))
    throw new OperatorError({
      what: 'The first line of the table of edges',
      expected: 'the names of its columns, with "source" and "target" among them',
      got: columns.join(','),
    })
  const numbers = new Map<string, number>()
  const numberOf = (name: string) => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    return number
  }
  const unnamed = data.findIndex(({ source, target }) => !source || !target)
  if (unnamed >= 0)
    throw new OperatorError({
      what: `Row ${unnamed + 1} of the table of edges`,
      expected: 'a source and a target',
      got: 'an empty field',
    })
  const edges = data.map(({ source = '', target = '', ...rest }): Edge => [numberOf(source), numberOf(target), typed(rest)])
  const names = [...numbers.keys()]
  assertSimple(edges, names, directed, 'the table of edges')
  return { nodes: names.length, edges, directed, names }
}

export function writeCsv(edges: readonly Edge[], nameOf: (node: number) => string): string {
  const columns = [...new Set(edges.flatMap(([, , attributes = {}]) => Object.keys(attributes)))]
  const rows = edges.map(([from, to, attributes]) => [
    nameOf(from),
    nameOf(to),
    ...columns.map(column => attributes?.[column] ?? ''),
  ])
  return `${papaparse.unparse({ fields: ['source', 'target', ...columns], data: rows }, { newline: '\n' })}\n`
}

/** Numbers and truth values as such; an empty field is no attribute. */
function typed(fields: Readonly<Record<string, string>>): Attributes {
  const filled = Object.entries(fields).filter(([, text]) => text !== '')
  return Object.fromEntries(filled.map(([name, text]) => [name, typedValue(text)]))
}

function typedValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  // A number that would be written otherwise is a name or a code: 007, or an id of twenty digits.
  return String(Number(text)) === text && text !== 'NaN' && !text.endsWith('Infinity') ? Number(text) : text
}
