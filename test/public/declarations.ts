/** The doors as a user's compiler sees them: the declarations that ship, emitted in memory, with what each public name mentions. */
import { join, relative } from 'node:path'
import ts from 'typescript'
import { blocksOf, pages, programsOf } from '../docs/pages.js'
import { root } from '../tidy/tree.js'

/** What users import the entries as, and the files they are. */
export const DOORS = {
  mycelia: 'src/index.ts',
  'mycelia/market': 'src/market.ts',
  'mycelia/node': 'src/node.ts',
  'mycelia/spaces': 'src/spaces.ts',
} as const

export interface PublicName {
  readonly door: string
  readonly name: string
  readonly kind: 'value' | 'type'
  /** Where it is declared, without the extension. */
  readonly file: string
  /** The docstring's text, empty where there is no docstring. */
  readonly doc: string
  /** Names of the package that its declaration mentions and no door exports, each with its file. */
  readonly hidden: readonly string[]
}

const users = new Map(
  pages.flatMap(page => programsOf(blocksOf(page))).map((user, i) => [join(root, `user-${i}.ts`), user] as const),
)
const program = declared()

/** What a compiler that checks the declarations of its libraries would say of ours. */
export function complaints(): string[] {
  const own = program.getSourceFiles().filter(({ fileName }) => isOwn(fileName))
  return own
    .flatMap(file => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(
      ({ file, messageText }) => `${relative(root, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
}

/** What it would say of the programs of the documentation, which see our declarations as a user's do: internals stripped. */
export function complaintsOfUsers(): string[] {
  return [...users.keys()].flatMap(file =>
    program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => `${users.get(file)?.page}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  )
}

/** Every name of every door, in the order of the doors and then of the alphabet. */
export function publicNames(): PublicName[] {
  const checker = program.getTypeChecker()
  const doors = Object.entries(DOORS).map(([door, file]) => ({ door, symbols: exportsOf(program, file) }))
  const open = new Set(doors.flatMap(({ symbols }) => symbols.flatMap(symbol => reached(checker, symbol))))
  return doors.flatMap(({ door, symbols }) => symbols.map(symbol => described(door, symbol, checker, open)))
}

function described(door: string, symbol: ts.Symbol, checker: ts.TypeChecker, open: ReadonlySet<ts.Symbol>): PublicName {
  const target = real(checker, symbol)
  return {
    door,
    name: symbol.name,
    kind: isValue(checker, symbol) ? 'value' : 'type',
    file: fileOf(target) ?? '',
    doc: docOf(checker, target),
    hidden: [...mentioned(checker, target)].filter(seen => !open.has(seen)).map(seen => `${seen.name} (${fileOf(seen)})`),
  }
}

/** The docstring; of a namespace, the sentence its file begins with. */
function docOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const text = symbol.declarations?.find(ts.isSourceFile)?.text
  if (text === undefined) return ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const comment = ts.getLeadingCommentRanges(text, 0)?.[0]
  return comment === undefined ? '' : text.slice(comment.pos, comment.end)
}

/** The three doors and all they reach, as .d.ts files that are never written, internals stripped, and the users' programs. */
function declared(): ts.Program {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  )
  const entries = Object.values(DOORS).map(file => join(root, file))
  const emit = {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    sourceMap: false,
    stripInternal: true,
  }
  const texts = new Map<string, string>()
  ts.createProgram(entries, emit).emit(undefined, (file, text) => texts.set(file, text))
  for (const [file, { code }] of users) texts.set(file, code)
  const paths = Object.fromEntries(
    Object.entries(DOORS).map(([door, file]) => [door, [join(root, file.replace(/\.ts$/, '.d.ts'))]]),
  )
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = file => texts.has(file) || (!isOwn(file) && fileExists(file))
  host.readFile = file => texts.get(file) ?? readFile(file)
  host.getSourceFile = (file, language) => {
    const text = host.readFile(file)
    return text === undefined ? undefined : ts.createSourceFile(file, text, language, true)
  }
  return ts.createProgram(
    [...entries.map(file => file.replace(/\.ts$/, '.d.ts')), ...users.keys()],
    { ...options, paths, noImplicitOverride: true, skipLibCheck: false },
    host,
  )
}

function exportsOf(program: ts.Program, file: string): ts.Symbol[] {
  const source = program.getSourceFile(join(root, file.replace(/\.ts$/, '.d.ts')))
  const symbol = source && program.getTypeChecker().getSymbolAtLocation(source)
  if (symbol === undefined) throw new Error(`${file} exports nothing`)
  return program
    .getTypeChecker()
    .getExportsOfModule(symbol)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Symbols of the package that the declarations of `symbol` mention. */
function mentioned(checker: ts.TypeChecker, symbol: ts.Symbol): Set<ts.Symbol> {
  const found = new Set<ts.Symbol>()
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const at = checker.getSymbolAtLocation(node)
      const target = at && real(checker, at)
      if (target !== undefined && target !== symbol && isTopLevel(target)) found.add(target)
    }
    ts.forEachChild(node, visit)
  }
  for (const declaration of symbol.declarations ?? []) if (isOwn(declaration.getSourceFile().fileName)) visit(declaration)
  return found
}

/** Declared by one of our files and not within a class, an interface or a function. */
function isTopLevel(symbol: ts.Symbol): boolean {
  const declaration = symbol.declarations?.[0]
  if (declaration === undefined || fileOf(symbol) === undefined) return false
  const parent = ts.isVariableDeclaration(declaration) ? declaration.parent.parent.parent : declaration.parent
  return parent !== undefined && ts.isSourceFile(parent)
}

/** What a name lets out: itself, and all that it exports where it is a namespace. */
function reached(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol[] {
  const target = real(checker, symbol)
  const isNamespace = target.declarations?.some(ts.isSourceFile) === true
  return [target, ...(isNamespace ? checker.getExportsOfModule(target).map(one => real(checker, one)) : [])]
}

function isValue(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  const typeOnly = symbol.declarations?.some(
    node => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly),
  )
  return typeOnly !== true && (real(checker, symbol).flags & ts.SymbolFlags.Value) !== 0
}

function real(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function fileOf(symbol: ts.Symbol): string | undefined {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName
  return file !== undefined && isOwn(file) ? relative(root, file).replace(/(\.d)?\.ts$/, '') : undefined
}

function isOwn(file: string): boolean {
  return file.startsWith(join(root, 'src'))
}
