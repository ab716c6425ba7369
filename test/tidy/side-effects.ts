/** What files do when they are imported: they build up what they declare, and nothing else, as package.json promises to bundlers. */
import ts from 'typescript'
import { type Finding, finding, type Source } from './source.js'

/** Files that are started, and what is bundled with them whole. */
export const PROGRAMS =
  /^src\/(cli\/main\.ts|cli\/api\/worker\.ts|(world|server|pool|ops)\/\w+\/(\w+-)?entry\.ts|report\/client\/)/

export function checkSideEffects(source: Source): Finding[] {
  const own = new Set(source.tree.statements.flatMap(declaredBy))
  const acting = source.tree.statements.filter(statement => acts(statement, own))
  return acting.map(statement =>
    finding(source, statement, `is lost where a bundler leaves the file out: ${firstLine(statement)}`),
  )
}

const firstLine = (node: ts.Node): string => node.getText().split('\n')[0] ?? ''

function declaredBy(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name.getText())
  if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? '']
  return []
}

function acts(statement: ts.Statement, own: ReadonlySet<string>): boolean {
  if (ts.isImportDeclaration(statement)) return statement.importClause === undefined
  if (ts.isExpressionStatement(statement)) return !own.has(changedBy(statement.expression, own))
  if (ts.isForOfStatement(statement)) return !own.has(rootOf(statement.expression))
  return ts.isIterationStatement(statement, false) || ts.isIfStatement(statement) || ts.isTryStatement(statement)
}

/** What an expression is about: the left side of an assignment, a function of this file, else the first thing a function is given. */
function changedBy(expression: ts.Expression, own: ReadonlySet<string>): string {
  if (ts.isBinaryExpression(expression)) return rootOf(expression.left)
  if (!ts.isCallExpression(expression)) return ''
  const called = rootOf(expression.expression)
  const [first] = expression.arguments
  return own.has(called) || first === undefined ? called : rootOf(first)
}

/** `Agent` of `Agent.prototype.status`. */
function rootOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return rootOf(expression.expression)
  return ts.isIdentifier(expression) ? expression.text : ''
}
