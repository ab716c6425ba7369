/** `mycelia memory`: asks the past trades of a run, and keeps the store they are in. */

import type { Command } from 'commander'
import type { Io } from '../io.js'
import { runArgument, runOr } from './memory-run.js'
import { foundText, similarText } from './memory-text.js'
import { checkVerb, rebuildVerb } from './memory-upkeep.js'

export function memoryVerb(program: Command, io: Io): void {
  const memory = program
    .command('memory')
    .summary('ask past trades, and keep the store they are in')
    .description('Finds the past trades of a run that are like a trade or fit a question, and keeps the vector store in order.')
  similarVerb(memory, io)
  searchVerb(memory, io)
  rebuildVerb(memory, io)
  checkVerb(memory, io)
}

function similarVerb(memory: Command, io: Io): void {
  memory
    .command('similar')
    .summary('the past trades nearest to a trade')
    .description(
      'Lists the 20 finished trades of the mycelial portfolio that are most like a trade, of those that were closed before its entry; what each feature adds to their distance; and what their record does to a confidence.',
    )
    .argument('<trade-id>', 'a finished trade of the mycelial portfolio')
    .argument(...runArgument)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia memory similar mycelial:480:PatternLearner-7:0\n  mycelia memory similar mycelial:480:PatternLearner-7:0 runs/trifecta/latest --json\n',
    )
    .action(async (trade: string, run: string | undefined, { json }: { json?: boolean }) => {
      const { similarTrades } = await import('../../report/index.js')
      const similar = similarTrades(runOr(run), trade)
      io.out(json ? `${JSON.stringify(similar)}\n` : similarText(similar, io.size?.columns))
    })
}

function searchVerb(memory: Command, io: Io): void {
  memory
    .command('search')
    .summary('the past trades that fit a question')
    .description(
      'Lists the finished trades of the mycelial portfolio that fit a question of winning or losing, longs or shorts, a pair, a moat, an agent, a calm, normal or stormy market, and high or low features, by which they are ranked.',
    )
    .argument('<question>', 'such as "losing XBT longs at high RSI"')
    .argument(...runArgument)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia memory search "losing XBT longs at high RSI"\n  mycelia memory search "winning shorts of code in a stormy market" runs/trifecta/latest\n',
    )
    .action(async (question: string, run: string | undefined, { json }: { json?: boolean }) => {
      const { searchTrades } = await import('../../report/index.js')
      const found = searchTrades(runOr(run), question)
      io.out(json ? `${JSON.stringify(found)}\n` : foundText(found, io.size?.columns))
    })
}
