/** What files do when they are imported: nothing, as package.json promises to bundlers, which then leave out what is unused. */
import ts from 'typescript'
import { type Finding, finding, isNamed, type Source } from './source.js'

/** Files that are started and never imported. */
export const PROGRAMS: ReadonlySet<string> = new Set(['src/cli/main.ts', 'src/report/client/main.ts'])

export function checkSideEffects(source: Source): Finding[] {
  const classes = new Set(source.tree.statements.filter(ts.isClassDeclaration).map(({ name }) => name?.text))
  return source.tree.statements
    .filter(statement => acts(statement, classes))
    .map(statement =>
      finding(source, statement, `importing it does something, which bundlers leave out: ${statement.getText().split('\n')[0]}`),
    )
}

/** A class may be registered for checkpoints in its own file: whoever uses the class gets both. */
function acts(statement: ts.Statement, classes: ReadonlySet<string | undefined>): boolean {
  if (ts.isImportDeclaration(statement)) return statement.importClause === undefined
  if (!ts.isExpressionStatement(statement)) return ts.isIterationStatement(statement, false) || ts.isIfStatement(statement)
  const { expression } = statement
  if (!ts.isCallExpression(expression) || !isNamed(expression.expression, 'registerSaveable')) return true
  const [registered] = expression.arguments
  return registered === undefined || !ts.isIdentifier(registered) || !classes.has(registered.text)
}
