/** One source file as the checks see it: parsed by the TypeScript compiler, so comments and strings never count as code. */
import ts from 'typescript'

export interface Import {
  /** As written: `../core/index.js`, `node:fs`, `zod`. */
  specifier: string
  /** `import type`, `import('x').T` and imports whose every name is a type. */
  typeOnly: boolean
  /** `import('x')` in an expression. */
  dynamic: boolean
  line: number
}

export interface Source {
  /** From the root of the repository, with forward slashes. */
  path: string
  tree: ts.SourceFile
  lines: readonly string[]
}

/** What a check found. `line` is 0 where it concerns the file as a whole. */
export interface Finding {
  path: string
  line: number
  says: string
}

export function parse(path: string, text: string): Source {
  const kind = /\.m?js$|bin\//.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind), lines: text.split('\n') }
}

export function lineOf(source: Source, node: ts.Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1
}

export function finding(source: Source, node: ts.Node, says: string): Finding {
  return { path: source.path, line: lineOf(source, node), says }
}

export const show = ({ path, line, says }: Finding): string => `${path}${line === 0 ? '' : `:${line}`}: ${says}`

/** Every node of the tree, parents first. `visit` returns false where it does not want to see the children. */
export function walk(node: ts.Node, visit: (node: ts.Node) => boolean): void {
  if (visit(node)) ts.forEachChild(node, child => walk(child, visit))
}

export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  walk(source.tree, node => {
    const seen = importAt(node)
    if (seen) found.push({ ...seen, line: lineOf(source, node) })
    return true
  })
  return found
}

function importAt(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, onlyTypes(node.importClause))
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return named(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause))
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, true)
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return named(node.moduleReference.expression, node.isTypeOnly)
  }
  if (!ts.isCallExpression(node) || !node.arguments[0]) return undefined
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || isNamed(node.expression, 'require')
  return loads ? named(node.arguments[0], false, true) : undefined
}

function named(specifier: ts.Node, typeOnly: boolean, dynamic = false): Omit<Import, 'line'> | undefined {
  return ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, typeOnly, dynamic } : undefined
}

function onlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  return clause.isTypeOnly || (!clause.name && allTypes(clause.namedBindings))
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false
  return bindings.elements.length > 0 && bindings.elements.every(element => element.isTypeOnly)
}

export function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name
}
