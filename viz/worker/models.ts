/** The models that run in a browser: every file of `scenarios/models`, and the tutorial's; each is loaded when it is run. */

import type { Scenario } from 'mycelia'

type Load = () => Promise<unknown>

const files: Readonly<Record<string, Load>> = {
  ...import.meta.glob('../../scenarios/models/*.ts', { import: 'default' }),
  ...import.meta.glob('../../scenarios/wealth.ts', { import: 'default' }),
}

const byName: ReadonlyMap<string, Load> = new Map(
  Object.entries(files).map(([path, load]) => [path.replace(/^.*\/|\.ts$/g, ''), load]),
)

export async function loadModel(name: string): Promise<Scenario> {
  const load = byName.get(name)
  if (load === undefined) throw new Error(`There is no model "${name}". Known: ${[...byName.keys()].sort().join(', ')}.`)
  return (await load()) as Scenario
}
