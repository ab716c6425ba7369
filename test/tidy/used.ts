/** Exported names of `src/` that only tests use: they keep code alive that no program runs, and tests that check it prove nothing. */
import ts from 'typescript'
import { targetOf } from './rooms.js'
import { type Finding, finding, parse, type Source, walk } from './source.js'

/** The public entries. A name that one of them exports by name is used by the reader of that list. */
export const DOORS: Readonly<Record<string, string>> = {
  mycelia: 'src/index.ts',
  'mycelia/market': 'src/market.ts',
  'mycelia/node': 'src/node.ts',
  'mycelia/spaces': 'src/spaces.ts',
}

/** A module as importers see it. */
interface Module {
  readonly source: Source
  /** Declared here and exported: name → declaration. */
  readonly own: Map<string, ts.Node>
  /** Exported from elsewhere: name as seen from outside → where it comes from. */
  readonly passed: Map<string, Imported>
  /** Targets of `export * from`. */
  readonly stars: string[]
}

/** One name of another module; `*` means all of them. */
interface Imported {
  readonly from: string
  readonly name: string
}

/** Exported names that neither a program, another file of `src/`, a line of their own file nor a door's list uses. */
export function checkUsed(sources: readonly Source[]): Finding[] {
  const modules = new Map(sources.map(source => [source.path, moduleOf(source)]))
  const used = new Set<string>()
  for (const { source, passed } of modules.values()) {
    if (source.path.startsWith('test/')) continue
    for (const imported of importedNames(source)) markUsed(modules, imported, used)
    if (isDoor(source.path)) for (const imported of passed.values()) markUsed(modules, imported, used)
  }
  const shipped = [...modules.values()].filter(({ source }) => source.path.startsWith('src/'))
  return shipped.flatMap(module => unusedIn(module, used))
}

/**
 * A page as a program: its TypeScript blocks, and after them one import from every door of each name it tells its readers
 * of in `code`. A name that no door exports is found nowhere and so means nothing.
 */
export function programOfPage(path: string, text: string): Source {
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? '')
  const told = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([A-Za-z]\w*)(?:\(.*?\))?`/g)].map(([, name]) => name ?? '')
  const names = [...new Set(told)].map((name, i) => `${name} as told${i}`).join(', ')
  return parse(path, [...blocks, ...Object.keys(DOORS).map(door => `import { ${names} } from '${door}'`)].join('\n'))
}

function unusedIn({ source, own }: Module, used: ReadonlySet<string>): Finding[] {
  return [...own].flatMap(([name, declaration]) =>
    used.has(keyOf(source.path, name)) || usedInFile(source, name, declaration)
      ? []
      : [finding(source, declaration, `${name} is exported, and only tests use it`)],
  )
}

/** Marks the declaration that an import means, through every module that only passes it on. */
function markUsed(modules: ReadonlyMap<string, Module>, { from, name }: Imported, used: Set<string>): boolean {
  const module = modules.get(from)
  if (module === undefined) return false
  if (name === '*') return markAll(modules, module, used)
  if (module.own.has(name)) return Boolean(used.add(keyOf(from, name)))
  const passed = module.passed.get(name)
  if (passed !== undefined) return markUsed(modules, passed, used)
  return module.stars.some(star => markUsed(modules, { from: star, name }, used))
}

function markAll(modules: ReadonlyMap<string, Module>, module: Module, used: Set<string>): boolean {
  for (const name of module.own.keys()) used.add(keyOf(module.source.path, name))
  for (const imported of module.passed.values()) markUsed(modules, imported, used)
  for (const star of module.stars) markUsed(modules, { from: star, name: '*' }, used)
  return true
}

const keyOf = (path: string, name: string): string => `${path} ${name}`
const isDoor = (path: string): boolean => Object.values(DOORS).includes(path)

function moduleOf(source: Source): Module {
  const module: Module = { source, own: new Map(), passed: new Map(), stars: [] }
  const imports = new Map<string, Imported>()
  for (const statement of source.tree.statements) {
    if (ts.isImportDeclaration(statement))
      for (const [local, imported] of bindingsOf(source, statement)) imports.set(local, imported)
    else if (ts.isExportDeclaration(statement)) readExport(module, statement)
    else if (isExported(statement)) for (const [name, node] of declaredBy(statement)) module.own.set(name, node)
  }
  for (const [name, passed] of module.passed) {
    const imported = passed.from === source.path ? imports.get(passed.name) : undefined
    if (imported !== undefined) module.passed.set(name, imported)
  }
  return module
}

/** `export * from`, `export { a as b } from` and `export { a }`, which may name a declaration of this very file. */
function readExport({ source, own, passed, stars }: Module, statement: ts.ExportDeclaration): void {
  const from = statement.moduleSpecifier === undefined ? source.path : moduleNamed(source, statement.moduleSpecifier)
  if (from === undefined) return
  if (statement.exportClause === undefined) stars.push(from)
  else if (ts.isNamespaceExport(statement.exportClause)) passed.set(statement.exportClause.name.text, { from, name: '*' })
  else
    for (const element of statement.exportClause.elements) {
      const name = (element.propertyName ?? element.name).text
      if (from === source.path && declares(source, name)) own.set(element.name.text, element)
      else passed.set(element.name.text, { from, name })
    }
}

function declares(source: Source, name: string): boolean {
  return source.tree.statements.some(statement => declaredBy(statement).some(([declared]) => declared === name))
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(m => m.kind === ts.SyntaxKind.ExportKeyword) === true
}

function declaredBy(statement: ts.Statement): [string, ts.Node][] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(one =>
      ts.isIdentifier(one.name) ? [[one.name.text, one] as [string, ts.Node]] : [],
    )
  }
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  return named && statement.name !== undefined ? [[statement.name.text, statement]] : []
}

/** Every name a file takes from a module of the project: static imports, dynamic ones, and `import('x').T`. */
function importedNames(source: Source): Imported[] {
  const found: Imported[] = []
  walk(source.tree, node => {
    if (ts.isImportDeclaration(node)) found.push(...bindingsOf(source, node).map(([, imported]) => imported))
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push(...namesFrom(source, node.argument.literal, namedByType(node)))
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) {
      found.push(...namesFrom(source, node.arguments[0], takenFrom(node)))
    }
    return true
  })
  return found
}

function bindingsOf(source: Source, { moduleSpecifier, importClause }: ts.ImportDeclaration): [string, Imported][] {
  const from = moduleNamed(source, moduleSpecifier)
  const bindings = importClause?.namedBindings
  if (from === undefined || bindings === undefined) return []
  if (ts.isNamespaceImport(bindings)) return [[bindings.name.text, { from, name: '*' }]]
  return bindings.elements.map(({ name, propertyName }) => [name.text, { from, name: (propertyName ?? name).text }])
}

/** `import('x').T` and `typeof import('x')['a']`. */
function namedByType({ qualifier, parent }: ts.ImportTypeNode): string[] {
  if (qualifier !== undefined) return [qualifier.getText().replace(/\..*/, '')]
  const index =
    ts.isIndexedAccessTypeNode(parent) && ts.isLiteralTypeNode(parent.indexType) ? parent.indexType.literal : undefined
  return index !== undefined && ts.isStringLiteral(index) ? [index.text] : []
}

/** `const { a, b } = await import('x')` takes a and b, `(await import('x')).a` takes a; what names nothing takes nothing. */
function takenFrom(call: ts.CallExpression): string[] {
  let at: ts.Node = call.parent
  while (ts.isAwaitExpression(at) || ts.isParenthesizedExpression(at)) at = at.parent
  if (ts.isPropertyAccessExpression(at)) return [at.name.text]
  if (!ts.isVariableDeclaration(at) || !ts.isObjectBindingPattern(at.name)) return []
  return at.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText())
}

function namesFrom(source: Source, specifier: ts.Node, names: readonly string[]): Imported[] {
  const from = moduleNamed(source, specifier)
  return from === undefined ? [] : names.map(name => ({ from, name }))
}

/** The file a specifier means: a relative path, built files as their sources, or a public entry. */
function moduleNamed({ path }: Source, specifier: ts.Node): string | undefined {
  if (!ts.isStringLiteralLike(specifier)) return undefined
  return DOORS[specifier.text] ?? targetOf(path, specifier.text)?.replace(/^dist\//, '')
}

/** True where the file itself says the name outside its declaration. */
function usedInFile(source: Source, name: string, declaration: ts.Node): boolean {
  let used = false
  walk(source.tree, node => {
    if (node === declaration || ts.isExportDeclaration(node)) return false
    used ||= ts.isIdentifier(node) && node.text === name && !isMemberName(node)
    return !used
  })
  return used
}

/** A property of that name is another thing. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  const named = ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)
  return (named || ts.isPropertySignature(parent)) && parent.name === node
}
