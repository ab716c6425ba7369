/** The story of a decision in sentences, in the order in which things happened. */

import type { Cell, Row } from '../../core/index.js'
import { figureText } from '../figure-words.js'
import { houseRules } from '../gate/index.js'
import { actionWords, refusalReasons, refusalSentence } from '../reasons.js'
import { memorySentences } from './memory.js'
import { outcomeSentences } from './outcome.js'
import type { Finding, Story } from './story.js'
import { barsText, instantText, isNumber, isText, num, numberText, rises } from './words.js'

export function sentencesOf(story: Story): string[] {
  return [
    headOf(story.decision),
    ...seen(story),
    ...proposed(story),
    agreed(story),
    ...memorySentences(story),
    ...gate(story),
    ...did(story),
    ...outcomeSentences(story),
  ]
}

function headOf({ id, time, step, portfolio, pair }: Row): string {
  const at = step === null || step === undefined ? '' : ` (after step ${numberText(num(step))})`
  return `Decision ${num(id)}: at ${instantText(time)}${at} the ${portfolio} portfolio decided about ${pair}.`
}

const regimes = ['calm', 'normal', 'stormy']

function seen({ decision, idea }: Story): string[] {
  const { rsi, macd, bollinger, trend } = decision
  const known = [
    reading('a relative strength index of', rsi, 1),
    reading('a MACD histogram of', macd, 6),
    reading('a place in the Bollinger band of', bollinger, 2, ' (0 is the lower band, 1 the upper one)'),
    reading('an EMA of 24 bars minus that of 96 bars of', trend, 2, ' average true ranges'),
  ].filter(part => part !== '')
  const indicators = known.length === 0 ? 'No indicator was known yet.' : `Seen: ${joined(known)}.`
  if (idea === null) return [indicators]
  const range = Number.isNaN(num(idea.atr))
    ? ''
    : `; the average true range was ${figureText(num(idea.atr), 'share', 2)} of the price`
  return [indicators, `The market was ${regimes[num(idea.regime)] ?? 'of an unknown kind'}${range}.`]
}

function reading(name: string, cell: Cell | undefined, digits: number, after = ''): string {
  return isNumber(cell) ? `${name} ${figureText(cell, 'number', digits)}${after}` : ''
}

function proposed({ decision, idea, patterns }: Story): string[] {
  const { agent, idea_id, pair, direction, pattern } = decision
  const what = `${agent} proposed the idea ${idea_id}: ${pair} ${rises(direction)}`
  const first =
    idea === null
      ? `${what}. The idea itself is not in this record.`
      : `${what}, with a confidence of ${figureText(num(idea.confidence), 'share')}, within ${barsText(idea.horizon_bars)} of ${figureText(num(idea.bar_ms), 'time')}.`
  const expects =
    idea !== null && isNumber(idea.prediction)
      ? [
          `It expected a gross return of ${figureText(idea.prediction, 'share', Math.abs(idea.prediction) < 0.001 ? 4 : 2)} by then.`,
        ]
      : []
  return [first, ...expects, behind(pattern, patterns, idea)]
}

function behind(pattern: Cell | undefined, patterns: readonly Row[], idea: Row | null): string {
  if (!isText(pattern)) return 'Behind it stood indicators, and no pattern.'
  const others = patterns.filter(row => row.pattern !== pattern).length
  const more = others === 0 ? '' : ` and ${numberText(others)} more`
  const moats = isText(idea?.moats) && idea.moats !== '' ? `, of ${joined(idea.moats.split(' '))}` : ''
  return `Behind it stood the pattern ${pattern}${more}${moats}.`
}

function agreed({ decision, agreeingIdea }: Story): string {
  const { agreeing_idea_id, portfolio, confidence } = decision
  if (!isText(agreeing_idea_id)) return `The ${portfolio} portfolio acts on single ideas, so no other idea had to agree.`
  const mean = `the confidence of both together is their mean, ${figureText(num(confidence), 'share')}`
  if (agreeingIdea === null) return `The baseline idea ${agreeing_idea_id} agreed; ${mean}.`
  return `${agreeingIdea.agent} agreed in the idea ${agreeing_idea_id}, with a confidence of ${figureText(num(agreeingIdea.confidence), 'share')}; ${mean}.`
}

/** Outcomes for which the gate refused: a rule's code, or the kind of a lock. */
function isRefusal({ outcome }: Row, findings: readonly Finding[]): boolean {
  return houseRules.some(({ code }) => code === outcome) || findings.some(({ name }) => name === 'lock' || name === 'measured')
}

function gate(story: Story): string[] {
  const { decision, findings } = story
  const wanted = num(decision.wanted_e8)
  const want = wanted > 0 ? [`Wanted: ${figureText(wanted, 'quantity')} at the last known price.`] : []
  const passed = num(decision.rules_passed)
  const shrunk = shrinkages(findings, wanted)
  if (isRefusal(decision, findings)) return [...want, ...shrunk, ...refusal(story), before(passed)]
  if (passed === 0) return [...want, 'The rules of the gate were not asked.']
  return [...want, ...shrunk, `Rules of the gate that allowed it: ${passed}; none refused it.`]
}

function before(passed: number): string {
  return passed === 0 ? 'No rule of the gate was asked before.' : `Rules of the gate that allowed it before: ${passed}.`
}

function refusal({ decision, findings, lock }: Story): string[] {
  const code = String(decision.outcome)
  const lockId = findings.find(({ name }) => name === 'lock')?.value
  if (lockId !== undefined) return lockSentences(code, lockId, lock)
  const unit = houseRules.find(rule => rule.code === code)?.unit
  return [refusalSentence(code, found(findings, 'measured'), found(findings, 'limit'), unit), `So the rule ${code} refused it.`]
}

function lockSentences(code: string, id: string, rows: readonly Row[]): string[] {
  const sentences = [`The lock ${id} refused it. ${refusalReasons[code]?.says ?? `It is of the kind ${code}.`}`]
  const [began, ended] = [rows.find(row => row.on === true), rows.find(row => row.on === false)]
  if (began !== undefined) sentences.push(`It began at ${instantText(began.time)}: ${began.reason}. What ends it: ${began.ends}.`)
  if (ended !== undefined) sentences.push(`It ended at ${instantText(ended.time)}: ${ended.reason}.`)
  return sentences
}

/** Each rule that made the quantity smaller, with what it measured, and from which quantity to which. */
function shrinkages(findings: readonly Finding[], wanted: number): string[] {
  let before = wanted
  return findings.flatMap(({ name: code, value }) => {
    if (code.includes('.') || ['measured', 'limit', 'lock'].includes(code)) return []
    const after = Number(value)
    const change = `So the rule ${code} made the quantity smaller, from ${figureText(before, 'quantity')} to ${figureText(after, 'quantity')}.`
    before = after
    return [refusalSentence(code, found(findings, `${code}.measured`), found(findings, `${code}.limit`)), change]
  })
}

function found(findings: readonly Finding[], name: string): number {
  const value = findings.find(each => each.name === name)?.value
  return value === undefined ? Number.NaN : Number(value)
}

function did({ decision, findings }: Story): string[] {
  const { outcome, order_id, met_trade_id, direction, allowed_e8 } = decision
  const code = String(outcome)
  const action = actionWords[code]
  if (action === undefined) {
    const why = isRefusal(decision, findings) ? [] : [refusalReasons[code]?.says ?? `The reason has the code ${code}.`]
    return [...why, ...(isText(met_trade_id) ? [`It met the trade ${met_trade_id}.`] : []), 'Nothing was done.']
  }
  const side = direction === 1 ? 'buy' : 'sell'
  if (code === 'entry' || code === 'renewal') {
    const order = `The order ${order_id} is to ${side} ${figureText(num(allowed_e8), 'quantity')}.`
    return [action, order, ...(code === 'renewal' ? [`The position is that of the trade ${met_trade_id}.`] : [])]
  }
  return [action, `The trade is ${met_trade_id}.`]
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
