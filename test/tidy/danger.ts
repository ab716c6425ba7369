/** Ways for data to become code: SQL put together from pieces, shells, `eval`. One escape, `// sql-ok: <why>`, for names that cannot be bound. */
import ts from 'typescript'
import { type Finding, finding, importsOf, isNamed, lineOf, type Source, walk } from './source.js'

const SQL =
  /^\s*(select|insert\s+(or\s+\w+\s+)?into|replace\s+into|update|delete\s+from|create|alter|drop|pragma|attach|vacuum|with)\s/i
const ESCAPE = /\/\/ sql-ok: \S.{9,}$/
const SHELLS = new Set(['exec', 'execSync'])
const CHILD_PROCESS = new Set(['node:child_process', 'child_process'])
const EVALUATORS = new Set(['node:vm', 'vm'])

export function checkDanger(source: Source): Finding[] {
  const found: Finding[] = importsOf(source)
    .filter(seen => EVALUATORS.has(seen.specifier) && !seen.typeOnly)
    .map(seen => ({ path: source.path, line: seen.line, says: 'node:vm runs text as code' }))
  walk(source.tree, node => {
    const says = codeHit(node) ?? shellHit(node) ?? (sqlExcused(source, node) ? undefined : sqlHit(node))
    if (says !== undefined) found.push(finding(source, node, says))
    return true
  })
  return found
}

function codeHit(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined
  if (isNamed(node.expression, 'eval') || isNamed(node.expression, 'Function')) return 'text must not be run as code'
  const timer = isNamed(node.expression, 'setTimeout') || isNamed(node.expression, 'setInterval')
  return timer && node.arguments?.[0] && isText(node.arguments[0]) ? 'a timer with text for a handler is eval' : undefined
}

function shellHit(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && CHILD_PROCESS.has(node.moduleSpecifier.text)) {
    const bindings = node.importClause?.namedBindings
    if (!bindings || !ts.isNamedImports(bindings)) return 'import what you need of child_process by name'
    const shell = bindings.elements.find(element => SHELLS.has((element.propertyName ?? element.name).text))
    return shell ? `${shell.name.text} starts a shell; use execFile or spawn` : undefined
  }
  const option = ts.isPropertyAssignment(node) && isNamed(node.name, 'shell')
  return option && node.initializer.kind !== ts.SyntaxKind.FalseKeyword
    ? 'no shell: its quoting is not ours to get right'
    : undefined
}

/** Built text that begins like SQL, or built text handed to `prepare`. */
function sqlHit(node: ts.Node): string | undefined {
  if (isBuilt(node) && !isBuilt(node.parent) && SQL.test(headOf(node))) return 'SQL is written whole, with bound parameters'
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== 'prepare')
    return undefined
  const [statement] = node.arguments
  return statement && isBuilt(statement) && !SQL.test(headOf(statement))
    ? 'prepare takes SQL written whole, with bound parameters'
    : undefined
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || isBuilt(node)
}

/** A template with holes, or a sum that has text in it and is more than literals. */
function isBuilt(node: ts.Node): boolean {
  if (ts.isTemplateExpression(node)) return true
  if (!isSum(node)) return false
  const parts = partsOf(node)
  return parts.some(isTextual) && !parts.every(part => ts.isStringLiteralLike(part))
}

function isSum(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken
}

function isTextual(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function partsOf(node: ts.Node): ts.Node[] {
  return isSum(node) ? [...partsOf(node.left), ...partsOf(node.right)] : [node]
}

function headOf(node: ts.Node): string {
  const [first] = partsOf(node)
  if (!first) return ''
  if (ts.isTemplateExpression(first)) return first.head.text
  return ts.isStringLiteralLike(first) ? first.text : ''
}

function sqlExcused(source: Source, node: ts.Node): boolean {
  const line = lineOf(source, node)
  return [line, line - 1].some(at => ESCAPE.test(source.lines[at - 1] ?? ''))
}
