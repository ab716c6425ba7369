/** What stays inside: the kernel in `model/`, and the flags of the command line in `cli/`. */
import ts from 'typescript'
import { roomOf } from './rooms.js'
import { type Finding, finding, isNamed, type Source, walk } from './source.js'

/** The page of a report is text too: its style sheet names custom properties as flags are named. */
const STYLE_SHEETS = /\/report\/(style\.ts$|client\/)/
const FLAG = /(?<![\w-])--[a-z][a-z-]*/

/** A model's `_kernel` is for `model/` alone: other rooms use what Simulation, Model and Agent offer. */
export function checkKernel(source: Source): Finding[] {
  if (roomOf(source.path) === 'model') return []
  const found: Finding[] = []
  walk(source.tree, node => {
    if (isNamed(node, '_kernel') || (ts.isStringLiteralLike(node) && node.text === '_kernel'))
      found.push(finding(source, node, 'the kernel belongs to model/: use Simulation, or runOf(model)'))
    return true
  })
  return found
}

/** A command of another program, given as the next move or run as a child. */
const OTHER_PROGRAM = /^(freqtrade|npm|chroma) /

/** Libraries name options (`steps`); only the command line knows flags. */
export function checkFlags(source: Source): Finding[] {
  const room = roomOf(source.path)
  if (room === undefined || room === 'cli' || STYLE_SHEETS.test(source.path)) return []
  const found: Finding[] = []
  walk(source.tree, node => {
    const text = textOf(node)
    const flag = text === undefined || OTHER_PROGRAM.test(text) ? undefined : text.match(FLAG)?.[0]
    if (flag !== undefined) found.push(finding(source, node, `${flag} is a flag of the command line: name the option`))
    return true
  })
  return found
}

function textOf(node: ts.Node): string | undefined {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
  return isText ? node.text : undefined
}
