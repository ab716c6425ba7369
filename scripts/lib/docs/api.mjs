/** The reference from the docstrings of the two public entries, by typedoc. */
import { join } from 'node:path'

/** What users import the two entries as. */
const publicNames = { index: 'mycelia', node: 'mycelia/node' }

/** Throws where typedoc cannot read the sources. */
export async function buildReference(root, out) {
  const { Application, LogLevel } = await import('typedoc')
  const app = await Application.bootstrap({
    entryPoints: ['src/index.ts', 'src/node.ts'].map(file => join(root, file)),
    tsconfig: join(root, 'tsconfig.json'),
    name: 'Mycelia: reference',
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    hideGenerator: true,
    skipErrorChecking: true,
    githubPages: false,
    navigationLinks: { Documentation: '../index.html' },
    logLevel: LogLevel.Error,
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('typedoc could not read src/index.ts and src/node.ts.')
  for (const entry of project.children ?? []) entry.name = publicNames[entry.name] ?? entry.name
  await app.generateDocs(project, out)
}
