/** Members of the kernel's and the spaces' classes that are private or internal: the published types do not have them. */

import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'

function source(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
}

function isHidden(member: ts.ClassElement): boolean {
  const flags = ts.getCombinedModifierFlags(member)
  if ((flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0) return true
  return ts.getJSDocTags(member).some(tag => tag.tagName.text === 'internal')
}

function hiddenIn(tree: ts.SourceFile): string[] {
  return tree.statements
    .filter(ts.isClassDeclaration)
    .flatMap(type =>
      type.members
        .filter(member => member.name !== undefined && isHidden(member))
        .map(member => `${type.name?.text}.${member.name?.getText(tree)}`),
    )
}

const rooms = ['src/core', 'src/space', 'src/model']

/** `Class.member`. */
export const hiddenMembers: ReadonlySet<string> = new Set(
  rooms.flatMap(room =>
    readdirSync(room)
      .filter(name => name.endsWith('.ts'))
      .flatMap(name => hiddenIn(source(`${room}/${name}`))),
  ),
)
