/** The order in which vitest begins files: a long one that is begun last leaves every core but one idle. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes half a minute or more on two cores, the slowest first. An order, not a limit: a name too few costs time and nothing else. */
const slow = [
  'cli/run',
  'docs/commands',
  'cli/broken-runs',
  'cli/usage',
  'world/live-crash',
  'world/journal-segments',
  'agents/swarm',
  'world/real-candles',
  'world/run',
  'world/live-standins',
  'world/replay-edits',
  'scenarios',
  'report/explain',
  'world/replay-differences',
  'world/live-peers',
].map(name => `/test/${name}.test.ts`)

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files)
    return rest.sort((a, b) => rank(a) - rank(b) || shared(a) - shared(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = slow.findIndex(name => moduleId.endsWith(name))
  return at < 0 ? slow.length : at
}

/** Files that share a process come together, and last: a worker changes from the one kind to the other once. */
function shared({ project }: TestSpecification): number {
  return Number(!project.config.isolate)
}
