/** `mycelia explain`: the story of a decision in sentences. */

import type { Command } from 'commander'
import type { ExplainedDecision, Explanation } from '../../report/index.js'
import type { Io } from '../io.js'
import { grouped } from '../text.js'

const examples = `
Examples:
  mycelia explain runs/trifecta/latest PatternLearner-7:480:0
  mycelia explain runs/trifecta/latest mycelial:480:PatternLearner-7:0
  mycelia explain runs/trifecta/latest SOLUSD@2024-05-01T10:00Z --portfolio synthesized
`

export function explainVerb(program: Command, io: Io): void {
  program
    .command('explain')
    .summary('why a decision was made, and what came of it')
    .description(
      'Tells a decision in sentences: what was seen, who proposed it, who agreed, which rule refused it or made it smaller, what came of it.',
    )
    .argument('<run-dir>', 'the directory of a run, simulated or live')
    .argument('<what>', 'an idea, a trade, or a pair at a time: the latest decision about it until then, in each portfolio')
    .option('--portfolio <name>', 'only the decisions of this portfolio')
    .option('--json', 'print one JSON object: the sentences, and the facts they are made of')
    .addHelpText('after', examples)
    .action(async (run: string, what: string, { json, portfolio }: { json?: boolean; portfolio?: string }) => {
      const { explainDecisions } = await import('../../report/index.js')
      const explanation = await explainDecisions(run, { what, portfolio })
      io.out(json ? `${JSON.stringify({ run, what, ...explanation })}\n` : asText(explanation))
    })
}

function asText({ total, decisions }: Explanation): string {
  const { length } = decisions
  const head =
    length < total ? `The newest ${length} of ${grouped(total)} decisions; a portfolio or a time narrows them.\n\n` : ''
  return head + decisions.map(paragraph).join('\n')
}

function paragraph({ sentences }: ExplainedDecision): string {
  return sentences.map(sentence => `${sentence}\n`).join('')
}
