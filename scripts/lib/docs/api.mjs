/** The reference from the docstrings of the three doors, by typedoc: a page a door, its names under the headings of its file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What users import the doors as, and the files they are. */
const doors = {
  mycelia: 'src/index.ts',
  'mycelia/market': 'src/market.ts',
  'mycelia/node': 'src/node.ts',
  'mycelia/spaces': 'src/spaces.ts',
}

/** Throws where typedoc cannot read the sources. */
export async function buildReference(root, out) {
  const { Application, Comment, CommentTag, Converter, LogLevel } = await import('typedoc')
  const sections = Object.values(doors).flatMap(file => sectionsOf(readFileSync(join(root, file), 'utf8')))
  const app = await Application.bootstrap({
    entryPoints: Object.values(doors).map(file => join(root, file)),
    tsconfig: join(root, 'tsconfig.json'),
    name: 'Mycelia: reference',
    readme: join(root, 'scripts/lib/docs/reference.md'),
    customCss: join(root, 'scripts/lib/docs/reference.css'),
    groupOrder: [...new Set(sections.map(({ title }) => title)), 'Constructors', 'Properties', 'Accessors', 'Methods', '*'],
    sort: ['kind', 'alphabetical'],
    useFirstParagraphOfCommentAsSummary: true,
    kindSortOrder: ['Class', 'Function', 'Variable', 'Namespace', 'Interface', 'TypeAlias'],
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    hideGenerator: true,
    skipErrorChecking: true,
    githubPages: false,
    includeHierarchySummary: false,
    navigation: { includeGroups: true },
    navigationLinks: { Documentation: '../index.html' },
    logLevel: LogLevel.Error,
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const door of project.children ?? []) {
      for (const reflection of door.children ?? []) file(door, reflection)
      describe(door)
    }
  })
  const file = (door, reflection) => {
    const at = sections.find(({ names }) => names.includes(reflection.name))
    if (at === undefined) throw new Error(`${door.name}: ${reflection.name} stands under no heading of its file.`)
    reflection.comment ??= new Comment()
    reflection.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: at.title }]))
  }
  /** What each heading holds, under it. */
  const describe = door => {
    const own = sections.filter(({ names, holds }) => holds !== '' && door.children?.some(({ name }) => names.includes(name)))
    door.comment ??= new Comment()
    for (const { title, holds } of own) {
      const text = `${title}\n${holds}.`
      door.comment.blockTags.push(new CommentTag('@groupDescription', [{ kind: 'text', text }]))
    }
  }
  const project = await app.convert()
  if (project === undefined) throw new Error(`typedoc could not read ${Object.values(doors).join(', ')}.`)
  const names = Object.keys(doors)
  for (const door of project.children ?? []) {
    const name = names.find(known => doors[known] === `src/${door.name}.ts`)
    if (name !== undefined) door.name = name
  }
  await app.generateDocs(project, out)
}

/** The headings of a door's file, `// title: what it holds` before its exports, with the names under each. */
function sectionsOf(text) {
  return text
    .split(/^\/\/ /m)
    .slice(1)
    .map(part => {
      const [heading = '', ...lines] = part.split('\n')
      const names = [...lines.join('\n').matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) => list.split(',').map(name => name.trim()))
      const [title, holds = ''] = heading.split(/: (.*)/)
      return { title: upper(title), holds: upper(holds), names }
    })
}

const upper = text => text.slice(0, 1).toUpperCase() + text.slice(1)
